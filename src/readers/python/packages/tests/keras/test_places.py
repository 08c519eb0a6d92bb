"""Where the ops of Keras models are said to stand: at the call of their layer, unless a function of the file makes them."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'import keras\nfrom keras import layers, ops\n'


class Places(ReadingCase):
    def lines(self, text: str) -> list[tuple[str, int]]:
        model: Any = self.only(self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py'))
        return [(node['op'], self.line(node['span'])) for node in model['graph']['nodes'] if node['op'] not in ('input', 'parameter')]

    def test_functional_layers_stand_where_they_are_called(self) -> None:
        found = self.lines('''
            inputs = keras.Input((4,))
            dense = layers.Dense(3, activation="tanh")
            x = dense(inputs)
            model = keras.Model(inputs, x)
        ''')
        self.assertEqual(found, [('linear', 6), ('tanh', 6)])

    def test_sequential_layers_stand_where_they_are_made(self) -> None:
        found = self.lines('''
            model = keras.Sequential([keras.Input((4,))])
            for _ in range(2):
                model.add(layers.Dense(3, activation="tanh"))
        ''')
        self.assertEqual(found, [('linear', 6), ('tanh', 6)] * 2)

    def test_an_activation_of_the_file_stands_where_it_is_written(self) -> None:
        found = self.lines('''
            def squashed(x):
                return ops.tanh(x) * 2.0
            inputs = keras.Input((4,))
            x = layers.Dense(3, activation=squashed)(inputs)
            model = keras.Model(inputs, x)
        ''')
        self.assertEqual(found[:2], [('linear', 7), ('tanh', 5)])

    def test_an_activation_that_is_set_late_as_well(self) -> None:
        found = self.lines('''
            def squashed(x):
                return ops.tanh(x)
            dense = layers.Dense(3)
            inputs = keras.Input((4,))
            x = dense(inputs)
            dense.activation = squashed
            model = keras.Model(inputs, x)
        ''')
        self.assertEqual(found, [('linear', 8), ('tanh', 5)])

    def test_a_layer_of_the_file_stands_where_its_ops_are_written(self) -> None:
        found = self.lines('''
            class Twice(layers.Dense):
                def call(self, x):
                    return ops.tanh(super().call(x))
            inputs = keras.Input((4,))
            model = keras.Model(inputs, Twice(3)(inputs))
        ''')
        self.assertEqual(found, [('linear', 6), ('tanh', 6)])


if __name__ == '__main__':
    unittest.main()
