"""Weight norm (Salimans and Kingma 2016): w = g v / ||v||, worked out before each forward pass."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.initialisers import initialiser_of, unknown
from gradient_lens.value import drawn

from ..._ops.reductions import norm
from ..._tensor import Tensor
from ..parameter import Parameter, made_by_layer


def _norm_except(tensor: Tensor, dim: int | None) -> Tensor:
    """||v|| over all axes but `dim`, kept for broadcasting."""
    axes = [axis for axis in range(tensor.ndim) if axis != dim]
    return norm(tensor, 2, axes, True)


class _WeightNorm:
    """The hook that sets the weight from its two parts."""

    def __init__(self, name: str, dim: int | None) -> None:
        self.name, self.dim = name, dim

    def __call__(self, module: Any, inputs: Any) -> None:
        magnitude = getattr(module, f'{self.name}_g')
        direction = getattr(module, f'{self.name}_v')
        module.__dict__[self.name] = direction * (magnitude / _norm_except(direction, self.dim))


def weight_norm(module: Any, name: str = 'weight', dim: int | None = 0) -> Any:
    weight = module._parameters.get(name)
    if not isinstance(weight, Parameter):
        raise BadArgument(f'{type(module).__name__} has no parameter {name!r}')
    axis = None if dim in (None, -1) else dim
    del module._parameters[name]
    shape = tuple(n if i == axis else 1 for i, n in enumerate(weight.shape)) if axis is not None else (1,) * weight.ndim
    magnitude = made_by_layer(shape)
    magnitude.start(drawn(_typical_norm(weight, shape), shape))
    hook = _WeightNorm(name, axis)
    module.register_parameter(f'{name}_g', magnitude)
    module.register_parameter(f'{name}_v', weight)
    hook(module, ())
    module.register_forward_pre_hook(hook)
    return module


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


def spectral_norm(module: Any, *args: Any, **kwargs: Any) -> Any:
    raise UnsupportedOp('spectral_norm', 'its power iteration keeps a state that is not followed')


def orthogonal(module: Any, *args: Any, **kwargs: Any) -> Any:
    raise UnsupportedOp('the orthogonal parametrization')
