"""Losses written out in ops, one number an example as Keras' functional forms give them (`keras.src.losses.losses`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.value import Value

from ._ops.elementwise import softmax_value
from ._tensor import Tensor, operation, value_of, wrap

#: `keras.config.epsilon()`
_EPSILON = 1e-7


def _number(value: float) -> Value:
    return p.fill(value, (), 'float')


def _pair(y_true: Any, y_pred: Any) -> tuple[Value, Value]:
    """Both as numbers, with equal ranks: a last axis of size 1 is added or taken away (`squeeze_or_expand_to_same_rank`)."""
    t, y = p.cast(value_of(y_true), 'float'), p.cast(value_of(y_pred), 'float')
    if len(t.shape) == len(y.shape) + 1 and t.shape[-1] == 1:
        t = p.reshape(t, t.shape[:-1])
    elif len(t.shape) + 1 == len(y.shape) and y.shape[-1] == 1:
        t = p.reshape(t, (*t.shape, 1))
    return t, y


def _over(op: str, value: Value, axis: int) -> Value:
    return p.reduce(op, value, [axis % len(value.shape)], False) if value.shape else value


def _clipped(value: Value) -> Value:
    return p.unary('clip', value, {'min': _EPSILON, 'max': 1.0 - _EPSILON})


def _smoothed(target: Value, share: float, towards: float) -> Value:
    if not share:
        return target
    return p.binary('add', p.binary('mul', target, _number(1.0 - share)), _number(share * towards))


@operation
def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    t, y = _pair(y_true, y_pred)
    return wrap(_over('mean', p.same('square', p.binary('sub', t, y)), -1))


@operation
def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    t, y = _pair(y_true, y_pred)
    return wrap(_over('mean', p.same('abs', p.binary('sub', t, y)), -1))


@operation
def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """-(t log y + (1 - t) log(1 - y)), y kept 1e-7 away from 0 and 1."""
    t, y = _pair(y_true, y_pred)
    t = _smoothed(t, label_smoothing, 0.5)
    rest = p.binary('sub', _number(1.0), t)
    if from_logits:
        hit, miss = p.unary('logSigmoid', y), p.unary('logSigmoid', p.same('neg', y))
    else:
        y = _clipped(y)
        hit, miss = p.unary('log', y), p.unary('log', p.binary('sub', _number(1.0), y))
    value = p.same('neg', p.binary('add', p.binary('mul', t, hit), p.binary('mul', rest, miss)))
    return wrap(_over('mean', value, axis))


@operation
def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """-sum(t log y), y made to sum to 1."""
    t, y = _pair(y_true, y_pred)
    place = axis % len(y.shape)
    t = _smoothed(t, label_smoothing, 1.0 / y.shape[place])
    if from_logits:
        logs = softmax_value(y, place, 'logSoftmax')
    else:
        y = p.binary('div', y, p.reduce('sum', y, [place], True))
        logs = p.unary('log', _clipped(y))
    return wrap(p.same('neg', _over('sum', p.binary('mul', t, logs), place)))


@operation
def kl_divergence(y_true: Any, y_pred: Any) -> Tensor:
    """sum(t log(t / y)), both kept within 1e-7 and 1."""
    bound = {'min': _EPSILON, 'max': 1.0}
    t, y = (p.unary('clip', item, bound) for item in _pair(y_true, y_pred))
    gap = p.binary('sub', p.unary('log', t), p.unary('log', y))
    return wrap(_over('sum', p.binary('mul', t, gap), -1))


#: By the framework's own names. The others are not written out: what they give is not known here.
WRITTEN: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (mean_squared_error, mean_absolute_error, binary_crossentropy, categorical_crossentropy, kl_divergence)
}


def reduced(values: Any, reduction: Any) -> Any:
    """What a loss object makes of the numbers of its examples: their mean, sum, or themselves."""
    if not isinstance(values, Tensor) or reduction in (None, 'none'):
        return values
    return _total(values, 'sum' if reduction == 'sum' else 'mean')


@operation
def _total(values: Any, op: str) -> Tensor:
    value = value_of(values)
    axes = list(range(len(value.shape)))
    return wrap(p.reduce(op, value, axes, False) if axes else value)
