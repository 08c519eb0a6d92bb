"""Tensors made from nothing: known numbers, ranges, and random draws."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.value import Value, constant, drawn, emit, source

from .._tensor import Tensor, operation, value_of, wrap
from .._types import TensorShape, dtype_named, kind_of_dtype
from .common import number, sizes


def convert_to_tensor(x: Any, dtype: Any = None, *_: Any, **__: Any) -> Any:
    if isinstance(x, Inert) and not session.recording:
        return x
    if isinstance(x, Tensor) and dtype is None:
        return x
    if dtype is None:
        return wrap(value_of(x))
    kind = kind_of_dtype(dtype)
    return wrap(p.cast(value_of(x, kind), kind), dtype_named(dtype))


@operation
def full(shape: Any, fill_value: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    kind = kind_of_dtype(dtype) if dtype is not None else p.kind_of(fill_value) if not isinstance(fill_value, Tensor) else value_of(fill_value).dtype
    if isinstance(fill_value, Tensor):
        return wrap(p.broadcast_to(p.cast(value_of(fill_value), kind), sizes(shape)))
    return wrap(p.fill(fill_value, sizes(shape), kind))


@operation
def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    return wrap(p.fill(0, sizes(shape), kind_of_dtype(dtype)))


@operation
def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    return wrap(p.fill(1, sizes(shape), kind_of_dtype(dtype)))


@operation
def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    value = value_of(x)
    return wrap(p.fill(0, value.shape, kind_of_dtype(dtype) if dtype is not None else value.dtype))


@operation
def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    value = value_of(x)
    return wrap(p.fill(1, value.shape, kind_of_dtype(dtype) if dtype is not None else value.dtype))


@operation
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None, name: str | None = None, *, limit: Any = None, delta: Any = None) -> Tensor:
    stop = limit if stop is None else stop
    step = delta if delta is not None else step
    if stop is None:
        start, stop = 0, start
    ends = [float(item) if isinstance(item, float) else number(item) for item in (start, stop, step)]
    count = max(0, math.ceil((ends[1] - ends[0]) / ends[2]))
    kind = kind_of_dtype(dtype) if dtype is not None else 'float' if any(isinstance(item, float) for item in ends) else 'int'
    convert: Any = float if kind == 'float' else int
    return wrap(constant([convert(ends[0] + i * ends[2]) for i in range(count)], (count,), kind))


@operation
def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, **_: Any) -> Tensor:
    step = (stop - start) / max(num - 1 if endpoint else num, 1)
    return wrap(constant([float(start + i * step) for i in range(num)], (num,), 'float'))


#: Elements up to which an identity matrix is spelt out.
_SPELT_OUT = 4096


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = None, **_: Any) -> Tensor:
    count, columns = number(N), number(M or N)
    if k == 0 and columns >= count and count * columns > _SPELT_OUT:
        rows = constant(list(range(count)), (count,), 'int')
        made = emit('oneHot', {'classes': columns}, (rows,), (count, columns), 'float')
        return wrap(p.cast(made, kind_of_dtype(dtype)))
    convert: Any = {'float': float, 'int': int, 'bool': bool}[kind_of_dtype(dtype)]
    return wrap(constant([convert(j - i == k) for i in range(count) for j in range(columns)], (count, columns), kind_of_dtype(dtype)))


def random_value(distribution: str, shape: list[int]) -> Value:
    """In the forward pass a draw of every step; before it one draw that is kept."""
    if session.recorder is not None:
        number_of = session.recorder.draw('random')
        return source('random', {'distribution': distribution, 'draw': number_of}, shape, 'float', owner=session.recorder, live=False)
    law = {'kind': 'normal', 'mean': 0.0, 'std': 1.0} if distribution == 'normal' else {'kind': 'uniform', 'low': 0.0, 'high': 1.0}
    return drawn(law, shape)


def _scaled(value: Value, scale: Any, shift: Any) -> Value:
    if not (isinstance(scale, (int, float)) and scale == 1):
        value = p.binary('mul', value, value_of(scale, 'float' if not isinstance(scale, Tensor) else None))
    if not (isinstance(shift, (int, float)) and shift == 0):
        value = p.binary('add', value, value_of(shift, 'float' if not isinstance(shift, Tensor) else None))
    return value


@operation
def random_normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None, name: str | None = None) -> Tensor:
    return wrap(_scaled(random_value('normal', sizes(shape)), stddev, mean))


@operation
def random_uniform(shape: Any, minval: Any = 0.0, maxval: Any = None, dtype: Any = None, seed: Any = None, name: str | None = None) -> Tensor:
    if dtype is not None and kind_of_dtype(dtype) == 'int':
        attributes = {'index': 0, 'high': number(maxval)} if maxval is not None else {'index': 0}
        return wrap(source('input', attributes, sizes(shape), 'int', owner=None, live=False))
    high = 1.0 if maxval is None else maxval
    return wrap(_scaled(random_value('uniform', sizes(shape)), high - minval, minval))


@operation
def random_truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None, name: str | None = None
) -> Tensor:
    """Cut at two deviations. A start of weights; a draw of each step is not among what can be drawn."""
    if session.recorder is not None:
        raise UnsupportedOp('a draw from the truncated normal distribution in the forward pass')
    mean, stddev = float(mean), float(stddev)
    law = {'kind': 'truncatedNormal', 'mean': mean, 'std': stddev, 'low': mean - 2 * stddev, 'high': mean + 2 * stddev}
    return wrap(drawn(law, sizes(shape)))


def random_integers(shape: Any, minval: Any, maxval: Any, dtype: Any = 'int32', seed: Any = None) -> Tensor:
    return random_uniform(shape, minval, maxval, 'int32')


def shape_of(x: Any) -> tuple[Any, ...]:
    """keras.ops.shape: a tuple of sizes."""
    return tuple(x.shape) if isinstance(x, Tensor) else TensorShape(value_of(x).shape)


FUNCTIONS: dict[str, Any] = {
    'convert_to_tensor': convert_to_tensor, 'array': convert_to_tensor, 'full': full, 'zeros': zeros, 'ones': ones,
    'zeros_like': zeros_like, 'ones_like': ones_like, 'arange': arange, 'linspace': linspace, 'eye': eye, 'identity': eye,
    'shape': shape_of,
}  # fmt: skip
