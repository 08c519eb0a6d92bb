"""Data that are not here: what is known of their shape reaches the model."""

from __future__ import annotations

import textwrap
import unittest

from tests.reader.reading_case import ReadingCase

HEAD = 'import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n'


class Data(ReadingCase):
    def fed(self, text: str) -> list[tuple[list[int], str, str]]:
        """The inputs of the only model of a file."""
        return self.inputs(self.only(self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py')))

    def test_pictures_of_folders(self) -> None:
        for data in (
            'keras.utils.image_dataset_from_directory("train", image_size=(48, 40), batch_size=16)',
            'keras.preprocessing.image.ImageDataGenerator(rescale=1/255).flow_from_directory("train", target_size=(48, 40))',
        ):
            text = f'''
                model = keras.Sequential([layers.Conv2D(4, 3), layers.GlobalMaxPooling2D(), layers.Dense(1)])
                model.compile(loss="binary_crossentropy")
                model.fit({data}, epochs=3)
            '''
            self.assertEqual(self.fed(text), [([2, 48, 40, 3], 'float', 'observed')])

    def test_texts_become_numbers_of_a_known_length(self) -> None:
        text = '''
            texts = keras.utils.text_dataset_from_directory("aclImdb/train", batch_size=32)
            vectorize = layers.TextVectorization(max_tokens=500, output_mode="int", output_sequence_length=30)
            vectorize.adapt(texts.map(lambda x, y: x))
            numbers = texts.map(lambda x, y: (vectorize(tf.strings.lower(x)), y), num_parallel_calls=4).prefetch(1)
            inputs = keras.Input((None,), dtype="int64")
            model = keras.Model(inputs, layers.Dense(1)(layers.LSTM(4)(layers.Embedding(500, 8, mask_zero=True)(inputs))))
            model.compile(loss="binary_crossentropy")
            model.fit(numbers)
        '''
        self.assertEqual(self.fed(text), [([2, 30], 'int', 'observed')])

    def test_pairs_of_texts_by_name(self) -> None:
        text = '''
            pairs = [line.split() for line in open("spa.txt")]
            words = layers.TextVectorization(max_tokens=50, output_sequence_length=7)
            def make(pairs):
                one, other = zip(*pairs)
                data = tf.data.Dataset.from_tensor_slices((list(one), list(other))).batch(8)
                return data.map(lambda a, b: ({"a": words(a), "b": words(b)[:, :-1]}, words(b)[:, 1:]))
            a, b = keras.Input((None,), name="a"), keras.Input((None,), name="b")
            table = layers.Embedding(50, 4)
            model = keras.Model([a, b], layers.Dense(1)(layers.GlobalAveragePooling1D()(layers.Concatenate(1)([table(a), table(b)]))))
            model.compile(loss="mse")
            model.fit(make(pairs))
        '''
        self.assertEqual(self.fed(text), [([2, 7], 'int', 'observed'), ([2, 6], 'int', 'observed')])

    def test_a_generator_says_its_shapes(self) -> None:
        text = '''
            signature = (tf.TensorSpec(shape=(5, 3), dtype=tf.float32), tf.TensorSpec(shape=(), dtype=tf.float32))
            data = tf.data.Dataset.from_generator(lambda: None, output_signature=signature).batch(4).repeat()
            model = keras.Sequential([layers.LSTM(4), layers.Dense(1)])
            model.compile(loss="mse")
            model.fit(data, steps_per_epoch=10)
        '''
        self.assertEqual(self.fed(text), [([2, 5, 3], 'float', 'observed')])

    def test_windows_of_a_series(self) -> None:
        text = '''
            series = np.zeros((1000, 14))
            data = keras.utils.timeseries_dataset_from_array(series, None, sequence_length=24, batch_size=16)
            windows = keras.utils.timeseries_dataset_from_array(series[:-24], series[24:, 0], 24, batch_size=16)
            for x, y in windows:
                break
            model = keras.Sequential([keras.Input((24, x.shape[-1])), layers.GRU(4), layers.Dense(1)])
            model.compile(loss="mae")
            model.fit(windows)
        '''
        self.assertEqual(self.fed(text), [([2, 24, 14], 'float', 'observed')])


if __name__ == '__main__':
    unittest.main()
