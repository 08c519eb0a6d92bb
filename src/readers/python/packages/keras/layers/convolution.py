"""Convolutions of one to three spatial dims: plain, depthwise, separable, transposed."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument

from .. import activations, initializers
from .._ops import neural
from .._tensor import read, value_of, wrap
from .core import activated
from .layer import Layer


class _Convolution(Layer):
    """What all convolutions share; `count` is the number of spatial dims."""

    count = 2

    @property
    def _data_axes(self) -> int | None:  # type: ignore[override]
        return self.count + 1

    def __init__(
        self, *, strides: Any, padding: str, data_format: Any, dilation_rate: Any, activation: Any, use_bias: bool,
        kernel_initializer: Any, bias_initializer: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        for option in (
            'kernel_regularizer', 'bias_regularizer', 'kernel_constraint', 'bias_constraint', 'depthwise_regularizer',
            'pointwise_regularizer', 'depthwise_constraint', 'pointwise_constraint',
        ):  # fmt: skip
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        self.strides = neural.tuple_of(strides, self.count, 'strides')
        self.padding = padding.lower()
        self.data_format = data_format
        self.dilation_rate = neural.tuple_of(dilation_rate, self.count, 'dilation_rate')
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.bias = None

    @property
    def layout(self) -> str:
        return neural.layout_of(self.data_format)

    def channels(self, shape: Any) -> int:
        return shape[-1] if self.layout == neural.LAST else shape[1]

    def start_bias(self, size: int) -> None:
        if self.use_bias:
            self.bias = self.weight('bias', (size,), self.bias_initializer, 'zeros')
        self.built = True

    def read_bias(self) -> Any:
        return None if self.bias is None else read(self.bias)


class _Conv(_Convolution):
    def __init__(
        self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = 'valid', data_format: Any = None,
        dilation_rate: Any = 1, groups: int = 1, activation: Any = None, use_bias: bool = True,
        kernel_initializer: Any = 'glorot_uniform', bias_initializer: Any = 'zeros', **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            strides=strides, padding=padding, data_format=data_format, dilation_rate=dilation_rate, activation=activation,
            use_bias=use_bias, kernel_initializer=kernel_initializer, bias_initializer=bias_initializer, **kwargs,
        )  # fmt: skip
        self.filters, self.groups = int(filters), int(groups)
        self.kernel_size = neural.tuple_of(kernel_size, self.count, 'kernel_size')
        if self.filters % self.groups:
            raise BadArgument(f'The number of filters ({filters}) must be divisible by the number of groups ({groups})')

    def build(self, input_shape: Any) -> None:
        shape = (*self.kernel_size, self.channels(input_shape) // self.groups, self.filters)
        self.kernel = self.weight('kernel', shape, self.kernel_initializer, 'glorot_uniform')
        self.start_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        made = neural.conv(
            value_of(inputs), read(self.kernel), self.read_bias(), self.strides, self.padding, self.dilation_rate, self.groups,
            self.layout,
        )  # fmt: skip
        return activated(self, wrap(made))


class Conv1D(_Conv):
    count = 1


class Conv2D(_Conv):
    count = 2


class Conv3D(_Conv):
    count = 3


class _Transposed(_Convolution):
    def __init__(
        self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = 'valid', output_padding: Any = None,
        data_format: Any = None, dilation_rate: Any = 1, activation: Any = None, use_bias: bool = True,
        kernel_initializer: Any = 'glorot_uniform', bias_initializer: Any = 'zeros', **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            strides=strides, padding=padding, data_format=data_format, dilation_rate=dilation_rate, activation=activation,
            use_bias=use_bias, kernel_initializer=kernel_initializer, bias_initializer=bias_initializer, **kwargs,
        )  # fmt: skip
        self.filters, self.output_padding = int(filters), output_padding
        self.kernel_size = neural.tuple_of(kernel_size, self.count, 'kernel_size')

    def build(self, input_shape: Any) -> None:
        shape = (*self.kernel_size, self.filters, self.channels(input_shape))
        self.kernel = self.weight('kernel', shape, self.kernel_initializer, 'glorot_uniform')
        self.start_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        made = neural.conv_transpose(
            value_of(inputs), read(self.kernel), self.read_bias(), self.strides, self.padding, self.output_padding,
            self.dilation_rate, self.layout,
        )  # fmt: skip
        return activated(self, wrap(made))


class Conv1DTranspose(_Transposed):
    count = 1


class Conv2DTranspose(_Transposed):
    count = 2


class Conv3DTranspose(_Transposed):
    count = 3


class _Depthwise(_Convolution):
    def __init__(
        self, kernel_size: Any, strides: Any = 1, padding: str = 'valid', depth_multiplier: int = 1, data_format: Any = None,
        dilation_rate: Any = 1, activation: Any = None, use_bias: bool = True, depthwise_initializer: Any = 'glorot_uniform',
        bias_initializer: Any = 'zeros', **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            strides=strides, padding=padding, data_format=data_format, dilation_rate=dilation_rate, activation=activation,
            use_bias=use_bias, kernel_initializer=depthwise_initializer, bias_initializer=bias_initializer, **kwargs,
        )  # fmt: skip
        self.depth_multiplier = int(depth_multiplier)
        self.kernel_size = neural.tuple_of(kernel_size, self.count, 'kernel_size')

    def build(self, input_shape: Any) -> None:
        channels = self.channels(input_shape)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.kernel = self.weight('kernel', shape, self.kernel_initializer, 'glorot_uniform')
        self.start_bias(channels * self.depth_multiplier)

    def call(self, inputs: Any) -> Any:
        made = neural.depthwise(
            value_of(inputs), read(self.kernel), self.read_bias(), self.strides, self.padding, self.dilation_rate, self.layout
        )
        return activated(self, wrap(made))


class DepthwiseConv1D(_Depthwise):
    count = 1


class DepthwiseConv2D(_Depthwise):
    count = 2


class _Separable(_Convolution):
    def __init__(
        self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = 'valid', data_format: Any = None,
        dilation_rate: Any = 1, depth_multiplier: int = 1, activation: Any = None, use_bias: bool = True,
        depthwise_initializer: Any = 'glorot_uniform', pointwise_initializer: Any = 'glorot_uniform',
        bias_initializer: Any = 'zeros', **kwargs: Any,
    ) -> None:  # fmt: skip
        # Keras 2 took one initialiser for both kernels.
        both = kwargs.pop('kernel_initializer', None)
        super().__init__(
            strides=strides, padding=padding, data_format=data_format, dilation_rate=dilation_rate, activation=activation,
            use_bias=use_bias, kernel_initializer=both or depthwise_initializer, bias_initializer=bias_initializer, **kwargs,
        )  # fmt: skip
        self.pointwise_initializer = initializers.get(both or pointwise_initializer)
        self.filters, self.depth_multiplier = int(filters), int(depth_multiplier)
        self.kernel_size = neural.tuple_of(kernel_size, self.count, 'kernel_size')

    def build(self, input_shape: Any) -> None:
        channels = self.channels(input_shape)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.depthwise_kernel = self.weight('depthwise_kernel', shape, self.kernel_initializer, 'glorot_uniform')
        shape = (*[1] * self.count, channels * self.depth_multiplier, self.filters)
        self.pointwise_kernel = self.weight('pointwise_kernel', shape, self.pointwise_initializer, 'glorot_uniform')
        self.start_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        deep = neural.depthwise(
            value_of(inputs), read(self.depthwise_kernel), None, self.strides, self.padding, self.dilation_rate, self.layout
        )
        made = neural.conv(deep, read(self.pointwise_kernel), self.read_bias(), 1, 'valid', 1, 1, self.layout)
        return activated(self, wrap(made))


class SeparableConv1D(_Separable):
    count = 1


class SeparableConv2D(_Separable):
    count = 2
