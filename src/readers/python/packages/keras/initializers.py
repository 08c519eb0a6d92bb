"""keras.initializers: each says the law of the elements for a shape."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument
from gradient_lens.spans import Span, here
from gradient_lens.value import Value, drawn

from ._context import snake_case
from ._tensor import Tensor, value_of, wrap
from ._types import kind_of_dtype

#: Standard deviation of a normal cut at two deviations (Keras divides by it so that the cut one has the wanted variance).
_CUT = 0.87962566103423978


def compute_fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """Keras' `compute_fans`: kernels are [...kernel, in, out]."""
    if not shape:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


class Initializer:
    """Root class. A subclass of the user's is called with the shape and gives a tensor."""

    _span: Span | None = None

    def __new__(cls, /, *args: Any, **kwargs: Any) -> Any:
        made = object.__new__(cls)
        made._span = here()
        return made

    def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Tensor:
        sizes = tuple(int(n) for n in shape)
        return wrap(self._draw(sizes, kind_of_dtype(dtype)))

    def _draw(self, shape: tuple[int, ...], kind: str) -> Value:
        return p.cast(drawn(self._law(shape), shape), kind)

    def _law(self, shape: tuple[int, ...]) -> dict[str, Any]:
        raise NotImplementedError('An initializer needs `__call__`')

    def get_config(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if not key.startswith('_')}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)

    def clone(self) -> Any:
        return self


class Zeros(Initializer):
    def __init__(self) -> None:
        pass

    def _draw(self, shape: tuple[int, ...], kind: str) -> Value:
        return p.fill(0, shape, kind)


class Ones(Initializer):
    def __init__(self) -> None:
        pass

    def _draw(self, shape: tuple[int, ...], kind: str) -> Value:
        return p.fill(1, shape, kind)


class Constant(Initializer):
    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def _draw(self, shape: tuple[int, ...], kind: str) -> Value:
        value = value_of(self.value, kind)
        return p.fill(self.value, shape, kind) if isinstance(self.value, (int, float)) else p.broadcast_to(p.cast(value, kind), shape)


class RandomNormal(Initializer):
    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        self.mean, self.stddev, self.seed = mean, stddev, seed

    def _law(self, shape: tuple[int, ...]) -> dict[str, Any]:
        return {'kind': 'normal', 'mean': float(self.mean), 'std': float(self.stddev)}


def _cut_normal(mean: float, std: float) -> dict[str, Any]:
    return {'kind': 'truncatedNormal', 'mean': mean, 'std': std, 'low': mean - 2 * std, 'high': mean + 2 * std}


class TruncatedNormal(RandomNormal):
    def _law(self, shape: tuple[int, ...]) -> dict[str, Any]:
        return _cut_normal(float(self.mean), float(self.stddev))


class RandomUniform(Initializer):
    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        self.minval, self.maxval, self.seed = minval, maxval, seed

    def _law(self, shape: tuple[int, ...]) -> dict[str, Any]:
        return {'kind': 'uniform', 'low': float(self.minval), 'high': float(self.maxval)}


class VarianceScaling(Initializer):
    """Variance scale / n, where n is fan-in, fan-out or their mean (He et al. 2015, Glorot & Bengio 2010)."""

    def __init__(self, scale: float = 1.0, mode: str = 'fan_in', distribution: str = 'truncated_normal', seed: Any = None) -> None:
        if scale <= 0:
            raise BadArgument(f'Argument `scale` must be positive float. Received: scale={scale}')
        if mode not in ('fan_in', 'fan_out', 'fan_avg'):
            raise BadArgument(f'Invalid `mode` argument: {mode}')
        self.scale, self.mode, self.distribution, self.seed = scale, mode, distribution.lower(), seed

    def _law(self, shape: tuple[int, ...]) -> dict[str, Any]:
        fan_in, fan_out = compute_fans(shape)
        n = {'fan_in': fan_in, 'fan_out': fan_out, 'fan_avg': (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, n)
        if self.distribution in ('truncated_normal', 'normal'):
            return _cut_normal(0.0, math.sqrt(variance) / _CUT)
        if self.distribution == 'untruncated_normal':
            return {'kind': 'normal', 'mean': 0.0, 'std': math.sqrt(variance)}
        if self.distribution != 'uniform':
            raise BadArgument(f'Invalid `distribution` argument: {self.distribution}')
        bound = math.sqrt(3 * variance)
        return {'kind': 'uniform', 'low': -bound, 'high': bound}


def _scheme(name: str, scale: float, mode: str, distribution: str) -> type[VarianceScaling]:
    def __init__(self: VarianceScaling, seed: Any = None) -> None:
        VarianceScaling.__init__(self, scale, mode, distribution, seed)

    return type(name, (VarianceScaling,), {'__init__': __init__, '__module__': __name__})


GlorotUniform = _scheme('GlorotUniform', 1.0, 'fan_avg', 'uniform')
GlorotNormal = _scheme('GlorotNormal', 1.0, 'fan_avg', 'truncated_normal')
HeNormal = _scheme('HeNormal', 2.0, 'fan_in', 'truncated_normal')
HeUniform = _scheme('HeUniform', 2.0, 'fan_in', 'uniform')
LecunNormal = _scheme('LecunNormal', 1.0, 'fan_in', 'truncated_normal')
LecunUniform = _scheme('LecunUniform', 1.0, 'fan_in', 'uniform')


class Orthogonal(Initializer):
    """Saxe et al. 2014; all axes but the last are rows."""

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        self.gain, self.seed = gain, seed

    def _law(self, shape: tuple[int, ...]) -> dict[str, Any]:
        if len(shape) < 2:
            raise BadArgument(f'The tensor to initialize must be at least two-dimensional. Received: shape={shape}')
        return {'kind': 'orthogonal', 'gain': float(self.gain), 'rows': math.prod(shape[:-1])}


class Identity(Initializer):
    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def _law(self, shape: tuple[int, ...]) -> dict[str, Any]:
        return {'kind': 'identity', 'gain': float(self.gain)}


class UnitForgetBias(Initializer):
    """The bias of an LSTM: zeros, and ones for the forget gate (the second of four; Jozefowicz et al. 2015)."""

    def __init__(self, base: Any) -> None:
        self.base = base

    def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Tensor:
        units = int(shape[0]) // 4
        parts = [value_of(self.base((units,), dtype=dtype)), p.fill(1.0, (units,), 'float'), value_of(self.base((2 * units,), dtype=dtype))]
        return wrap(p.concat(parts, 0))


class Contracted(Initializer):
    """For kernels that einsum contracts over several axes: fans are those of the matrix [in, out] (Keras 3's EinsumDense)."""

    def __init__(self, base: Any, fan_in: int, fan_out: int) -> None:
        self.base, self.fans = base, (fan_in, fan_out)
        self._span = getattr(base, '_span', None)

    def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Tensor:
        if not isinstance(self.base, VarianceScaling):
            return self.base(shape, dtype=dtype)
        return wrap(drawn(self.base._law(self.fans), tuple(shape)))


#: Schemes by the names that Keras 2 and 3 know.
_CLASSES: dict[str, Any] = {
    cls.__name__: cls
    for cls in (
        Zeros, Ones, Constant, RandomNormal, TruncatedNormal, RandomUniform, VarianceScaling, GlorotUniform, GlorotNormal,
        HeNormal, HeUniform, LecunNormal, LecunUniform, Orthogonal, Identity,
    )
}  # fmt: skip
_BY_NAME = {snake_case(name): cls for name, cls in _CLASSES.items()}
_BY_NAME.update({'zero': Zeros, 'one': Ones, 'normal': RandomNormal, 'uniform': RandomUniform, 'identity': Identity, 'orthogonal': Orthogonal})
zeros, ones, constant, identity, orthogonal = Zeros, Ones, Constant, Identity, Orthogonal
random_normal, random_uniform, truncated_normal, variance_scaling = RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling
glorot_uniform, glorot_normal, he_normal, he_uniform = GlorotUniform, GlorotNormal, HeNormal, HeUniform
lecun_normal, lecun_uniform = LecunNormal, LecunUniform
random_normal_initializer, random_uniform_initializer, constant_initializer = RandomNormal, RandomUniform, Constant
zeros_initializer, ones_initializer = Zeros, Ones


def get(identifier: Any) -> Any:
    """An initialiser for a name, a class or a function."""
    if identifier is None or isinstance(identifier, Initializer):
        return identifier
    if isinstance(identifier, dict):
        return _CLASSES[identifier['class_name']](**identifier.get('config', {}))
    if isinstance(identifier, str):
        cls = _BY_NAME.get(identifier) or _CLASSES.get(identifier)
        if cls is None:
            raise BadArgument(f'Could not interpret initializer identifier: {identifier}')
        # Its place is the layer's.
        made = object.__new__(cls)
        made.__init__()
        return made
    if isinstance(identifier, type):
        return identifier()
    if isinstance(identifier, (int, float)):
        return Constant(identifier)
    if callable(identifier):
        return identifier
    if hasattr(identifier, '__gradient_lens__') or hasattr(identifier, 'tolist'):
        return Constant(identifier)
    raise BadArgument(f'Could not interpret initializer identifier: {identifier!r}')


def same_law(one: Any, other: Any) -> bool:
    """Whether two initialisers draw alike."""
    one = one.base if isinstance(one, Contracted) else one
    if type(one) is not type(other) or not isinstance(one, Initializer):
        return False
    return one.__dict__ == other.__dict__ or one.get_config() == other.get_config()


def serialize(initializer: Any) -> dict[str, Any]:
    return {'class_name': type(initializer).__name__, 'config': initializer.get_config()}


deserialize = get
