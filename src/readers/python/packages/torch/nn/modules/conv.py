"""Convolution layers."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import BadArgument

from ..._convert import size
from ..._tensor import Tensor, read, wrap
from .. import functional as F
from .._functional.common import tuple_of
from .._functional.convolutions import same_pads
from .._functional.images import pad_value
from .layer import Layer, parameter


class _ConvNd(Layer):
    _spatial = 0
    _transposed = False

    def _build(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any, padding: Any, dilation: Any,
        output_padding: Any, groups: int, bias: bool, padding_mode: str,
    ) -> None:  # fmt: skip
        super().__init__()
        count = self._spatial
        if groups <= 0:
            raise BadArgument('groups must be a positive integer')
        if in_channels % groups:
            raise BadArgument('in_channels must be divisible by groups')
        if out_channels % groups:
            raise BadArgument('out_channels must be divisible by groups')
        if padding_mode not in ('zeros', 'reflect', 'replicate', 'circular'):
            raise BadArgument(f"padding_mode must be one of ['zeros', 'reflect', 'replicate', 'circular'], but got padding_mode='{padding_mode}'")
        if isinstance(padding, str) and padding not in ('same', 'valid'):
            raise BadArgument(f"Invalid padding string '{padding}', should be one of ['valid', 'same']")
        self.in_channels, self.out_channels = size(in_channels), size(out_channels)
        self.kernel_size = tuple_of(kernel_size, count)
        self.stride = tuple_of(stride, count)
        self.padding = padding if isinstance(padding, str) else tuple_of(padding, count)
        self.dilation = tuple_of(dilation, count)
        self.output_padding = tuple_of(output_padding, count)
        self.groups, self.padding_mode = groups, padding_mode
        if padding == 'same' and any(n != 1 for n in self.stride):
            raise BadArgument("padding='same' is not supported for strided convolutions")
        if self._transposed:
            shape = (self.in_channels, self.out_channels // groups, *self.kernel_size)
        else:
            shape = (self.out_channels, self.in_channels // groups, *self.kernel_size)
        self.weight = parameter(shape)
        self.register_parameter('bias', parameter((self.out_channels,)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """U within 1/sqrt(fan-in), fan-in being that of `weight.shape[1:]` for transposed ones too, as in PyTorch."""
        self.start_weight_and_bias(math.prod(self.weight.shape[1:]))

    def _pads(self) -> list[list[int]]:
        if self.padding == 'same':
            return same_pads(self.kernel_size, self.dilation)
        if isinstance(self.padding, str):
            return [[0, 0] for _ in self.kernel_size]
        return [[n, n] for n in self.padding]

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        function = (F.conv1d, F.conv2d, F.conv3d)[self._spatial - 1]
        padding: Any = self.padding
        if self.padding_mode != 'zeros':
            lead = input.ndim - self._spatial
            pads = [[0, 0]] * lead + self._pads()
            input = wrap(pad_value(read(input), pads, self.padding_mode), input.dtype)
            padding = 0
        return function(input, weight, bias, self.stride, padding, self.dilation, self.groups)

    def _run_transposed(self, input: Tensor, output_size: Any) -> Tensor:
        function = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[self._spatial - 1]
        extra = self.output_padding
        if output_size is not None:
            wanted = list(output_size)[-self._spatial :]
            pads: Any = self.padding
            least = [
                (n - 1) * s - 2 * pad + d * (k - 1) + 1
                for n, s, pad, d, k in zip(
                    input.shape[-self._spatial :], self.stride, pads, self.dilation, self.kernel_size
                )
            ]
            extra = tuple(int(w) - n for w, n in zip(wanted, least))
            if any(e < 0 or e >= s for e, s in zip(extra, self.stride)):
                raise BadArgument(f'requested an output size of {wanted}, but valid sizes start at {least}')
        return function(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )

    def extra_repr(self) -> str:
        text = f'{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}'
        if self.padding != (0,) * self._spatial:
            text += f', padding={self.padding}'
        if self.dilation != (1,) * self._spatial:
            text += f', dilation={self.dilation}'
        if self.groups != 1:
            text += f', groups={self.groups}'
        if self.bias is None:
            text += ', bias=False'
        return text


class _Conv(_ConvNd):
    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
        groups: int = 1, bias: bool = True, padding_mode: str = 'zeros', device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        self._build(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias, padding_mode
        )

    def forward(self, input: Tensor) -> Tensor:
        return self._conv_forward(input, self.weight, self.bias)


class Conv1d(_Conv):
    _spatial = 1


class Conv2d(_Conv):
    _spatial = 2


class Conv3d(_Conv):
    _spatial = 3


class _ConvTranspose(_ConvNd):
    _transposed = True

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0,
        output_padding: Any = 0, groups: int = 1, bias: bool = True, dilation: Any = 1, padding_mode: str = 'zeros',
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        if padding_mode != 'zeros':
            raise BadArgument(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        self._build(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding, groups, bias, padding_mode
        )

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        return self._run_transposed(input, output_size)


class ConvTranspose1d(_ConvTranspose):
    _spatial = 1


class ConvTranspose2d(_ConvTranspose):
    _spatial = 2


class ConvTranspose3d(_ConvTranspose):
    _spatial = 3


class Unfold(Layer):
    """im2col."""

    def __init__(self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        super().__init__()
        self.kernel_size, self.dilation, self.padding, self.stride = kernel_size, dilation, padding, stride

    def forward(self, input: Tensor) -> Tensor:
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)


class Fold(Layer):
    """col2im."""

    def __init__(self, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        super().__init__()
        self.output_size = output_size
        self.kernel_size, self.dilation, self.padding, self.stride = kernel_size, dilation, padding, stride

    def forward(self, input: Tensor) -> Tensor:
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)
