"""The first batch of what `fit` is given: arrays, data sets, generators."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert, first_inert

from .._tensor import Tensor, mapped, read, value_of, wrap


def first_batch(x: Any, y: Any, batch_size: int | None) -> tuple[Any, Any] | None:
    """(inputs, target) of the first batch; None where they are not known."""
    if x is None or isinstance(x, Inert):
        return None
    x = _as_array(x)
    if not _is_array(x) and not isinstance(x, (list, tuple, dict)):
        item = _first_item(x)
        if item is None or isinstance(item, Inert):
            return None
        if isinstance(item, (list, tuple)) and len(item) >= 2:
            inputs, target = item[0], item[1]
        else:
            inputs, target = item, None
        return None if first_inert(inputs) is not None else (inputs, inputs if target is item else target)
    if first_inert(x) is not None:
        return None
    inputs = mapped(x, lambda leaf: _rows(leaf, batch_size or 32))
    return inputs, inputs if y is x else y


def first_rows(target: Any, batch_size: int | None) -> Any:
    """As many rows of a target as its batch has."""
    return mapped(target, lambda leaf: _rows(leaf, batch_size or 32))


def _as_array(x: Any) -> Any:
    """Lists of numbers are one array; a list of arrays is one input each."""
    leaf = x
    while isinstance(leaf, (list, tuple)) and leaf:
        leaf = leaf[0]
    return wrap(value_of(x)) if isinstance(x, list) and isinstance(leaf, (bool, int, float)) else x


def _is_array(value: Any) -> bool:
    return isinstance(value, Tensor) or hasattr(value, '__gradient_lens__')


def _first_item(source: Any) -> Any:
    if hasattr(source, '__getitem__') and not hasattr(source, '__next__') and not hasattr(source, '__iter__'):
        return source[0]
    for item in source:
        return item
    return None


def _rows(leaf: Any, count: int) -> Any:
    """As many rows as a batch has; the limit of integers is kept."""
    if not _is_array(leaf):
        return leaf
    from gradient_lens import primitives as p

    value = read(leaf) if isinstance(leaf, Tensor) else value_of(leaf)
    if not value.shape or value.shape[0] <= count:
        return wrap(value)
    return wrap(p.narrow(value, 0, 0, count))


