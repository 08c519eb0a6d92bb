"""Every public layer of Keras 3, and those of Keras 2 that it dropped: read, or refused by its name."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

import keras
from keras.layers import Layer

from tests.reader.reading_case import ReadingCase

_READ = '''
Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D AveragePooling2D AveragePooling3D
BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D
Conv3DTranspose Cropping1D Cropping2D Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense
Embedding Flatten GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention Identity InputLayer LSTM LSTMCell Lambda Layer
LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum MultiHeadAttention Multiply Normalization
PReLU Permute RMSNormalization RNN RandomBrightness RandomColorJitter RandomContrast RandomCrop RandomErasing RandomFlip
RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomRotation RandomSaturation RandomShear RandomTranslation RandomZoom
ReLU RepeatVector Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D
SpatialDropout2D SpatialDropout3D StackedRNNCells Subtract TextVectorization TimeDistributed UnitNormalization UpSampling1D
UpSampling2D UpSampling3D Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D ThresholdedReLU CuDNNGRU CuDNNLSTM Convolution2D MaxPool2D
AvgPool2D GlobalAvgPool2D GlobalMaxPool2D ConvLSTM1D ConvLSTM2D ConvLSTM3D
SpectralNormalization
'''.split()  # fmt: skip
#: Classes of their own that say what they do not do, where it is asked of them.
_PARTLY = 'StringLookup IntegerLookup Hashing HashedCrossing'.split()
_REFUSED = '''
AugMix AutoContrast ConvLSTM2DCell CutMix DiscreteFourier Equalization FlaxLayer JaxLayer
LocallyConnected1D LocallyConnected2D MaxNumBoundingBoxes MelSpectrogram MixUp Pipeline RandAugment RandomElasticTransform
RandomPerspective RandomPosterization RandomSharpness Solarization STFTSpectrogram TFSMLayer TorchModuleWrapper
'''.split()  # fmt: skip


class Breadth(ReadingCase):
    def test_each_name_is_a_layer(self) -> None:
        layers: Any = keras.layers
        for name in (*_READ, *_PARTLY):
            with self.subTest(name):
                found = getattr(layers, name)
                self.assertTrue(isinstance(found, type) and issubclass(found, Layer))

    def test_what_is_not_read_is_refused_by_name(self) -> None:
        for name in _REFUSED:
            with self.subTest(name):
                text = f'''
                    import keras
                    from keras import layers
                    inputs = keras.Input((8, 8, 3))
                    model = keras.Model(inputs, layers.Dense(2)(layers.{name}(3)(inputs)))
                '''
                result = self.read_files({'m.py': textwrap.dedent(text)}, 'm.py')
                self.assertEqual([model['graph'] for model in result['models']], [None])
                self.assertIn(f'`keras.layers.{name}(', result['models'][0]['unread']['message'])
                self.assertEqual(self.line(result['models'][0]['unread']['span']), 5)

    def test_metrics_have_the_functional_losses(self) -> None:
        metrics: Any = keras.metrics
        for name in ('binary_crossentropy', 'categorical_crossentropy', 'mse', 'kl_divergence'):
            self.assertIs(getattr(metrics, name), getattr(keras.losses, name))

    def test_pictures_change_before_the_weights_only(self) -> None:
        text = '''
            import keras
            from keras import layers
            first = keras.Sequential([keras.Input((8, 8, 3)), layers.RandomRotation(0.1), layers.Conv2D(2, 3)])
            last = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(2, 3), layers.RandomRotation(0.1), layers.Conv2D(2, 3)])
        '''
        first, last = self.read_files({'m.py': textwrap.dedent(text)}, 'm.py')['models']
        self.assertIsNone(first['unread'])
        self.assertIn('`RandomRotation` behind layers with weights', last['unread']['message'])

    def test_cut_normals_are_drawn_as_such(self) -> None:
        text = '''
            import keras, tensorflow as tf
            class Own(keras.layers.Layer):
                def build(self, shape):
                    self.w = tf.Variable(tf.random.truncated_normal((shape[-1], 2), stddev=0.1))
                def call(self, x):
                    return x @ self.w
            model = keras.Sequential([keras.Input((4,)), Own()])
        '''
        model = self.only(self.read_files({'m.py': textwrap.dedent(text)}, 'm.py'))
        law = model['graph']['parameters'][0]['initialiser']
        self.assertEqual((law['kind'], law['low'], law['high']), ('truncatedNormal', -0.2, 0.2))


if __name__ == '__main__':
    unittest.main()
