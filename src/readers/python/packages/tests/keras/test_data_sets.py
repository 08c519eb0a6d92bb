"""Data sets that are named, not held: `tensorflow_datasets`."""

from __future__ import annotations

import textwrap
from typing import Any

from tests.reader.reading_case import ReadingCase

_HEAD = """import keras
import tensorflow as tf
import tensorflow_datasets as tfds
from keras import layers
"""
_MODEL = """
model = keras.Sequential([layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(classes)])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(data)
"""


class NamedSetTest(ReadingCase):
    def fed(self, text: str) -> Any:
        result = self.read_files({'m.py': _HEAD + textwrap.dedent(text) + _MODEL}, 'm.py')
        model = self.only(result)
        return self.inputs(model), model['graph']['parameters'][-1]['shape'], model['guesses']

    def test_pictures_of_one_size(self) -> None:
        text = """
        (train, test), info = tfds.load("cifar10", split=["train", "test"], as_supervised=True, with_info=True)
        classes = info.features["label"].num_classes
        data = train.map(lambda x, y: (tf.cast(x, tf.float32) / 255.0, y)).batch(16)
        """
        self.assertEqual(self.fed(text), ([([2, 32, 32, 3], 'float', 'observed')], [10], []))

    def test_photographs_are_what_they_are_resized_to(self) -> None:
        text = """
        data = tfds.load("oxford_flowers102", split="train", shuffle_files=True)
        data = data.map(lambda item: (tf.image.resize(item["image"], (40, 48)) / 255.0, item["label"])).batch(16)
        classes = 102
        """
        self.assertEqual(self.fed(text), ([([2, 40, 48, 3], 'float', 'observed')], [102], []))

    def test_other_sets_stay_unknown(self) -> None:
        text = """
        data = tfds.load("my_own_set", split="train").batch(16)
        classes = 3
        """
        inputs, _, _ = self.fed(text)
        self.assertEqual([origin for _, _, origin in inputs], ['guessed'])
