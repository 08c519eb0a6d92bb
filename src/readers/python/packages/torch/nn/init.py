"""`torch.nn.init`: what the file says about how parameters start."""

from __future__ import annotations

import math
import sys
from typing import Any

from gradient_lens.errors import BadArgument
from gradient_lens.initialisers import fan_in_out
from gradient_lens.spans import is_user_code
from gradient_lens.value import Value, drawn

from .. import _grad
from .._tensor import Tensor, assign
from .parameter import Parameter


def _set(tensor: Tensor, law: dict[str, Any]) -> Tensor:
    return _put(tensor, drawn(law, tuple(tensor.shape)))


def _put(tensor: Tensor, contents: Value) -> Tensor:
    """Sets a tensor's contents; called by the framework's own layers it is their default."""
    if isinstance(tensor, Parameter) and not _by_user():
        tensor.start(contents)
        return tensor
    with _grad.no_grad():
        return assign(tensor, contents)


def _by_user() -> bool:
    """Whether the user's code called in here, and not one of the framework's own layers."""
    frame = sys._getframe(1)
    while frame is not None:
        home = frame.f_globals.get('__name__', '')
        if home.startswith(('torch.', 'torchvision.')) and home != __name__:
            return False
        if is_user_code(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False


_GAINS: dict[str, float] = {
    **dict.fromkeys(
        'linear conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d sigmoid'.split(), 1.0
    ),
    'tanh': 5 / 3,
    'relu': math.sqrt(2),
    'selu': 3 / 4,
}


def calculate_gain(nonlinearity: str, param: Any = None) -> float:
    """The recommended gain of an activation; leaky ReLU: sqrt(2 / (1 + slope^2)) (He et al. 2015)."""
    if nonlinearity == 'leaky_relu':
        slope = 0.01 if param is None else float(param)
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        raise BadArgument(f'Unsupported nonlinearity {nonlinearity}')
    return _GAINS[nonlinearity]


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    if tensor.ndim < 2:
        raise BadArgument('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions')
    return fan_in_out(tuple(tensor.shape))


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    if mode.lower() not in ('fan_in', 'fan_out'):
        raise BadArgument(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return fan_in if mode.lower() == 'fan_in' else fan_out


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Tensor:
    return _set(tensor, {'kind': 'uniform', 'low': float(a), 'high': float(b)})


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Tensor:
    return _set(tensor, {'kind': 'normal', 'mean': float(mean), 'std': float(std)})


def trunc_normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, generator: Any = None
) -> Tensor:
    """N(mean, std^2) within [a, b]: absolute limits, not multiples of std."""
    law = {'kind': 'truncatedNormal', 'mean': float(mean), 'std': float(std), 'low': float(a), 'high': float(b)}
    return _set(tensor, law)


def constant_(tensor: Tensor, val: float) -> Tensor:
    return _set(tensor, {'kind': 'constant', 'value': float(val)})


def ones_(tensor: Tensor) -> Tensor:
    return _set(tensor, {'kind': 'constant', 'value': 1.0})


def zeros_(tensor: Tensor) -> Tensor:
    return _set(tensor, {'kind': 'constant', 'value': 0.0})


def eye_(tensor: Tensor) -> Tensor:
    if tensor.ndim != 2:
        raise BadArgument('Only tensors with 2 dimensions are supported')
    return _set(tensor, {'kind': 'identity', 'gain': 1})


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    if tensor.ndim not in (3, 4, 5):
        raise BadArgument('Only tensors with 3, 4, or 5 dimensions are supported')
    if tensor.shape[0] % groups:
        raise BadArgument('dim 0 must be divisible by groups')
    return _set(tensor, {'kind': 'dirac', 'groups': groups})


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """U(-a, a), a = gain sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio 2010)."""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    return _set(tensor, {'kind': 'uniform', 'low': -bound, 'high': bound})


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """N(0, std^2), std = gain sqrt(2 / (fan-in + fan-out)) (Glorot and Bengio 2010)."""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return _set(tensor, {'kind': 'normal', 'mean': 0.0, 'std': gain * math.sqrt(2 / (fan_in + fan_out))})


def kaiming_uniform_(
    tensor: Tensor, a: float = 0, mode: str = 'fan_in', nonlinearity: str = 'leaky_relu', generator: Any = None
) -> Tensor:
    """U(-b, b), b = gain sqrt(3 / fan) (He et al. 2015)."""
    if 0 in tensor.shape:
        return tensor
    bound = calculate_gain(nonlinearity, a) * math.sqrt(3 / _calculate_correct_fan(tensor, mode))
    return _set(tensor, {'kind': 'uniform', 'low': -bound, 'high': bound})


def kaiming_normal_(
    tensor: Tensor, a: float = 0, mode: str = 'fan_in', nonlinearity: str = 'leaky_relu', generator: Any = None
) -> Tensor:
    """N(0, std^2), std = gain / sqrt(fan) (He et al. 2015)."""
    if 0 in tensor.shape:
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(_calculate_correct_fan(tensor, mode))
    return _set(tensor, {'kind': 'normal', 'mean': 0.0, 'std': std})


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Any = None) -> Tensor:
    """Rows or columns orthonormal, times gain (Saxe et al. 2014)."""
    if tensor.ndim < 2:
        raise BadArgument('Only tensors with 2 or more dimensions are supported')
    if tensor.numel() == 0:
        return tensor
    return _set(tensor, {'kind': 'orthogonal', 'gain': float(gain), 'rows': tensor.shape[0]})


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Any = None) -> Tensor:
    if tensor.ndim != 2:
        raise BadArgument('Only tensors with 2 dimensions are supported')
    return _set(tensor, {'kind': 'sparse', 'sparsity': float(sparsity), 'std': float(std)})


# The names without underscore, deprecated since PyTorch 0.4.
uniform, normal, constant = uniform_, normal_, constant_
xavier_uniform, xavier_normal = xavier_uniform_, xavier_normal_
kaiming_uniform, kaiming_normal = kaiming_uniform_, kaiming_normal_
orthogonal, dirac, sparse = orthogonal_, dirac_, sparse_
