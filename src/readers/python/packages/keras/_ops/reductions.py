"""Reductions over axes, and scans along one."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.shapes import reduced
from gradient_lens.value import Value, emit

from .._tensor import Tensor, operation, value_of, wrap
from .common import axes_of, axis_of

_REDUCTIONS = {'max': 'max', 'min': 'min', 'prod': 'prod', 'logsumexp': 'logSumExp', 'mean': 'mean'}


def _axes(axis: Any, rank: int) -> list[int]:
    if isinstance(axis, (list, tuple)):
        return axes_of([int(item) for item in axis], rank) if axis else []
    return axes_of(None if axis is None else int(axis), rank)


def reduce_value(op: str, value: Value, axis: Any, keep: bool, extra: dict[str, Any] | None = None) -> Value:
    if value.dtype == 'bool' or (value.dtype == 'int' and op not in ('sum', 'max', 'min', 'prod')):
        value = p.cast(value, 'float' if op not in ('sum', 'prod') else 'int')
    axes = _axes(axis, len(value.shape))
    return p.reduce(op, value, axes, keep, extra) if axes else value


def _reduction(name: str, op: str) -> Any:
    def run(x: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
        return wrap(reduce_value(op, value_of(x), axis, keepdims))

    run.__name__ = name
    return operation(run)


FUNCTIONS: dict[str, Any] = {name: _reduction(name, op) for name, op in _REDUCTIONS.items()}
FUNCTIONS['sum'] = _reduction('sum', 'sum')
FUNCTIONS['amax'], FUNCTIONS['amin'] = FUNCTIONS['max'], FUNCTIONS['min']


def _spread(name: str, op: str) -> Any:
    def run(x: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
        return wrap(reduce_value(op, value_of(x), axis, keepdims, {'correction': 0}))

    run.__name__ = name
    return operation(run)


FUNCTIONS['var'] = _spread('var', 'variance')
FUNCTIONS['std'] = _spread('std', 'standardDeviation')


@operation
def moments(x: Any, axes: Any, keepdims: bool = False, synchronized: bool = False, name: str | None = None, shift: Any = None) -> tuple[Tensor, Tensor]:
    value = value_of(x)
    mean = reduce_value('mean', value, axes, keepdims)
    return wrap(mean), wrap(reduce_value('variance', value, axes, keepdims, {'correction': 0}))


def _truth(name: str) -> Any:
    def run(x: Any, axis: Any = None, keepdims: bool = False, name_: str | None = None) -> Tensor:
        return wrap(reduce_value_bool(name, value_of(x), axis, keepdims))

    run.__name__ = name
    return operation(run)


def reduce_value_bool(op: str, value: Value, axis: Any, keep: bool) -> Value:
    value = p.cast(value, 'bool')
    axes = _axes(axis, len(value.shape))
    return emit(op, {'axes': axes, 'keepDims': keep}, (value,), reduced(value.shape, axes, keep), 'bool')


FUNCTIONS['any'], FUNCTIONS['all'] = _truth('any'), _truth('all')


def _extreme(name: str, op: str) -> Any:
    def run(x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Tensor:
        value = value_of(x)
        if axis is None:
            value, axis = p.reshape(value, (value.size,)), 0
        place = axis_of(int(axis), len(value.shape))
        shape = reduced(value.shape, [place], keepdims)
        return wrap(emit(op, {'axis': place, 'keepDims': keepdims}, (value,), shape, 'int'))

    run.__name__ = name
    return operation(run)


FUNCTIONS['argmax'], FUNCTIONS['argmin'] = _extreme('argmax', 'argMax'), _extreme('argmin', 'argMin')


def _scan(name: str, op: str) -> Any:
    def run(x: Any, axis: Any = None, **_: Any) -> Tensor:
        value = value_of(x)
        if axis is None:
            value, axis = p.reshape(value, (value.size,)), 0
        return wrap(p.same(op, value, {'axis': axis_of(int(axis), len(value.shape))}))

    run.__name__ = name
    return operation(run)


FUNCTIONS['cumsum'], FUNCTIONS['cumprod'] = _scan('cumsum', 'cumSum'), _scan('cumprod', 'cumProd')


@operation
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
    power: Any = 2.0 if ord in (None, 'euclidean', 'fro') else ord
    return wrap(reduce_value('norm', p.cast(value_of(x), 'float'), axis, keepdims, {'p': float(power)}))


@operation
def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None) -> Tensor:
    """x * rsqrt(max(sum(x^2), epsilon)) (tf.math.l2_normalize)."""
    value = p.cast(value_of(x), 'float')
    total = reduce_value('sum', p.same('square', value), axis, True)
    floor = p.binary('maximum', total, p.fill(epsilon, (), 'float'))
    return wrap(p.binary('mul', value, p.unary('rsqrt', floor)))


FUNCTIONS.update({'moments': moments, 'norm': norm, 'l2_normalize': l2_normalize})
