"""Rules of tables written as ops: every element as Python computes it, or no ops at all."""

import math
import unittest
from collections.abc import Callable, Sequence
from typing import Any

from gradient_lens.concrete import known
from gradient_lens.tables import table
from gradient_lens.tabulated import tabulated
from gradient_lens.value import Value, emit

SHAPE = (7, 6)


def written(rule: Callable[..., Any], shape: Sequence[int] = SHAPE, kind: str = 'float') -> Value | None:
    return tabulated(table(rule, shape, kind).node, emit)


class TabulatedTest(unittest.TestCase):
    def test_arithmetic_of_indices(self) -> None:
        rules: list[Callable[[Any, Any], Any]] = [
            lambda i, j: i / (10000 ** (2 * (j // 2) / 6)),
            lambda i, j: (i + 1) * 0.5 - j % 3 + 2,
            lambda i, j: -i * (3 - j) + 7 // (j + 1) - 2**i,
            lambda i, j: (i * j - 4) / 3 + (i - 2.5) * (j + 1),
            lambda i, j: 1 / (i + 1) / (j + 2),
            lambda i, j: abs(3) * i + float(2) * j + math.pi,
        ]
        for number, rule in enumerate(rules):
            with self.subTest(number):
                found = written(rule)
                assert found is not None
                elements = known(found) or []
                wanted = [rule(i, j) for i in range(7) for j in range(6)]
                self.assertEqual(len(elements), len(wanted))
                for got, expected in zip(elements, wanted):
                    self.assertAlmostEqual(got, expected, places=12)

    def test_three_axes(self) -> None:
        found = written(lambda i, j, k: i + 10 * j + 100 * k, (2, 3, 4))
        assert found is not None
        self.assertEqual(known(found), [i + 10 * j + 100 * k for i in range(2) for j in range(3) for k in range(4)])

    def test_whatever_decides_by_an_index_is_not_written(self) -> None:
        rules: list[Callable[[Any, Any], Any]] = [
            lambda i, j: 1.0 if i == 3 else i / (j + 1),
            lambda i, j: 1.0 if i != 3 else i / (j + 1),
            lambda i, j: i + j if i else -1.0,
            lambda i, j: (i + j) * (not i),
            lambda i, j: i + j if i in (3, 4) else -1.0,
            lambda i, j: i + j if i is j else -1.0,
            lambda i, j: max(i, 2) * 1.5 + j,
            lambda i, j: (0.5, 1.5, 0, 0, 0, 0, 0)[i] + j,
            lambda i, j: {0: 1.0}.get(i, 2.0) + j,
            lambda i, j: math.sin(i) + j,
            lambda i, j: float(i) + j,
            lambda i, j: i + j + (2 if 'x' in f'{j}' else 1),
            lambda i, j: (i + j) % 3,
            lambda i, j: (i + j) ** 2,
        ]
        for number, rule in enumerate(rules):
            with self.subTest(number):
                self.assertIsNone(written(rule))

    def test_what_python_stops_at_is_not_written(self) -> None:
        self.assertIsNone(written(lambda i, j: i / j))
        self.assertIsNone(written(lambda i, j: 1 / (i - 2) + j))
        self.assertIsNone(written(lambda i, j: (i + j) / (i - j)))
        self.assertIsNone(written(lambda i, j: i + 1e308 * 10 * j))

    def test_tables_of_one_axis_and_of_whole_numbers_are_not_written(self) -> None:
        self.assertIsNone(written(lambda i, j: i * 2.0))
        self.assertIsNone(written(lambda i, j: 3.0))
        self.assertIsNone(written(lambda i, j: i + j, kind='int'))


if __name__ == '__main__':
    unittest.main()
