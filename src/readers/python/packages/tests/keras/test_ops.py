"""Every public name of keras.ops: read, or refused by name where a model goes through it."""

from __future__ import annotations

import unittest
from typing import Any

import keras
from gradient_lens.concrete import known
from gradient_lens.errors import ReadError
from gradient_lens.inert import Inert
from gradient_lens.reader import tracing
from gradient_lens.reader.patches import Patches
from gradient_lens.recorder import Recorder
from keras import ops
from keras._tensor import read

#: Keras 3.12, `keras/api/ops/__init__.py`.
NAMES = '''
associative_scan cast cond convert_to_numpy convert_to_tensor custom_gradient dtype fori_loop is_tensor map
saturate_cast scan scatter scatter_update shape slice slice_update stop_gradient switch unstack vectorized_map
while_loop rearrange cholesky cholesky_inverse det eig eigh inv jvp lstsq lu_factor norm qr solve solve_triangular svd
erf erfinv extract_sequences fft fft2 ifft2 in_top_k irfft istft logdet logsumexp rfft rsqrt segment_max segment_sum
stft top_k view_as_complex view_as_real adaptive_average_pool adaptive_max_pool average_pool batch_normalization
binary_crossentropy categorical_crossentropy celu conv conv_transpose ctc_decode ctc_loss depth_to_space
depthwise_conv dot_product_attention elu gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh
layer_normalization leaky_relu log_sigmoid log_softmax max_pool moments multi_hot normalize one_hot polar psnr relu
relu6 rms_normalization selu separable_conv sigmoid silu swish soft_shrink softmax softplus softsign space_to_depth
sparse_categorical_crossentropy sparse_plus sparse_sigmoid sparsemax squareplus tanh_shrink threshold unfold abs
absolute add all amax amin angle any append arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin
argpartition argsort array array_split average bartlett bincount bitwise_and bitwise_invert bitwise_left_shift
bitwise_not bitwise_or bitwise_right_shift bitwise_xor blackman broadcast_to cbrt ceil clip concatenate conj conjugate
copy corrcoef correlate cos cosh count_nonzero cross cumprod cumsum deg2rad diag diagflat diagonal diff digitize
divide divide_no_nan dot dstack einsum empty empty_like equal exp exp2 expand_dims expm1 eye flip floor floor_divide
full full_like gcd get_item greater greater_equal hamming hanning heaviside histogram hstack hypot identity imag inner
isclose isfinite isin isinf isnan isneginf isposinf isreal kaiser kron lcm ldexp left_shift less less_equal linspace
log log1p log2 log10 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor logspace matmul max maximum
mean median meshgrid min minimum mod moveaxis multiply nan_to_num nanmax nanmean nanmin nanprod nansum ndim negative
nextafter nonzero not_equal ones ones_like outer pad power prod ptp quantile ravel real reciprocal repeat reshape
right_shift roll rot90 round searchsorted select sign signbit sin sinh size slogdet sort split sqrt square squeeze
stack std subtract sum swapaxes take take_along_axis tan tanh tensordot tile trace transpose trapezoid tri tril triu
true_divide trunc unravel_index vander var vdot vectorize view vsplit vstack where zeros zeros_like
'''
REFUSED = '''
associative_scan cond convert_to_numpy custom_gradient dtype fori_loop map scan scatter scatter_update slice_update
switch vectorized_map while_loop rearrange cholesky cholesky_inverse det eig eigh inv jvp lstsq lu_factor qr solve
solve_triangular svd erfinv extract_sequences in_top_k irfft istft logdet rfft segment_max segment_sum
stft view_as_complex view_as_real adaptive_average_pool adaptive_max_pool batch_normalization ctc_decode ctc_loss
depth_to_space multi_hot polar psnr separable_conv space_to_depth sparse_categorical_crossentropy sparse_plus
sparse_sigmoid sparsemax unfold angle arccosh arcsinh arctanh argpartition argsort array_split bartlett bincount
bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor blackman cbrt
conj conjugate corrcoef correlate count_nonzero cross diag diagflat diagonal digitize dstack empty empty_like gcd
get_item hamming hanning heaviside histogram imag inner isclose isfinite isin isinf isneginf isposinf isreal kaiser
kron lcm ldexp left_shift logaddexp2 logspace median meshgrid nan_to_num nanmax nanmean nanmin nanprod nansum
nextafter nonzero ptp quantile real right_shift rot90 searchsorted select signbit slogdet sort trace trapezoid tri
trunc unravel_index vander vdot vectorize view vsplit
'''


def numbers(tensor: Any) -> list[float]:
    return [round(float(item), 5) for item in known(read(tensor)) or []]


class Names(unittest.TestCase):
    def test_each_has_its_outcome(self) -> None:
        refused = [name for name in NAMES.split() if isinstance(getattr(ops, name), Inert)]
        self.assertEqual(refused, REFUSED.split())

    def test_what_is_not_read_is_refused_where_a_model_goes_through_it(self) -> None:
        patches = self.enterContext(Patches())
        tracing.install(patches)
        for name in REFUSED.split():
            with self.subTest(name), Recorder('keras') as recorder:
                x = recorder.input('x', (2, 4))
                with self.assertRaises(ReadError) as caught:
                    getattr(ops, name)(x)
                self.assertIn(name, str(caught.exception))
            inputs = keras.Input((4,))
            with self.subTest(name), self.assertRaises(ReadError) as caught:
                keras.Model(inputs, getattr(ops, name)(inputs))
            self.assertIn(name, str(caught.exception))


class Spectra(unittest.TestCase):
    def test_values_by_hand(self) -> None:
        # The transform of (1, 2, 4, 8) is (15, -3 + 6i, -5, -3 - 6i).
        real = ops.convert_to_tensor([[1.0, 2.0, 4.0, 8.0]])
        zero = ops.zeros_like(real)
        first, second = ops.fft((real, zero))
        self.assertEqual(numbers(first), [15, -3, -5, -3])
        self.assertEqual(numbers(second), [0, 6, 0, -6])
        square = ops.convert_to_tensor([[1.0, 2.0], [3.0, 5.0]])
        both = ops.fft2((square, ops.zeros_like(square)))
        self.assertEqual(numbers(both[0]), [11, -3, -5, 1])
        back, rest = ops.ifft2(both)
        self.assertEqual((numbers(back), numbers(rest)), ([1, 2, 3, 5], [0, 0, 0, 0]))


class Pictures(unittest.TestCase):
    #: 3x4 pictures of two channels: 0 to 23.
    picture = ops.reshape(ops.arange(24), (1, 3, 4, 2))

    def test_patches(self) -> None:
        # Rows, then columns, then channels of a patch (the documentation of tf.image.extract_patches).
        import tensorflow as tf

        apart = ops.image.extract_patches(self.picture, 2)
        self.assertEqual(tuple(apart.shape), (1, 1, 2, 8))
        self.assertEqual(numbers(apart), [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15])
        over = tf.image.extract_patches(self.picture, [1, 2, 3, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID')
        self.assertEqual(tuple(over.shape), (1, 2, 2, 12))
        self.assertEqual(numbers(over)[36:], [10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23])
        wide = ops.image.extract_patches(self.picture, (1, 2), strides=(1, 1), dilation_rate=(1, 2))
        self.assertEqual(numbers(wide)[:8], [0, 1, 4, 5, 2, 3, 6, 7])
        # 3 rows by windows of 2 and steps of 2: one row of zeros below.
        same = ops.image.extract_patches(self.picture, 2, padding='same')
        self.assertEqual(tuple(same.shape), (1, 2, 2, 8))
        self.assertEqual(numbers(same)[16:24], [16, 17, 18, 19, 0, 0, 0, 0])

    def test_parts_and_turns(self) -> None:
        import tensorflow as tf

        self.assertEqual(numbers(tf.image.crop_to_bounding_box(self.picture, 1, 2, 2, 1)), [12, 13, 20, 21])
        padded = tf.image.pad_to_bounding_box(self.picture, 1, 0, 5, 4)
        self.assertEqual((tuple(padded.shape), numbers(padded)[:10]), ((1, 5, 4, 2), [0] * 8 + [0, 1]))
        self.assertEqual(numbers(tf.image.flip_left_right(self.picture))[:4], [6, 7, 4, 5])
        self.assertEqual(numbers(tf.image.flip_up_down(self.picture))[:2], [16, 17])
        self.assertEqual(tuple(tf.image.resize_with_crop_or_pad(self.picture, 2, 6).shape), (1, 2, 6, 2))
        self.assertEqual(tuple(tf.image.central_crop(self.picture, 0.5).shape), (1, 3, 2, 2))
        grey = tf.image.rgb_to_grayscale(ops.convert_to_tensor([[[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]]]))
        self.assertEqual(numbers(grey), [0.9999, 0.2989])
        flat = tf.image.per_image_standardization(ops.convert_to_tensor([[[1.0], [3.0]]]))
        self.assertEqual(numbers(flat), [-1, 1])

    def test_a_picture_of_its_own_size_is_what_it_is_resized_to(self) -> None:
        import tensorflow as tf

        read_in = tf.io.decode_jpeg(tf.io.read_file('cat.jpg'), channels=3)
        made = tf.image.random_flip_left_right(tf.image.resize(tf.cast(read_in, tf.float32) / 255.0, [32, 24]))
        self.assertEqual(tuple(made.shape), (32, 24, 3))
        self.assertIsInstance(tf.image.resize(tf.io.decode_jpeg(tf.io.read_file('cat.jpg')), [32, 24]), Inert)

    def test_a_picture_without_a_batch_is_resized(self) -> None:
        import tensorflow as tf

        self.assertEqual(tuple(tf.image.resize(ops.zeros((6, 8, 3)), (3, 4)).shape), (3, 4, 3))

    def test_what_is_drawn_for_each_picture_is_refused_in_a_model(self) -> None:
        import tensorflow as tf

        with Recorder('keras') as recorder, self.assertRaises(ReadError) as caught:
            tf.image.random_brightness(recorder.input('x', (2, 8, 8, 3)), 0.2)
        self.assertIn('random_brightness', str(caught.exception))


class Composed(unittest.TestCase):
    def test_values_by_hand(self) -> None:
        x = ops.convert_to_tensor([[1.0, 2.0, 4.0, 8.0]])
        wanted = {
            'log2': [0, 1, 2, 3], 'exp2': [2, 4, 16, 256], 'diff': [1, 2, 4], 'average': [3.75],
            'deg2rad': [0.01745, 0.03491, 0.06981, 0.13963], 'glu': [0.98201, 1.99933],
        }  # fmt: skip
        for name, values in wanted.items():
            with self.subTest(name):
                self.assertEqual(numbers(getattr(ops, name)(x)), values)
        half = ops.convert_to_tensor([[0.5, 0.25]])
        truth = ops.convert_to_tensor([[1.0, 0.0]])
        self.assertEqual(numbers(ops.binary_crossentropy(truth, half)), [0.69315, 0.28768])
        self.assertEqual(numbers(ops.binary_crossentropy(truth, half, from_logits=True)), [0.47408, 0.82594])
        self.assertEqual(numbers(ops.categorical_crossentropy(truth, half)), [0.40547])
        self.assertEqual(numbers(ops.logaddexp(half, truth)), [1.47408, 0.82594])
        self.assertEqual(numbers(ops.squareplus(truth)), [1.61803, 1.0])
        self.assertEqual(numbers(ops.hypot(ops.convert_to_tensor([3.0]), ops.convert_to_tensor([4.0]))), [5.0])

    def test_shapes(self) -> None:
        a, b = keras.Input((3,)), keras.Input((5, 2, 8))
        self.assertEqual(ops.hstack([a, a]).shape, (None, 6))
        self.assertEqual(ops.append(a, a, axis=1).shape, (None, 6))
        self.assertEqual(ops.dot_product_attention(b, b, b, is_causal=True).shape, (None, 5, 2, 8))
        self.assertEqual(ops.nn.layer_normalization(b).shape, (None, 5, 2, 8))
        self.assertEqual(ops.numpy.full_like(a, 2.0).ndim, 2)
        self.assertEqual(ops.ndim(b), 4)


if __name__ == '__main__':
    unittest.main()
