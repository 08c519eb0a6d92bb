"""Weights worked out before each forward pass: weight norm and spectral norm, in the old form (hooks) and the new one."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.initialisers import initialiser_of, unknown
from gradient_lens.value import drawn

from ..._ops.reductions import norm
from ..._tensor import Tensor
from ..modules.module import Module
from ..parameter import Parameter, made_by_layer
from . import parametrize
from ._spectral import first_vector, spectrally_normalised


def _norm_except(tensor: Tensor, dim: int | None) -> Tensor:
    """||v|| over all axes but `dim`, kept for broadcasting; without `dim` a single number."""
    axes = [axis for axis in range(tensor.ndim) if axis != dim]
    return norm(tensor, 2, axes, dim is not None)


def _held(module: Any, name: str) -> Parameter:
    weight = module._parameters.get(name)
    if not isinstance(weight, Parameter):
        raise BadArgument(f'{type(module).__name__} has no parameter {name!r}')
    return weight


def _axis(dim: int | None) -> int | None:
    return None if dim in (None, -1) else dim


def _magnitude(weight: Parameter, dim: int | None) -> Parameter:
    """g, which starts as the norm of the weight."""
    shape = () if dim is None else tuple(n if i == dim else 1 for i, n in enumerate(weight.shape))
    magnitude = made_by_layer(shape)
    magnitude.start(drawn(_typical_norm(weight, shape), shape))
    return magnitude


class _Hook:
    """Sets the weight from its parts before each forward pass."""

    def __init__(self, name: str) -> None:
        self.name = name

    def weight(self, module: Any) -> Tensor:
        raise NotImplementedError

    def __call__(self, module: Any, inputs: Any) -> None:
        module.__dict__[self.name] = self.weight(module)

    def put_on(self, module: Any) -> Any:
        self(module, ())
        module.register_forward_pre_hook(self)
        return module


class _WeightNormHook(_Hook):
    def __init__(self, name: str, dim: int | None) -> None:
        super().__init__(name)
        self.dim = dim

    def weight(self, module: Any) -> Tensor:
        direction = getattr(module, f'{self.name}_v')
        return direction * (getattr(module, f'{self.name}_g') / _norm_except(direction, self.dim))


def weight_norm_by_hook(module: Any, name: str = 'weight', dim: int | None = 0) -> Any:
    """w = g v / ||v|| (Salimans and Kingma 2016)."""
    weight, axis = _held(module, name), _axis(dim)
    del module._parameters[name]
    module.register_parameter(f'{name}_g', _magnitude(weight, axis))
    module.register_parameter(f'{name}_v', weight)
    return _WeightNormHook(name, axis).put_on(module)


def _typical_norm(weight: Parameter, shape: tuple[int, ...]) -> dict[str, Any]:
    """sqrt(n E[x^2]): the norm of n independent draws, which scatters little where n is large."""
    law = initialiser_of(weight._record.contents)
    count = weight.numel() // max(1, math.prod(shape))
    if law['kind'] == 'uniform':
        low, high = law['low'], law['high']
        second = (low * low + low * high + high * high) / 3
    elif law['kind'] == 'constant':
        second = float(law['value']) ** 2
    elif law['kind'] == 'normal':
        second = law['mean'] ** 2 + law['std'] ** 2
    else:
        return unknown('weight norm of a weight whose initialisation is not followed', shape)
    return {'kind': 'constant', 'value': (count * second) ** 0.5}


def remove_weight_norm(module: Any, name: str = 'weight') -> Any:
    raise UnsupportedOp('remove_weight_norm')


def remove_spectral_norm(module: Any, name: str = 'weight') -> Any:
    raise UnsupportedOp('remove_spectral_norm')


class _WeightNorm(Module):
    def __init__(self, dim: int | None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, magnitude: Tensor, direction: Tensor) -> Tensor:
        return direction * (magnitude / _norm_except(direction, self.dim))

    def right_inverse(self, weight: Parameter) -> tuple[Parameter, Parameter]:
        return _magnitude(weight, self.dim), weight


def weight_norm(module: Any, name: str = 'weight', dim: int | None = 0) -> Any:
    """The parametrization of the same name; the parameters are `original0` (g) and `original1` (v)."""
    _held(module, name)
    return parametrize.register_parametrization(module, name, _WeightNorm(_axis(dim)))


class _SpectralHook(_Hook):
    def __init__(self, name: str, rounds: int, dim: int, eps: float) -> None:
        super().__init__(name)
        self.rounds, self.dim, self.eps = rounds, dim, eps

    def weight(self, module: Any) -> Tensor:
        own, start = getattr(module, f'{self.name}_orig'), getattr(module, f'{self.name}_u')
        return spectrally_normalised(own, start, self.dim, self.rounds, self.eps, module._span)


def _spectral_axis(module: Any, dim: int | None) -> int:
    """Where a weight's outputs lie."""
    return dim if dim is not None else int(type(module).__name__.startswith('ConvTranspose'))


def spectral_norm_by_hook(
    module: Any, name: str = 'weight', n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Any:
    """w / sigma(w) (Miyato et al. 2018, arXiv:1802.05957)."""
    weight, axis = _held(module, name), _spectral_axis(module, dim)
    del module._parameters[name]
    module.register_parameter(f'{name}_orig', weight)
    module.register_buffer(f'{name}_u', first_vector(weight.shape[axis]))
    module.register_buffer(f'{name}_v', first_vector(weight.numel() // weight.shape[axis]))
    return _SpectralHook(name, n_power_iterations, axis, eps).put_on(module)


class _SpectralNorm(Module):
    def __init__(self, weight: Tensor, n_power_iterations: int, dim: int, eps: float, span: Any) -> None:
        super().__init__()
        self.dim, self.n_power_iterations, self.eps, self.span = dim, n_power_iterations, eps, span
        if weight.ndim > 1:
            self.register_buffer('_u', first_vector(weight.shape[dim]))
            self.register_buffer('_v', first_vector(weight.numel() // weight.shape[dim]))

    def forward(self, weight: Tensor) -> Tensor:
        if weight.ndim == 1:
            return weight / norm(weight, 2, 0, True).clamp_min(self.eps)
        return spectrally_normalised(weight, self._u, self.dim, self.n_power_iterations, self.eps, self.span)


def spectral_norm(
    module: Any, name: str = 'weight', n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Any:
    weight, axis = _held(module, name), _spectral_axis(module, dim)
    made = _SpectralNorm(weight, n_power_iterations, axis, eps, module._span)
    return parametrize.register_parametrization(module, name, made)


def orthogonal(module: Any, *args: Any, **kwargs: Any) -> Any:
    raise UnsupportedOp('the orthogonal parametrization')


