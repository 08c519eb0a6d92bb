"""Static values are computed for real; large ones only where they are read."""

import math
import unittest
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.concrete import known as computed
from gradient_lens.value import STATIC_LIMIT, Value, constant, emit, source


def known(value: Value) -> list[Any]:
    """Elements of a value that is known."""
    elements = computed(value)
    assert elements is not None
    return elements


def matrix(rows: int, columns: int) -> Value:
    return constant(list(range(rows * columns)), (rows, columns), 'int')


class Concrete(unittest.TestCase):
    def test_broadcasting(self) -> None:
        column = constant([10, 20], (2, 1), 'int')
        row = constant([1, 2, 3], (3,), 'int')
        self.assertEqual(known(p.binary('add', column, row)), [11, 12, 13, 21, 22, 23])

    def test_middle_axis_broadcasts(self) -> None:
        value = constant([1, 2, 3, 4], (2, 1, 2), 'int')
        self.assertEqual(known(p.broadcast_to(value, (2, 3, 2))), [1, 2] * 3 + [3, 4] * 3)

    def test_permute_slice_and_put(self) -> None:
        turned = p.permute(matrix(2, 3), [1, 0])
        self.assertEqual(known(turned), [0, 3, 1, 4, 2, 5])
        part = p.cut_out(matrix(4, 4), [0, 1], [4, 4], [2, 2])
        self.assertEqual(known(part), [1, 3, 9, 11])
        put = p.put(matrix(2, 4), [0, 0], [2, 4], [1, 2], constant([-1, -2, -3, -4], (2, 2), 'int'))
        self.assertEqual(known(put), [-1, 1, -2, 3, -3, 5, -4, 7])

    def test_concat_gather_flip_roll_tile(self) -> None:
        self.assertEqual(known(p.concat([matrix(2, 1), matrix(2, 2)], 1)), [0, 0, 1, 1, 2, 3])
        self.assertEqual(known(p.gather(matrix(2, 3), constant([2, 0], (2,), 'int'), 1)), [2, 0, 5, 3])
        self.assertEqual(known(p.same('flip', matrix(2, 2), {'axes': [0]})), [2, 3, 0, 1])
        self.assertEqual(known(p.same('roll', matrix(1, 4), {'shifts': [1], 'axes': [1]})), [3, 0, 1, 2])
        tiled = emit('tile', {'repeats': [2, 2]}, (matrix(1, 2),), (2, 4), 'int')
        self.assertEqual(known(tiled), [0, 1, 0, 1] * 2)

    def test_triangles(self) -> None:
        ones = p.fill(1, (3, 3), 'int')
        self.assertEqual(known(p.same('tril', ones, {'diagonal': 0})), [1, 0, 0, 1, 1, 0, 1, 1, 1])
        self.assertEqual(known(p.same('triu', ones, {'diagonal': 1})), [0, 1, 1, 0, 0, 1, 0, 0, 0])

    def test_reductions(self) -> None:
        value = constant([1.0, 2.0, 3.0, 6.0], (2, 2), 'float')
        self.assertEqual(known(p.reduce('mean', value, [0], False)), [2.0, 4.0])
        self.assertEqual(known(p.reduce('sum', value, [0, 1], True)), [12.0])
        spread = p.reduce('standardDeviation', value, [1], False, {'correction': 1})
        self.assertAlmostEqual(known(spread)[1], math.sqrt(4.5))

    def test_products(self) -> None:
        self.assertEqual(known(p.matmul(matrix(2, 2), matrix(2, 2))), [2, 3, 6, 11])
        equation = emit('einsum', {'equation': 'ij,kj->ki'}, (matrix(2, 2), matrix(1, 2)), (1, 2), 'int')
        self.assertEqual(known(equation), [1, 3])

    def test_what_c_gives_where_python_raises(self) -> None:
        one, zero = p.fill(1.0, (), 'float'), p.fill(0.0, (), 'float')
        self.assertEqual(known(p.binary('div', one, zero)), [math.inf])
        self.assertEqual(known(p.unary('log', zero)), [-math.inf])
        self.assertTrue(math.isnan(known(p.binary('div', zero, zero))[0]))
        self.assertEqual(known(p.unary('exp', p.fill(1e4, (), 'float'))), [math.inf])

    def test_filled_tensors_of_any_size_stay_filled(self) -> None:
        huge = p.fill(2.0, (10**6, 10**6), 'float')
        self.assertEqual(known(p.binary('mul', huge, huge)), [4.0])

    def test_a_slice_of_a_large_table_is_computed_alone(self) -> None:
        rows, columns = 5000, 512
        self.assertGreater(rows * columns, STATIC_LIMIT)
        place = p.reshape(constant([float(i) for i in range(rows)], (rows,), 'float'), (rows, 1))
        speed = constant([1.0 / (k + 1) for k in range(columns // 2)], (columns // 2,), 'float')
        table = p.fill(0.0, (rows, columns), 'float')
        angle = p.binary('mul', place, speed)
        table = p.put(table, [0, 0], [rows, columns], [1, 2], p.unary('sin', angle))
        table = p.put(table, [0, 1], [rows, columns], [1, 2], p.unary('cos', angle))
        part = known(p.narrow(table, 0, 0, 3))
        self.assertEqual(len(part), 3 * columns)
        for row in range(3):
            for k in range(columns // 2):
                self.assertAlmostEqual(part[row * columns + 2 * k], math.sin(row / (k + 1)))
                self.assertAlmostEqual(part[row * columns + 2 * k + 1], math.cos(row / (k + 1)))

    def test_what_flows_in_is_not_known(self) -> None:
        flow = source('input', {'index': 0}, (2,), 'float', owner=None, live=True)
        self.assertIsNone(computed(p.binary('add', flow, p.fill(1.0, (), 'float'))))


if __name__ == '__main__':
    unittest.main()
