"""keras.applications: published sizes, and what the file's arguments change."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

import keras

from tests.reader.reading_case import ReadingCase

HEAD = 'import keras\nfrom keras import layers\nfrom keras.applications import *\n'

#: Parameters in all, as the documentation of Keras gives them for 1,000 classes.
_PUBLISHED = {
    'VGG16': 138_357_544, 'VGG19': 143_667_240, 'ResNet50': 25_636_712, 'ResNet101': 44_707_176, 'ResNet152': 60_419_944,
    'ResNet50V2': 25_613_800, 'ResNet101V2': 44_675_560, 'ResNet152V2': 60_380_648, 'MobileNet': 4_253_864, 'MobileNetV2': 3_538_984,
    'MobileNetV3Small': 2_554_968, 'MobileNetV3Large': 5_507_432, 'DenseNet121': 8_062_504, 'DenseNet169': 14_307_880,
    'DenseNet201': 20_242_984, 'Xception': 22_910_480, 'InceptionV3': 23_851_784, 'InceptionResNetV2': 55_873_736,
    'EfficientNetB0': 5_330_571, 'EfficientNetB1': 7_856_239, 'EfficientNetB2': 9_177_569, 'EfficientNetB3': 12_320_535,
    'EfficientNetB4': 19_466_823, 'EfficientNetB5': 30_562_527, 'EfficientNetB6': 43_265_143, 'EfficientNetB7': 66_658_687,
    'EfficientNetV2B0': 7_200_312, 'EfficientNetV2B1': 8_212_124, 'EfficientNetV2B2': 10_178_374, 'EfficientNetV2B3': 14_486_374,
    'EfficientNetV2S': 21_612_360, 'EfficientNetV2M': 54_431_388, 'EfficientNetV2L': 119_027_848, 'ConvNeXtTiny': 28_589_128,
    'ConvNeXtSmall': 50_223_688, 'ConvNeXtBase': 88_591_464,
}  # fmt: skip


class Applications(ReadingCase):
    def keras(self, text: str) -> Any:
        return self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py')

    def test_sizes_are_the_published_ones(self) -> None:
        for name, count in _PUBLISHED.items():
            with self.subTest(name):
                builder: Any = getattr(keras, 'applications')
                self.assertEqual(getattr(builder, name)(weights=None).count_params(), count)

    def test_a_pretrained_base_starts_as_nobody_knows_and_stays_frozen(self) -> None:
        model = self.only(self.keras('''
            base = VGG16(include_top=False, weights="imagenet", input_shape=(64, 64, 3))
            base.trainable = False
            model = keras.Sequential([base, layers.Flatten(), layers.Dense(1, activation="sigmoid")])
            model.compile(loss="binary_crossentropy")
        '''))
        parameters = model['graph']['parameters']
        self.assertEqual(self.inputs(model), [([2, 64, 64, 3], 'float', 'declared')])
        self.assertEqual([item['shape'] for item in parameters if item['trainable']], [[2 * 2 * 512, 1], [1]])
        self.assertEqual({item['initialiserOrigin'] for item in parameters if not item['trainable']}, {'checkpoint'})

    def test_layers_have_their_published_names(self) -> None:
        result = self.keras('''
            base = ResNet50(weights="imagenet", include_top=False)
            out = base.get_layer("conv4_block6_out").output
            model = keras.Model(base.input, layers.Dense(3)(layers.GlobalAveragePooling2D()(out)))
            places = [VGG19().get_layer("block5_conv4"), InceptionV3().get_layer("mixed7"), Xception().get_layer("block14_sepconv2_act"),
                      MobileNetV2().get_layer("block_13_expand_relu"), EfficientNetB0().get_layer("top_activation")]
        ''')
        self.assertEqual(result['problems'], [])
        self.assertEqual(self.only(result)['graph']['parameters'][-2]['shape'], [1024, 3])

    def test_pixels_are_prepared_in_the_model(self) -> None:
        for builder, home in (('MobileNetV2', 'mobilenet_v2'), ('ResNet50', 'resnet50'), ('DenseNet121', 'densenet')):
            model = self.only(self.keras(f'''
                base = {builder}(include_top=False, weights=None, pooling="avg", input_shape=(64, 64, 3))
                inputs = keras.Input((64, 64, 3))
                x = keras.applications.{home}.preprocess_input(layers.RandomFlip("horizontal")(inputs))
                model = keras.Model(inputs, layers.Dense(5)(base(x, training=False)))
            '''))
            self.assertEqual((model['graph']['inputs'][0]['low'], model['graph']['inputs'][0]['high']), (0, 255))

    def test_a_published_model_that_is_only_used_is_not_reported(self) -> None:
        self.assertEqual(self.keras('model = ResNet50()\nprint(model.predict(open("cat.jpg")))\n')['models'], [])
        trained = self.only(self.keras('''
            model = ResNet50(weights=None, classes=10, input_shape=(32, 32, 3))
            model.compile(loss="categorical_crossentropy")
        '''))
        self.assertEqual(trained['graph']['parameters'][-1]['shape'], [10])


if __name__ == '__main__':
    unittest.main()
