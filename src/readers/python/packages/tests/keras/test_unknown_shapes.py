"""Shapes that come whole from data that are not here: of as many axes as the layer takes that the input goes into."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'import numpy as np\nimport pandas as pd\nimport keras\nfrom keras import layers\ndata = pd.read_csv("data.csv").values\n'


class UnknownShapes(ReadingCase):
    def model(self, text: str) -> Any:
        return self.only(self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py'))

    def shape(self, model: Any) -> list[int]:
        return model['graph']['inputs'][0]['shape'][1:]

    def test_the_first_layer_says_how_many_axes(self) -> None:
        for first, wanted in (
            ('layers.Dense(3)', [32]),
            ('layers.LSTM(3)', [64, 16]),
            ('layers.Bidirectional(layers.GRU(3))', [64, 16]),
            ('layers.Conv1D(3, 5)', [64, 16]),
            ('layers.Conv2D(3, 5)', [64, 64, 3]),
            ('layers.TimeDistributed(layers.Conv2D(3, 5))', [16, 32, 32, 3]),
            ('layers.ConvLSTM2D(3, 5)', [16, 32, 32, 3]),
        ):
            with self.subTest(first):
                model = self.model(f'''
                    def build(shape):
                        inputs = keras.Input(shape)
                        return keras.Model(inputs, layers.Dense(2)(layers.Flatten()({first}(inputs))))
                    model = build(data.shape[1:])
                ''')
                self.assertEqual(self.shape(model), wanted)
                self.assertEqual(len(model['guesses']), 1)
                self.assertIn('is not known here', model['guesses'][0]['message'])

    def test_a_sequential_model_too(self) -> None:
        for text in (
            'model = keras.Sequential([layers.Conv2D(3, 5, input_shape=data.shape[1:]), layers.Flatten(), layers.Dense(2)])',
            'model = keras.Sequential([keras.Input(data.shape[1:]), layers.Conv2D(3, 5), layers.Flatten(), layers.Dense(2)])',
        ):
            self.assertEqual(self.shape(self.model(text)), [64, 64, 3])

    def test_axes_that_a_star_brings(self) -> None:
        model = self.model('''
            inputs = keras.Input((None, *data.shape[2:]))
            model = keras.Model(inputs, layers.ConvLSTM2D(3, 5, return_sequences=True)(inputs))
        ''')
        self.assertEqual(self.shape(model), [16, 32, 32, 3])

    def test_features_are_not_words(self) -> None:
        model = self.model('model = keras.Sequential([layers.Dense(3, input_dim=data.shape[1]), layers.Dense(1)])')
        self.assertEqual(self.shape(model), [16])

    def test_attention_over_what_several_layers_read(self) -> None:
        model = self.model('''
            inputs = keras.Input(data.shape[1:])
            x = layers.MultiHeadAttention(2, 4)(inputs, inputs) + inputs
            model = keras.Model(inputs, layers.Dense(2)(layers.GlobalAveragePooling1D()(x)))
        ''')
        self.assertEqual(self.shape(model), [64, 16])

    def test_a_layer_of_no_units_is_refused_as_keras_does(self) -> None:
        result = self.read_files({'m.py': HEAD + 'model = keras.Sequential([keras.Input((4,)), layers.Dense(len([]))])\n'}, 'm.py')
        self.assertIn('expected a positive integer', str(result))


if __name__ == '__main__':
    unittest.main()
