"""Models of classes that nothing calls: what the functional models in them declare, else a question."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'import keras\nfrom keras import layers\n'


class FedByParts(ReadingCase):
    def keras(self, text: str) -> Any:
        return self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py')

    def named(self, text: str, name: str) -> Any:
        return next(model for model in self.keras(text)['models'] if model['entry'] == name)

    def test_the_input_of_a_part_is_that_of_the_whole(self) -> None:
        model = self.named('''
            encoder = keras.Sequential([keras.Input((12, 12, 2)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(5)])
            decoder = keras.Sequential([keras.Input((5,)), layers.Dense(288)])
            class Auto(keras.Model):
                def __init__(self, decoder, encoder):
                    super().__init__()
                    self.decoder, self.encoder = decoder, encoder
                def call(self, x):
                    return self.decoder(self.encoder(x))
            auto = Auto(decoder, encoder)
            auto.compile(loss="mse")
        ''', 'auto')
        self.assertIsNone(model['unread'], model['unread'])
        self.assertEqual(self.inputs(model), [([2, 12, 12, 2], 'float', 'solved')])
        self.assertEqual(model['guesses'], [])

    def test_a_part_behind_a_layer_that_takes_any_width_settles_nothing(self) -> None:
        model = self.named('''
            classifier = keras.Sequential([keras.Input((12,)), layers.Dense(1)])
            class Whole(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.dense = layers.Dense(12)
                    self.classifier = classifier
                def call(self, x):
                    return self.classifier(self.dense(x))
            whole = Whole()
        ''', 'whole')
        self.assertEqual([item['origin'] for item in model['graph']['inputs']], ['guessed'])
        self.assertEqual(model['graph']['parameters'][0]['shape'], [12, 12])

    def test_several_inputs_go_in_as_a_list(self) -> None:
        model = self.named('''
            one, two = keras.Input((6,)), keras.Input((4,))
            pair = keras.Model([one, two], layers.Dense(3)(layers.Concatenate()([one, two])))
            class Holder(keras.Model):
                def __init__(self, inner):
                    super().__init__()
                    self.inner = inner
                    self.head = layers.Dense(1)
                def call(self, inputs):
                    return self.head(self.inner(inputs))
            holder = Holder(pair)
            holder.compile(loss="mse")
        ''', 'holder')
        self.assertIsNone(model['unread'], model['unread'])
        self.assertEqual([item['shape'] for item in model['graph']['inputs']], [[2, 6], [2, 4]])

    def test_where_no_usual_shape_fits_the_shape_is_asked_for(self) -> None:
        result = self.keras('''
            class Odd(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.head = layers.Dense(2)
                def call(self, inputs):
                    return self.head(keras.ops.reshape(inputs, (-1, 7, 11, 13)))
            odd = Odd()
            odd.compile(loss="mse")
        ''')
        unread = result['models'][0]['unread']
        self.assertEqual(unread['code'], 'needs-input')
        self.assertIn('# gradient-lens: input=', unread['message'])


if __name__ == '__main__':
    unittest.main()
