"""Keras files whose data says something else about the input than the model: bytes, whole numbers, a shape that does not fit."""

from __future__ import annotations

import textwrap
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'import numpy as np\nimport keras\nfrom keras.layers import Dense, Embedding, Flatten\n'


class FedOtherwise(ReadingCase):
    def model(self, text: str) -> Any:
        return self.only(self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py'))

    def test_whole_numbers_that_are_amounts_are_fed_as_floats(self) -> None:
        model = self.model('''
            model = keras.Sequential([Dense(1, input_shape=(1,))])
            model.compile('sgd', 'mse')
            model.fit(np.array([1, 2, 3, 4]).reshape(4, 1), np.array([2, 4, 6, 8]).reshape(4, 1))
        ''')
        self.assertEqual(self.inputs(model), [([2, 1], 'float', 'observed')])

    def test_the_bytes_of_images_are_amounts(self) -> None:
        model = self.model('''
            (x, y), _ = keras.datasets.cifar10.load_data()
            model = keras.Sequential([Flatten(input_shape=(32, 32, 3)), Dense(10)])
            model.compile('sgd', 'mse')
            model.fit(x, y)
        ''')
        self.assertEqual(self.inputs(model), [([2, 32, 32, 3], 'float', 'observed')])

    def test_codes_stay_whole(self) -> None:
        model = self.model('''
            model = keras.Sequential([Embedding(9, 3, input_length=4), Flatten(), Dense(1)])
            model.compile('sgd', 'mse')
            model.fit(np.array([[1, 2, 3, 4]]), np.array([1]))
        ''')
        self.assertEqual(self.inputs(model), [([2, 4], 'int', 'observed')])

    def test_a_call_against_the_declared_input_is_said_and_the_model_read(self) -> None:
        model = self.model('''
            model = keras.Sequential([Dense(1, input_shape=(5,))])
            model(np.zeros((3,)))
        ''')
        self.assertEqual(self.inputs(model)[0][0], [2, 5])
        told = [guess for guess in model['graph']['guesses'] if 'is declared with the shape' in guess['message']]
        self.assertEqual([self.line(guess['span']) for guess in told], [6])

    def test_a_table_of_millions_is_read_at_once(self) -> None:
        model = self.model('''
            x = np.array([[1] * 128] * (10 ** 4) + [[0] * 128] * (10 ** 4))
            model = keras.Sequential([Dense(1, input_dim=128)])
            model.compile('sgd', 'mse')
            model.fit(x.astype('float32'), np.array([True] * (10 ** 4) + [False] * (10 ** 4)))
        ''')
        self.assertEqual(self.inputs(model), [([2, 128], 'float', 'observed')])

    def test_a_model_that_begins_within_one_of_open_size_is_as_open(self) -> None:
        text = '''
            inputs = keras.Input((%s, %s, 3))
            inner = keras.layers.Conv2D(4, 3)(inputs)
            pooled = keras.layers.GlobalAveragePooling2D()(inner)
            start = %s
            model = keras.Model(start, Dense(2)(keras.layers.GlobalAveragePooling2D()(inner) if start is inner else pooled))
        '''
        origins = [self.inputs(self.model(text % (size, size, start)))[0][2] for size, start in (('None', 'inner'), ('32', 'inner'), ('None', 'pooled'))]
        self.assertEqual(origins, ['guessed', 'declared', 'declared'])
