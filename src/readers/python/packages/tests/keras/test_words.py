"""Models that begin with texts, and vocabularies of which only the most is known."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n'


class Words(ReadingCase):
    def keras(self, text: str) -> Any:
        return self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py')

    def shapes(self, model: Any) -> list[list[int]]:
        return [item['shape'] for item in model['graph']['parameters']]

    def fed(self, model: Any) -> list[tuple[list[int], str, Any]]:
        return [(item['shape'], item['kind'], item.get('high')) for item in model['graph']['inputs']]

    def test_a_model_of_texts_begins_with_the_numbers_of_its_words(self) -> None:
        model = self.only(self.keras('''
            vectorize = layers.TextVectorization(max_tokens=500, output_sequence_length=30)
            vectorize.adapt(open("texts.txt").readlines())
            texts = keras.Input(shape=(1,), dtype=tf.string)
            x = layers.Embedding(500, 8)(vectorize(texts))
            model = keras.Model(texts, layers.Dense(1)(layers.GlobalAveragePooling1D()(x)))
        '''))
        self.assertEqual((self.fed(model), model['guesses']), ([([2, 30], 'int', 500)], []))
        self.assertEqual(self.shapes(model), [[500, 8], [8, 1], [1]])

    def test_a_trained_net_behind_the_words_is_a_model_of_its_own(self) -> None:
        result = self.keras('''
            vectorize = layers.TextVectorization(max_tokens=20, output_mode="multi_hot")
            inner = keras.Sequential([keras.Input((20,)), layers.Dense(3)])
            inner.compile(loss="mse")
            whole = keras.Sequential([vectorize, inner, layers.Activation("sigmoid")])
            whole.compile(loss="binary_crossentropy")
        ''')
        whole = next(model for model in result['models'] if model['entry'] == 'whole')
        self.assertEqual((self.fed(whole), whole['guesses']), ([([2, 20], 'float', None)], []))

    def test_categories_are_looked_up_by_name(self) -> None:
        model = self.only(self.keras('''
            kind = keras.Input((1,), name="kind", dtype="string")
            size = keras.Input((1,), name="size")
            hot = layers.StringLookup(vocabulary=["a", "b", "c"], output_mode="one_hot")(kind)
            model = keras.Model([kind, size], layers.Dense(2)(layers.Concatenate()([hot, size])))
        '''))
        self.assertEqual((self.fed(model), model['guesses']), ([([2, 1], 'int', 4), ([2, 1], 'float', None)], []))
        self.assertEqual(self.shapes(model), [[5, 2], [2]])

    def test_a_number_of_words_that_is_not_known_is_told(self) -> None:
        model = self.only(self.keras('''
            lookup = layers.StringLookup(output_mode="one_hot")
            lookup.adapt(open("words.txt").readlines())
            kind = keras.Input((1,), dtype="string")
            model = keras.Model(kind, layers.Dense(2)(lookup(kind)))
        '''))
        self.assertEqual(self.shapes(model), [[16, 2], [2]])
        self.assertIn('16 of them are assumed', model['guesses'][0]['message'])

    def test_words_in_the_middle_of_a_model_are_not_followed(self) -> None:
        result = self.keras('''
            texts = keras.Input((1,), dtype="string")
            x = layers.Embedding(50, 8)(layers.TextVectorization(50)(tf.strings.lower(texts)))
            model = keras.Model(texts, layers.Dense(1)(x))
        ''')
        self.assertIsNotNone(result['models'][0]['unread'])

    def test_a_known_vocabulary_is_given_back(self) -> None:
        model = self.only(self.keras('''
            lookup = layers.StringLookup(vocabulary=["a", "b"], mask_token="")
            model = keras.Sequential([keras.Input((5,), dtype="int64"), layers.Embedding(len(lookup.get_vocabulary()), 3)])
        '''))
        self.assertEqual((self.shapes(model), model['guesses']), ([[4, 3]], []))

    def test_the_most_of_a_vocabulary_decides_comparisons(self) -> None:
        text = '''
            vectorize = layers.TextVectorization(max_tokens=40, output_sequence_length=6)
            vectorize.adapt(open("texts.txt").readlines())
            words = vectorize.get_vocabulary()
            table = np.zeros((40, 5))
            known = {}
            for word, i in dict(zip(words, range(len(words)))).items():
                if i < {limit}:
                    vector = known.get(word)
                if vector is not None:
                    table[i] = vector
            first = keras.initializers.Constant(table)
            model = keras.Sequential([keras.Input((6,), dtype="int64"), layers.Embedding(40, 5, embeddings_initializer=first), layers.Dense(1)])
        '''
        self.assertEqual(self.only(self.keras(text.replace('{limit}', '40')))['guesses'], [])
        self.assertNotEqual(self.only(self.keras(text.replace('{limit}', '39')))['guesses'], [])

    def test_the_most_stands_for_the_size(self) -> None:
        model = self.only(self.keras('''
            vectorize = layers.TextVectorization(max_tokens=40)
            vectorize.adapt(open("texts.txt").readlines())
            size = len(vectorize.get_vocabulary()) + 1
            model = keras.Sequential([keras.Input((6,), dtype="int64"), layers.Embedding(size, 5)])
        '''))
        self.assertEqual(self.shapes(model), [[41, 5]])
        self.assertEqual(len(model['guesses']), 1)


if __name__ == '__main__':
    unittest.main()
