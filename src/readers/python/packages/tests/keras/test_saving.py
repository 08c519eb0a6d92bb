"""Models that a Keras file saves, describes and copies."""

from __future__ import annotations

import textwrap
from typing import Any

from tests.reader.reading_case import ReadingCase

_HEAD = """import keras
import numpy as np
from keras import layers
"""
_TRAINED = """
inputs = keras.Input((6,))
hidden = layers.Dense(4, activation="relu", kernel_initializer="he_normal")(inputs)
model = keras.Model(inputs, layers.Dense(3)(layers.Dropout(0.5)(hidden)))
model.compile("adam", loss="mse")
model.fit(np.zeros((40, 6)), np.zeros((40, 3)), callbacks=[keras.callbacks.ModelCheckpoint("best.keras")])
"""
_BEHIND = """
raw = keras.Input((8,))
whole = keras.Model(raw, loaded(layers.Dense(6)(raw)))
"""


class SavingTest(ReadingCase):
    def keras(self, *texts: str) -> Any:
        return self.read_files({'m.py': _HEAD + ''.join(map(textwrap.dedent, texts))}, 'm.py')

    def origins(self, model: Any) -> list[tuple[str, str]]:
        return [(item['name'], item['initialiserOrigin']) for item in model['graph']['parameters']]

    def test_a_model_that_was_saved_comes_back_with_unknown_weights(self) -> None:
        for path in ('"best.keras"', '"./best.keras"', 'pathlib.Path("best.keras")'):
            result = self.keras('import pathlib\n', _TRAINED, f'loaded = keras.models.load_model({path})\n', _BEHIND)
            self.assertEqual(self.entries(result), ['model', 'whole'])
            model, whole = result['models']
            self.assertEqual([origin for _, origin in self.origins(model)], ['file', 'default', 'default', 'default'])
            self.assertEqual([origin for _, origin in self.origins(whole)], ['default'] * 2 + ['checkpoint'] * 4)
            sizes = [item['shape'] for item in whole['graph']['parameters']]
            self.assertEqual(sizes, [[8, 6], [6], [6, 4], [4], [4, 3], [3]])
            self.assertEqual(whole['guesses'], [])

    def test_a_model_that_was_only_loaded_is_no_other(self) -> None:
        result = self.keras(_TRAINED, 'model = keras.models.load_model("best.keras")\nmodel.evaluate(np.zeros((4, 6)))\n')
        self.assertEqual(self.entries(result), ['model'])
        self.assertEqual(self.line(result['models'][0]['span']), 7)

    def test_fields_of_the_path(self) -> None:
        text = _TRAINED.replace('best.keras', 'at-{epoch:02d}-{val_loss:.2f}.keras')
        result = self.keras(text, 'loaded = keras.models.load_model("at-07-0.12.keras")\n', _BEHIND)
        self.assertEqual(self.entries(result), ['model', 'whole'])

    def test_what_was_not_saved_is_not_known(self) -> None:
        for line, word in (('load_model("other.keras")', 'load_model'), ('load_model(unheard)', 'unheard')):
            result = self.keras(_TRAINED, f'loaded = keras.models.{line}\n', _BEHIND)
            messages = [item['unread']['message'] for item in result['models'] if item['unread']]
            self.assertEqual(len(messages), 1, result)
            self.assertIn(word, messages[0])

    def test_weights_of_its_own_leave_the_start_as_it_is(self) -> None:
        start = _TRAINED.replace('model.fit', 'model.save_weights("start.h5")\nmodel.load_weights("start.h5")\nmodel.fit')
        for text in (start, _TRAINED + 'model.load_weights("best.h5")\n'):
            model = self.only(self.keras(text))
            self.assertEqual([origin for _, origin in self.origins(model)], ['file', 'default', 'default', 'default'])
        model = self.only(self.keras(_TRAINED.replace('model.fit', 'model.load_weights("published.h5")\nmodel.fit')))
        self.assertEqual({origin for _, origin in self.origins(model)}, {'checkpoint'})

    def test_copies(self) -> None:
        ways = (
            'keras.models.clone_model(model)', 'keras.Model.from_config(model.get_config())',
            'keras.models.model_from_json(model.to_json())',
        )  # fmt: skip
        for way in ways:
            result = self.keras(_TRAINED, f'loaded = {way}\n', _BEHIND)
            self.assertEqual(self.entries(result), ['model', 'whole'], way)
            whole = result['models'][1]
            self.assertEqual([origin for _, origin in self.origins(whole)], ['default'] * 2 + ['file'] + ['default'] * 3)

    def test_a_copy_that_is_trained_is_a_model(self) -> None:
        text = 'target = keras.models.clone_model(model)\ntarget.compile("sgd", loss="mse")\ntarget.fit(np.zeros((40, 6)), np.zeros((40, 3)))\n'
        result = self.keras(_TRAINED, text)
        self.assertEqual(self.entries(result), ['model', 'target'])
        self.assertEqual(result['models'][1]['graph']['recipe']['optimiser']['name'], 'SGD')

    def test_a_sequential_and_a_subclass_are_copied(self) -> None:
        text = """
        class Block(layers.Layer):
            def __init__(self):
                super().__init__()
                self.steps = [layers.Dense(5), layers.Dense(5)]
            def call(self, x):
                for step in self.steps:
                    x = step(x)
                return x
        model = keras.Sequential([keras.Input((6,)), Block(), layers.Bidirectional(layers.LSTM(3)), layers.Dense(2)])
        """
        text = text.replace('Block(), ', 'layers.Reshape((2, 3)), Block(), ')
        tail = 'model.save("m.keras")\nloaded = keras.models.load_model("m.keras")\n' + _BEHIND
        result = self.keras(text, tail)
        self.assertEqual(self.entries(result), ['model', 'whole'])
        shapes = [[item['shape'] for item in model['graph']['parameters']] for model in result['models']]
        self.assertEqual(shapes[1], [[8, 6], [6], *shapes[0]])
        text = """
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.first, self.second = layers.Dense(5), layers.Dense(2)
            def call(self, x):
                return self.second(self.first(x))
        model = Net()
        model(np.zeros((4, 6)))
        """
        result = self.keras(text, tail)
        origins = [[origin for _, origin in self.origins(model)] for model in result['models']]
        self.assertEqual(origins, [['default'] * 4, ['default'] * 2 + ['checkpoint'] * 4])

    def test_layers_of_keras_are_made_again_from_what_they_were_given(self) -> None:
        text = """
        first = layers.Conv1D(4, 3, padding="same", activation="relu")
        again = layers.Conv1D.from_config(first.get_config())
        model = keras.Sequential([keras.Input((8, 2)), again, layers.Flatten(), layers.Dense(3)])
        """
        model = self.only(self.keras(text))
        self.assertEqual(model['graph']['parameters'][0]['shape'], [3, 2, 4])
