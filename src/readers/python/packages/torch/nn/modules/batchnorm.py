"""Batch and instance normalisation."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import ShapeMismatch

from ..._convert import size
from ..._ops.creation import ones, zeros
from ..._tensor import Tensor, wrap
from .. import functional as F
from .layer import Layer, filled, parameter


class _NormBase(Layer):
    #: Ranks of input that the layer takes.
    _ranks: tuple[int, ...] = ()
    running_mean: Tensor | None
    running_var: Tensor | None

    def __init__(
        self, num_features: int, eps: float, momentum: float | None, affine: bool, track_running_stats: bool
    ) -> None:
        super().__init__()
        self.num_features = size(num_features)
        self.eps, self.momentum, self.affine = eps, momentum, affine
        self.track_running_stats = track_running_stats
        shape = (self.num_features,)
        self.register_parameter('weight', parameter(shape) if affine else None)
        self.register_parameter('bias', parameter(shape) if affine else None)
        self.register_buffer('running_mean', zeros(*shape) if track_running_stats else None)
        self.register_buffer('running_var', ones(*shape) if track_running_stats else None)
        count = wrap(p.fill(0, (), 'int')) if track_running_stats else None
        self.register_buffer('num_batches_tracked', count)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        self.start('weight', filled(1, (self.num_features,)))
        self.start('bias', filled(0, (self.num_features,)))

    def reset_running_stats(self) -> None:
        return None

    def _check_input_dim(self, input: Tensor) -> None:
        if self._ranks and input.ndim not in self._ranks:
            raise ShapeMismatch(
                f'expected {" or ".join(f"{n}D" for n in self._ranks)} input (got {input.ndim}D input)'
            )

    def extra_repr(self) -> str:
        return (
            f'{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, '
            f'track_running_stats={self.track_running_stats}'
        )


class _BatchNorm(_NormBase):
    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
        track_running_stats: bool = True, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats)

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        return F.batch_norm(
            input, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps
        )


class BatchNorm1d(_BatchNorm):
    _ranks = (2, 3)


class BatchNorm2d(_BatchNorm):
    _ranks = (4,)


class BatchNorm3d(_BatchNorm):
    _ranks = (5,)


class SyncBatchNorm(_BatchNorm):
    @classmethod
    def convert_sync_batchnorm(cls, module: Any, process_group: Any = None) -> Any:
        """Over one process it computes what batch norm computes."""
        return module


class _InstanceNorm(_NormBase):
    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False,
        track_running_stats: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats)

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        single = input.ndim == min(self._ranks)
        if input.shape[0 if single else 1] != self.num_features and self.affine:
            raise ShapeMismatch(
                f'expected input\'s size at dim={0 if single else 1} to match num_features ({self.num_features}), but got: '
                f'{input.shape[0 if single else 1]}.'
            )
        own = self.training or not self.track_running_stats
        batch = input.unsqueeze(0) if single else input
        result = F.instance_norm(
            batch, self.running_mean, self.running_var, self.weight, self.bias, own, self.momentum or 0.0, self.eps
        )
        return result.squeeze(0) if single else result


class InstanceNorm1d(_InstanceNorm):
    _ranks = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    _ranks = (3, 4)


class InstanceNorm3d(_InstanceNorm):
    _ranks = (4, 5)
