"""Expressions that give a value back."""

import enum
import inspect
import math
import unittest
from dataclasses import dataclass, field, make_dataclass
from typing import Any

from gradient_lens.reader.assumptions import assumed_value
from gradient_lens.reader.spelling import Unspeakable, spell, spell_call


class Colour(enum.Enum):
    RED = 1


@dataclass
class Config:
    width: int
    depth: int = 3
    sizes: list[int] = field(default_factory=lambda: [1, 2])


def make(a: Any, b: int = 2, *rest: int, c: str = 'x', **more: Any) -> None:
    pass


class SpellingTest(unittest.TestCase):
    names: dict[str, Any] = {'Colour': Colour, 'Config': Config, 'make': make, 'm': math, 'N': int}

    def spelled(self, value: Any) -> str:
        return spell(value, self.names, lambda _: None)

    def test_gives_values_back(self) -> None:
        for value in (None, 3, -1.5, 'it\'s', True, (1,), (1, 2), [1, [2]], {'a': (1, 2)}, Colour.RED, Config(4), Config(1, sizes=[7])):
            self.assertEqual(eval(self.spelled(value), dict(self.names)), value)
        self.assertEqual(self.spelled(Config(4)), 'Config(width=4)')

    def test_names_of_classes_and_functions(self) -> None:
        self.assertEqual(self.spelled(make), 'make')
        self.assertEqual(self.spelled((int, dict)), '(N, dict)')

    def test_refuses_what_has_no_expression(self) -> None:
        for value in (object(), lambda: 1, make_dataclass('Other', ['a'])(1), [object()], list(range(500))):
            with self.assertRaises(Unspeakable):
                self.spelled(value)

    def test_call_keeps_what_differs_from_the_defaults(self) -> None:
        def call(*arguments: Any, **keywords: Any) -> str:
            bound = inspect.signature(make).bind(*arguments, **keywords)
            return spell_call('make', make, bound, self.names, lambda _: None)

        self.assertEqual(call(1), 'make(1)')
        self.assertEqual(call(1, 5), 'make(1, b=5)')
        self.assertEqual(call(1, c='y', z=3), "make(1, c='y', z=3)")
        self.assertEqual(call(a=1, b=2), 'make(1)')
        with self.assertRaises(Unspeakable):
            call(object())


class AssumptionsTest(unittest.TestCase):
    def test_names_people_use(self) -> None:
        def value(name: str, annotation: Any = inspect.Parameter.empty) -> Any:
            return assumed_value(inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation))

        for name in ('num_classes', 'n_classes', 'nclass', 'classes', 'numClasses', 'num_outputs', 'n_actions', 'output_dim'):
            self.assertEqual(value(name), 10, name)
        for name in ('in_channels', 'n_channels', 'inChannels', 'img_channels', 'in_planes'):
            self.assertEqual(value(name), 3, name)
        for name in ('vocab_size', 'n_vocab', 'ntoken', 'src_vocab_size', 'words'):
            self.assertEqual(value(name), 1000, name)
        self.assertEqual(value('input_dim'), 16)
        self.assertEqual(value('latent_dim'), 32)
        self.assertEqual(value('dropout', float), 0.1)
        self.assertEqual(value('n_heads', int), 4)
        for name, annotation in (('config', inspect.Parameter.empty), ('dropout', int), ('block', inspect.Parameter.empty)):
            with self.assertRaises(KeyError):
                value(name, annotation)


if __name__ == '__main__':
    unittest.main()
