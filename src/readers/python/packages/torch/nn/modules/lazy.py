"""Lazy layers: the first input tells the number of features, and the layer becomes its plain form."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import ShapeMismatch

from ..parameter import UninitializedParameter
from . import batchnorm, conv, linear
from .layer import Layer
from .module import Module


class LazyModuleMixin(Layer):
    """Keeps the arguments of the plain layer until the first call."""

    cls_to_become: type[Module]
    #: Axis of the input that tells the size.
    _axis = -1

    def _wait(self, *args: Any, bias: bool = True, **kwargs: Any) -> None:
        super().__init__()
        self._arguments = args, kwargs
        self.weight = UninitializedParameter()
        self.register_parameter('bias', UninitializedParameter() if bias else None)

    def has_uninitialized_params(self) -> bool:
        return True

    def _become(self, size: int) -> None:
        args, kwargs = self._arguments
        training, hooks, pre_hooks = self.training, self._forward_hooks, self._forward_pre_hooks
        del self._arguments
        self.__class__ = self.cls_to_become  # type: ignore[assignment]
        plain: Any = self
        plain.__init__(size, *args, **kwargs)
        self.training, self._forward_hooks, self._forward_pre_hooks = training, hooks, pre_hooks

    def forward(self, input: Any, *args: Any) -> Any:
        if input.ndim < 2:
            raise ShapeMismatch(f'{type(self).__name__} cannot tell its size from an input of shape {list(input.shape)}')
        self._become(input.shape[self._axis])
        return self.forward(input, *args)

    def extra_repr(self) -> str:
        return 'not yet called'


class LazyLinear(LazyModuleMixin):
    cls_to_become = linear.Linear

    def __init__(self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None) -> None:
        self._wait(out_features, bias, bias=bias)


class _LazyConv(LazyModuleMixin):
    def __init__(
        self, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1,
        bias: bool = True, padding_mode: str = 'zeros', device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        arguments = (out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)
        self._wait(*arguments, bias=bias)

    def forward(self, input: Any, *args: Any) -> Any:
        self._axis = input.ndim - 1 - self.cls_to_become._spatial  # type: ignore[attr-defined]
        return super().forward(input, *args)


class LazyConv1d(_LazyConv):
    cls_to_become = conv.Conv1d


class LazyConv2d(_LazyConv):
    cls_to_become = conv.Conv2d


class LazyConv3d(_LazyConv):
    cls_to_become = conv.Conv3d


class _LazyConvTranspose(_LazyConv):
    def __init__(
        self, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
        groups: int = 1, bias: bool = True, dilation: Any = 1, padding_mode: str = 'zeros', device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        arguments = (out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation, padding_mode)
        self._wait(*arguments, bias=bias)


class LazyConvTranspose1d(_LazyConvTranspose):
    cls_to_become = conv.ConvTranspose1d


class LazyConvTranspose2d(_LazyConvTranspose):
    cls_to_become = conv.ConvTranspose2d


class LazyConvTranspose3d(_LazyConvTranspose):
    cls_to_become = conv.ConvTranspose3d


class _LazyNorm(LazyModuleMixin):
    _axis = 1

    def __init__(
        self, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True, track_running_stats: bool = True,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        self._wait(eps, momentum, affine, track_running_stats, bias=affine)


class LazyBatchNorm1d(_LazyNorm):
    cls_to_become = batchnorm.BatchNorm1d


class LazyBatchNorm2d(_LazyNorm):
    cls_to_become = batchnorm.BatchNorm2d


class LazyBatchNorm3d(_LazyNorm):
    cls_to_become = batchnorm.BatchNorm3d


class _LazyInstanceNorm(_LazyNorm):
    def __init__(
        self, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False, track_running_stats: bool = False,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(eps, momentum, affine, track_running_stats)


class LazyInstanceNorm1d(_LazyInstanceNorm):
    cls_to_become = batchnorm.InstanceNorm1d


class LazyInstanceNorm2d(_LazyInstanceNorm):
    cls_to_become = batchnorm.InstanceNorm2d


class LazyInstanceNorm3d(_LazyInstanceNorm):
    cls_to_become = batchnorm.InstanceNorm3d
