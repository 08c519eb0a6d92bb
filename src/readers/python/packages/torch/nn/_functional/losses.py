"""Losses, written out in ops, and told to whoever wants to know what the file trains with."""

from __future__ import annotations

import functools
from typing import Any, Callable

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, DataDependent, ShapeMismatch
from gradient_lens.session import LossCall, session
from gradient_lens.spans import here
from gradient_lens.value import Value, emit

from ..._chosen import WHAT, Places, average, places_of, total, whole
from ..._tensor import Tensor, read, wrap

_REDUCTIONS = ('none', 'mean', 'sum')


def _reduced(value: Value, reduction: str) -> Value:
    axes = list(range(len(value.shape)))
    if reduction == 'none' or not axes:
        return value
    return p.reduce(reduction, value, axes, False)


def loss(kind: str | None, name: str) -> Callable[[Callable[..., Tensor]], Callable[..., Tensor]]:
    """Marks a function as a loss of one of the kinds of `LossKind` (src/graph/graph.ts)."""

    def decorate(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Tensor:
            reduction = kwargs.get('reduction', 'mean')
            legacy = (kwargs.pop('size_average', None), kwargs.pop('reduce', None))
            if any(item is not None for item in legacy):
                average, reduce = (True if item is None else item for item in legacy)
                reduction = kwargs['reduction'] = 'none' if not reduce else 'mean' if average else 'sum'
            if reduction not in _REDUCTIONS and not (name == 'KLDivLoss' and reduction == 'batchmean'):
                raise BadArgument(f'{reduction} is not a valid value for reduction')
            frame = session.frame
            module = frame.module if frame is not None else None
            constructor = module._span if module is not None and module._is_loss else None
            places = places_of((*args, *kwargs.values()))
            args, kwargs = tuple(whole(item) for item in args), {key: whole(item) for key, item in kwargs.items()}
            operands = tuple(read(item) for item in (*args, *kwargs.values()) if isinstance(item, Tensor))
            session.saw_loss(LossCall(kind, name, here(), constructor, len(operands), reduction, operands))
            if places is None:
                return function(*args, **kwargs)
            return _over(places, reduction, function(*args, **{**kwargs, 'reduction': 'none'}), kwargs)

        return wrapped

    return decorate


def _over(places: Places, reduction: str, each: Tensor, settings: dict[str, Any]) -> Tensor:
    """A loss over the places that a mask chose, of the loss at each place.

    Raises:
        DataDependent: where places count differently, or are to be kept apart.
    """
    if reduction not in ('mean', 'sum') or settings.get('ignore_index', -1) >= 0 or settings.get('weight') is not None:
        raise DataDependent(WHAT)
    return wrap((total if reduction == 'sum' else average)(read(each), places))


def _pairwise(input: Tensor, target: Tensor) -> tuple[Value, Value]:
    return read(input), p.cast(read(target), 'float')


def _number(value: float) -> Value:
    return p.fill(value, (), 'float')


def _weighted(value: Value, weight: Tensor | None) -> Value:
    return value if weight is None else p.binary('mul', value, read(weight))


@loss('mse', 'MSELoss')
def mse_loss(input: Tensor, target: Tensor, *, reduction: str = 'mean', weight: Tensor | None = None) -> Tensor:
    a, b = _pairwise(input, target)
    return wrap(_reduced(_weighted(p.same('square', p.binary('sub', a, b)), weight), reduction))


@loss('mae', 'L1Loss')
def l1_loss(input: Tensor, target: Tensor, *, reduction: str = 'mean', weight: Tensor | None = None) -> Tensor:
    a, b = _pairwise(input, target)
    return wrap(_reduced(_weighted(p.same('abs', p.binary('sub', a, b)), weight), reduction))


def _huber(a: Value, b: Value, delta: float) -> Value:
    """0.5 d^2 within delta, delta (|d| - delta / 2) beyond."""
    gap = p.same('abs', p.binary('sub', a, b))
    inside = p.binary('mul', p.same('square', gap), _number(0.5))
    outside = p.binary('mul', p.binary('sub', gap, _number(0.5 * delta)), _number(delta))
    return p.where(p.binary('less', gap, _number(delta), result='bool'), inside, outside)


@loss('huber', 'SmoothL1Loss')
def smooth_l1_loss(input: Tensor, target: Tensor, *, reduction: str = 'mean', beta: float = 1.0) -> Tensor:
    a, b = _pairwise(input, target)
    if beta == 0:
        return wrap(_reduced(p.same('abs', p.binary('sub', a, b)), reduction))
    return wrap(_reduced(p.binary('div', _huber(a, b, beta), _number(beta)), reduction))


@loss('huber', 'HuberLoss')
def huber_loss(
    input: Tensor, target: Tensor, *, reduction: str = 'mean', delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    a, b = _pairwise(input, target)
    return wrap(_reduced(_weighted(_huber(a, b, delta), weight), reduction))


@loss('bce', 'BCELoss')
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = 'mean'
) -> Tensor:
    """-(t log p + (1 - t) log(1 - p)), logarithms no lower than -100 as in PyTorch."""
    if tuple(input.shape) != tuple(target.shape):
        raise BadArgument(
            f'Using a target size ({list(target.shape)}) that is different to the input size ({list(input.shape)}) is '
            'deprecated. Please ensure they have the same size.'
        )
    a, b = _pairwise(input, target)
    bound = {'min': -100.0, 'max': 'inf'}
    hit = p.unary('clip', p.unary('log', a), bound)
    miss = p.unary('clip', p.unary('log', p.binary('sub', _number(1.0), a)), bound)
    value = p.binary('add', p.binary('mul', b, hit), p.binary('mul', p.binary('sub', _number(1.0), b), miss))
    return wrap(_reduced(_weighted(p.same('neg', value), weight), reduction))


@loss('bce-logits', 'BCEWithLogitsLoss')
def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = 'mean',
    pos_weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """-(w t log s(x) + (1 - t) log s(-x)), s the logistic function."""
    if tuple(input.shape) != tuple(target.shape):
        raise BadArgument(
            f'Target size ({list(target.shape)}) must be the same as input size ({list(input.shape)})'
        )
    a, b = _pairwise(input, target)
    hit = p.binary('mul', b, p.unary('logSigmoid', a))
    if pos_weight is not None:
        hit = p.binary('mul', hit, read(pos_weight))
    miss = p.binary('mul', p.binary('sub', _number(1.0), b), p.unary('logSigmoid', p.same('neg', a)))
    return wrap(_reduced(_weighted(p.same('neg', p.binary('add', hit, miss)), weight), reduction))


def _picked(logs: Value, target: Value) -> Value:
    """The entry of axis 1 that the target names."""
    indices = p.cast(target, 'int')
    if len(logs.shape) == 1:
        return p.reshape(p.gather(logs, p.reshape(indices, (1,)), 0), ())
    if logs.shape[:1] + logs.shape[2:] != indices.shape:
        raise ShapeMismatch(
            f'Expected input batch_size and target batch_size to match: the input has shape {list(logs.shape)}, the target '
            f'{list(indices.shape)}'
        )
    wide = indices.shape[:1] + (1,) + indices.shape[1:]
    value = emit('gatherElements', {'axis': 1}, (logs, p.reshape(indices, wide)), wide, 'float')
    return p.reshape(value, indices.shape)


def _shares(target: Value, weight: Tensor | None, ignore_index: int) -> Value | None:
    """What each target counts: its class's weight, nought where it is to be ignored; None where all count alike.

    A negative mark such as -100 never comes up in targets that are made up.
    """
    scale = None if weight is None else p.gather(read(weight), p.cast(target, 'int'), 0)
    if ignore_index < 0:
        return scale
    kept = p.cast(p.binary('notEqual', target, p.fill(ignore_index, (), 'int'), result='bool'), 'float')
    return kept if scale is None else p.binary('mul', scale, kept)


def _nll(logs: Value, target: Value, weight: Tensor | None, ignore_index: int, reduction: str) -> Value:
    entry = p.same('neg', _picked(logs, target))
    scale = _shares(target, weight, ignore_index)
    if scale is None:
        return _reduced(entry, reduction)
    weighted = p.binary('mul', entry, scale)
    if reduction != 'mean':
        return _reduced(weighted, reduction)
    return p.binary('div', _reduced(weighted, 'sum'), _reduced(scale, 'sum'))


@loss('nll', 'NLLLoss')
def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = 'mean'
) -> Tensor:
    return wrap(_nll(read(input), read(target), weight, ignore_index, reduction))


@loss('cross-entropy', 'CrossEntropyLoss')
def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = 'mean',
    label_smoothing: float = 0.0,
) -> Tensor:  # fmt: skip
    """Targets are class numbers, or probabilities of the input's shape."""
    value = read(input)
    axis = 1 if len(value.shape) > 1 else 0
    logs = p.unary('logSoftmax', value, {'axis': axis})
    goal = read(target)
    if goal.shape == value.shape and goal.dtype == 'float':
        entry = p.reduce('sum', p.same('neg', p.binary('mul', _weighted_classes(logs, weight, axis), goal)), [axis], False)
        return wrap(_by_batch(entry, reduction))
    sharp = _nll(logs, goal, weight, ignore_index, reduction)
    if not label_smoothing:
        return wrap(sharp)
    even = p.reduce('mean', p.same('neg', _weighted_classes(logs, weight, axis)), [axis], False)
    smooth = _smoothed(even, goal, weight, ignore_index, reduction)
    mixed = p.binary(
        'add', p.binary('mul', sharp, _number(1 - label_smoothing)), p.binary('mul', smooth, _number(label_smoothing))
    )
    return wrap(mixed)


def _smoothed(even: Value, target: Value, weight: Tensor | None, ignore_index: int, reduction: str) -> Value:
    """The part of the loss that all classes have in common; its mean is over the targets' weights."""
    kept = _shares(target, None, ignore_index)
    total = even if kept is None else p.binary('mul', even, kept)
    scale = _shares(target, weight, ignore_index)
    if reduction != 'mean' or scale is None:
        return _reduced(total, reduction)
    return p.binary('div', _reduced(total, 'sum'), _reduced(scale, 'sum'))


def _weighted_classes(logs: Value, weight: Tensor | None, axis: int) -> Value:
    if weight is None:
        return logs
    shape = [1] * len(logs.shape)
    shape[axis] = logs.shape[axis]
    return p.binary('mul', logs, p.reshape(read(weight), shape))


def _by_batch(entry: Value, reduction: str) -> Value:
    if reduction != 'mean':
        return _reduced(entry, reduction)
    return p.binary('div', _reduced(entry, 'sum'), _number(float(max(1, entry.size))))
