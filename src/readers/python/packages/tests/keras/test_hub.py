"""KerasHub: its layers, and the architectures of its presets."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

from keras._hub.presets import Backbone, ImageClassifier, TextClassifier

from tests.keras.keras_case import names, shapes, traced
from tests.reader.reading_case import ReadingCase

HEAD = 'import keras\nimport keras_hub\nfrom keras import layers\n'
#: Parameters without the head, as the pages of the presets give them.
_PUBLISHED = {
    'resnet_18_imagenet': 11_186_112, 'resnet_50_imagenet': 23_561_152, 'resnet_101_imagenet': 42_605_504,
    'resnet_152_imagenet': 58_295_232, 'xception_41_imagenet': 20_861_480, 'vgg_16_imagenet': 14_714_688,
    'vgg_19_imagenet': 20_024_384, 'bert_tiny_en_uncased': 4_385_920, 'bert_small_en_uncased': 28_763_648,
    'bert_medium_en_uncased': 41_373_184, 'bert_base_en_uncased': 109_482_240, 'bert_base_en': 108_310_272,
    'bert_base_zh': 102_267_648, 'bert_base_multi': 177_853_440, 'bert_large_en_uncased': 335_141_888,
    'bert_large_en': 333_579_264, 'roberta_base_en': 124_052_736, 'roberta_large_en': 354_307_072,
    'distil_bert_base_en_uncased': 66_362_880, 'distil_bert_base_en': 65_190_912, 'distil_bert_base_multi': 134_734_080,
    'gpt2_base_en': 124_439_808, 'gpt2_medium_en': 354_823_168, 'gpt2_large_en': 774_030_080,
}  # fmt: skip


class Hub(ReadingCase):
    def keras(self, text: str) -> Any:
        return self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py')

    def test_sizes_are_the_published_ones(self) -> None:
        for name, count in _PUBLISHED.items():
            with self.subTest(name):
                backbone: Any = Backbone.from_preset(name)
                self.assertEqual(backbone.count_params(), count)

    def test_a_preset_of_pictures_below_a_new_head(self) -> None:
        model = self.only(self.keras('''
            base = keras_hub.models.Backbone.from_preset("resnet_18_imagenet", trainable=False)
            prepare = keras_hub.layers.ImageConverter.from_preset("resnet_18_imagenet", image_size=(64, 64))
            inputs = keras.Input((64, 64, 3))
            x = layers.GlobalAveragePooling2D()(base(prepare(inputs)))
            model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
            model.compile(loss="binary_crossentropy", optimizer="adam")
        '''))
        graph = model['graph']
        trained = [item for item in graph['parameters'] if item['trainable']]
        self.assertEqual(([item['shape'] for item in trained], model['guesses']), ([[512, 1], [1]], []))
        frozen = [item for item in graph['parameters'] if not item['trainable']]
        self.assertEqual({item['initialiserOrigin'] for item in frozen}, {'checkpoint'})

    def test_a_preset_of_texts_below_a_new_head(self) -> None:
        model = self.only(self.keras('''
            from pathlib import Path
            words = keras_hub.models.Tokenizer.from_preset("bert_tiny_en_uncased")
            base = keras_hub.models.Backbone.from_preset("distil_bert_base_en", trainable=True)
            texts = keras.utils.text_dataset_from_directory("train", batch_size=8)
            def prepare(text, label):
                pack = keras_hub.layers.StartEndPacker(sequence_length=24, return_padding_mask=True)
                numbers, mask = pack(words(text))
                return {"token_ids": numbers, "padding_mask": mask}, label
            outputs = layers.Dense(1, activation="sigmoid")(base(base.input)[:, 0, :])
            model = keras.Model(base.input, outputs)
            model.compile(loss="binary_crossentropy", optimizer="adam")
            model.fit(texts.map(prepare))
        '''))
        self.assertEqual([item['shape'] for item in model['graph']['inputs']], [[2, 24], [2, 24]])
        self.assertEqual((model['guesses'], len(model['graph']['parameters'])), ([], 4 + 6 * 16 + 2))

    def test_classifiers_have_the_heads_of_their_families(self) -> None:
        for preset, head in (('bert_tiny_en_uncased', [[128, 3], [3]]), ('distil_bert_base_en', [[768, 768], [768], [768, 3], [3]])):
            made: Any = TextClassifier.from_preset(preset, num_classes=3)
            self.assertEqual([list(weight.shape) for weight in made.weights[-len(head):]], head)
        whole: Any = ImageClassifier.from_preset('resnet_18_imagenet', num_classes=7)
        self.assertEqual(whole.count_params(), _PUBLISHED['resnet_18_imagenet'] + 513 * 7)

    def test_an_unknown_preset_is_told_by_its_call(self) -> None:
        result = self.keras('''
            base = keras_hub.models.Backbone.from_preset("gemma_2b_en")
            inputs = keras.Input((8,))
            model = keras.Model(inputs, layers.Dense(1)(base(inputs)))
        ''')
        self.assertIn('a preset is described by files', result['models'][0]['unread']['message'])

    def test_an_encoder_of_its_layers(self) -> None:
        graph = traced('''
            import keras_hub
            tokens = keras.Input((6,), dtype="int32")
            x = keras_hub.layers.TokenAndPositionEmbedding(vocabulary_size=30, sequence_length=10, embedding_dim=8)(tokens)
            x = keras_hub.layers.TransformerEncoder(intermediate_dim=16, num_heads=2, dropout=0.1, normalize_first=True)(x)
            model = keras.Model(tokens, x)
        ''', ((2, 6), 30))
        self.assertEqual(len(names(graph)), 2 + 8 + 4 + 4)
        self.assertEqual(names(graph)[:2], [
            'token_and_position_embedding/token_embedding/embeddings', 'token_and_position_embedding/position_embedding/embeddings',
        ])
        self.assertIn('transformer_encoder/self_attention_layer/query/kernel', names(graph))

    def test_a_decoder_crosses_where_it_is_given_a_sequence(self) -> None:
        graph = traced('''
            import keras_hub
            one, two = keras.Input((6, 8)), keras.Input((5, 8))
            x = keras_hub.layers.SinePositionEncoding()(one) + one
            model = keras.Model([one, two], keras_hub.layers.TransformerDecoder(16, 2)(x, two))
        ''', (2, 6, 8), (2, 5, 8))
        self.assertEqual(len(names(graph)), 8 + 2 + 8 + 2 + 4 + 2)
        self.assertIn('transformer_decoder/cross_attention/value/kernel', names(graph))

    def test_the_table_leads_back(self) -> None:
        graph = traced('''
            import keras_hub
            table = keras_hub.layers.ReversibleEmbedding(30, 8)
            tokens = keras.Input((6,), dtype="int32")
            model = keras.Model(tokens, table(table(tokens), reverse=True))
        ''', ((2, 6), 30))
        self.assertEqual(shapes(graph), {'embeddings': [30, 8]})


if __name__ == '__main__':
    unittest.main()
