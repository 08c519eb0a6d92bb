"""Keras models found in files as people write them."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n'


class Reading(ReadingCase):
    def keras(self, text: str, **request: Any) -> Any:
        return self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py', **request)

    def test_a_builder_declares_its_input(self) -> None:
        result = self.keras('''
            def build(width=8):
                inputs = keras.Input((6,), name="table")
                return keras.Model(inputs, layers.Dense(width)(inputs))
        ''')
        model = self.only(result)
        self.assertEqual((model['framework'], model['entry'], self.line(model['span'])), ('keras', 'build()', 6))
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'declared')])

    def test_compile_tells_loss_and_optimiser(self) -> None:
        model = self.only(self.keras('''
            model = keras.Sequential([layers.Dense(3, input_shape=(6,))])
            model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss=keras.losses.BinaryCrossentropy(from_logits=True))
        '''))
        recipe = model['graph']['recipe']
        self.assertEqual(recipe['loss']['kind'], 'bce-logits')
        kept = {key: recipe['optimiser'][key] for key in ('name', 'learningRate', 'momentum')}
        self.assertEqual(kept, {'name': 'SGD', 'learningRate': 0.1, 'momentum': 0.9})

    def test_fit_shows_the_shape_of_a_model_that_declares_none(self) -> None:
        model = self.only(self.keras('''
            class Net(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.out = layers.Dense(3)
                def call(self, x):
                    return self.out(x)
            net = Net()
            net.compile("adam", "mse")
            net.fit(np.zeros((100, 7), dtype="float32"), np.zeros((100, 3)), batch_size=10)
        '''))
        self.assertEqual(self.inputs(model), [([2, 7], 'float', 'observed')])

    def test_an_autoencoder_is_known_by_its_target(self) -> None:
        model = self.only(self.keras('''
            model = keras.Sequential([layers.Dense(3, input_shape=(6,)), layers.Dense(6)])
            model.compile("adam", "mse")
            x = np.zeros((100, 6))
            model.fit(x, x)
        '''))
        self.assertEqual(model['graph']['recipe']['loss']['kind'], 'reconstruct')

    def test_data_sets_have_their_shapes(self) -> None:
        model = self.only(self.keras('''
            (x, y), _ = keras.datasets.cifar10.load_data()
            model = keras.Sequential([layers.Flatten(), layers.Dense(10)])
            model.compile("adam", "sparse_categorical_crossentropy")
            model.fit(x / 255.0, y)
        '''))
        self.assertEqual(self.inputs(model), [([2, 32, 32, 3], 'float', 'observed')])

    def test_tf_data_is_followed(self) -> None:
        model = self.only(self.keras('''
            data = tf.data.Dataset.from_tensor_slices((np.zeros((100, 7)), np.zeros((100,))))
            data = data.shuffle(10).map(lambda a, b: (a * 2, b)).batch(16).prefetch(tf.data.AUTOTUNE)
            model = keras.Sequential([layers.Dense(10)])
            model.compile("adam", "mse")
            model.fit(data, epochs=3)
        '''))
        self.assertEqual(self.inputs(model), [([2, 7], 'float', 'observed')])

    def test_tokens_are_whole_numbers_below_the_table(self) -> None:
        model = self.only(self.keras('''
            ids = keras.Input((12,))
            model = keras.Model(ids, layers.Dense(1)(layers.LSTM(4)(layers.Embedding(50, 8)(ids))))
        '''))
        item = model['graph']['inputs'][0]
        self.assertEqual((item['kind'], item['high']), ('int', 50))

    def test_open_sizes_are_guessed_and_said(self) -> None:
        model = self.only(self.keras('''
            image = keras.Input((None, None, 3))
            model = keras.Model(image, layers.GlobalMaxPooling2D()(layers.Conv2D(4, 3)(image)))
        '''))
        self.assertEqual(self.inputs(model), [([2, 64, 64, 3], 'float', 'guessed')])
        self.assertIn('leaves a size open', model['guesses'][0]['message'])

    def test_trials_leave_no_weights_behind(self) -> None:
        model = self.only(self.keras('''
            class Net(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.a, self.b = layers.Dense(4), layers.Conv2D(5, 3)
                def call(self, x):
                    return self.b(self.a(x))
        '''))
        self.assertEqual(self.inputs(model), [([2, 32, 32, 3], 'float', 'guessed')])
        self.assertEqual([item['shape'] for item in model['graph']['parameters']], [[3, 4], [4], [3, 3, 4, 5], [5]])

    def test_a_builder_that_fails_is_told(self) -> None:
        result = self.keras('''
            def build():
                return keras.Sequential([keras.applications.NASNetMobile(), layers.Dense(3)])
        ''')
        (model,) = result['models']
        self.assertEqual((model['framework'], self.line(model['unread']['span'])), ('keras', 7))
        self.assertIn('NASNetMobile', model['unread']['message'])

    def test_parts_are_no_models(self) -> None:
        result = self.keras('''
            encoder = keras.Sequential([layers.Dense(3, input_shape=(6,))])
            whole = keras.Sequential([encoder, layers.Dense(6)])
        ''')
        self.assertEqual(self.entries(result), ['whole'])

    def test_an_entry_with_inputs(self) -> None:
        model = self.only(self.keras('''
            class Two(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.d = layers.Dense(3)
                def call(self, inputs):
                    a, b = inputs
                    return self.d(a) + self.d(b)
        ''', entry='Two()', inputs=[{'shape': [4, 5], 'kind': 'float'}, {'shape': [4, 5], 'kind': 'float'}]))
        self.assertEqual(self.inputs(model), [([4, 5], 'float', 'declared')] * 2)

    def test_arguments_named_as_the_reader_names_its_own(self) -> None:
        result = self.read_files({'m.py': """
            import keras
            from somewhere import load
            class Net(keras.Model):
                def __init__(self, module, layer, cls):
                    super().__init__()
                    self.inner, self.head = module, keras.layers.Dense(layer)
                def call(self, x):
                    return self.head(x)
            net = Net(module=load("x"), layer=3, cls=4)
            net.build((None, 5))
            """}, 'm.py')
        self.assertEqual(self.only(result)['graph']['parameters'][0]['shape'], [5, 3])

    def test_what_unknown_ops_give_is_no_layer_of_a_sequential(self) -> None:
        result = self.read_files({'m.py': """
            import keras
            from somewhere import work
            class Own(keras.layers.Layer):
                def call(self, x):
                    return work(x)
            model = keras.Sequential([keras.Input((5,)), Own(), keras.layers.Dense(2)])
            """}, 'm.py')
        [model] = result['models']
        self.assertIn('somewhere.work', model['unread']['message'])

    def test_counts_of_what_a_failed_loop_would_fill_are_not_known(self) -> None:
        result = self.read_files({'m.py': """
            import keras
            lines = open("pairs.txt").read().split("\\n")
            letters = set()
            for line in lines[: min(100, len(lines) - 1)]:
                for letter in line:
                    letters.add(letter)
            inputs = keras.Input((None, len(letters)))
            model = keras.Model(inputs, keras.layers.LSTM(8)(inputs))
            """}, 'm.py')
        self.assertTrue(all(model['guesses'] or model['unread'] for model in result['models']), result)
        shapes = [item['shape'] for model in result['models'] for item in (model['graph'] or {'inputs': []})['inputs']]
        self.assertTrue(all(0 not in shape for shape in shapes), shapes)


if __name__ == '__main__':
    unittest.main()
