"""Subscripts, gathers and one-hot."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.concrete import known
from gradient_lens.errors import BadArgument, OutOfRange, UnsupportedOp
from gradient_lens.value import Value, emit

from .._tensor import Tensor, operation, value_of, wrap
from .._types import kind_of_dtype
from .common import axis_of, number, sizes


@operation
def get_item(x: Any, key: Any) -> Tensor:
    """Whole numbers, slices, None and an ellipsis; one tensor or list of indices."""
    value = value_of(x)
    keys: list[Any] = list(key) if isinstance(key, tuple) else [key]
    used = sum(1 for item in keys if item is not None and item is not Ellipsis)
    if used > len(value.shape):
        raise OutOfRange(f'too many indices for a tensor of shape {list(value.shape)}')
    if not any(item is Ellipsis for item in keys):
        keys.append(Ellipsis)
    place = next(i for i, item in enumerate(keys) if item is Ellipsis)
    keys[place : place + 1] = [slice(None)] * (len(value.shape) - used)
    axis = 0
    shape: list[int] = []
    for item in keys:
        if item is None:
            shape.append(1)
            continue
        if isinstance(item, slice):
            value = _sliced(value, axis, item)
            shape.append(value.shape[axis])
            axis += 1
        elif _is_single(item):
            size = value.shape[axis]
            index = number(item)
            if not -size <= index < size:
                raise OutOfRange(f'index {index} is out of bounds for an axis of size {size}')
            value = p.narrow(value, axis, index % size, index % size + 1)
            value = p.reshape(value, value.shape[:axis] + value.shape[axis + 1 :])
        else:
            if len([k for k in keys if isinstance(k, (Tensor, list))]) > 1:
                raise UnsupportedOp('indexing by several tensors at once')
            indices = value_of(item)
            if indices.dtype == 'bool':
                raise UnsupportedOp('indexing by a mask', 'the size of the result hangs on data')
            value = p.gather(value, indices, axis)
            shape.extend(indices.shape)
            axis += len(indices.shape)
    return wrap(p.reshape(value, (*shape, *value.shape[axis:])))


def _is_single(item: Any) -> bool:
    if isinstance(item, Tensor):
        value = value_of(item)
        return not value.shape and value.static
    return not isinstance(item, (list, tuple)) and not getattr(item, 'shape', ())


def _sliced(value: Value, axis: int, item: slice) -> Value:
    bounds = [None if part is None else number(part) for part in (item.start, item.stop, item.step)]
    start, stop, step = slice(*bounds).indices(value.shape[axis])
    if step > 0:
        return p.narrow(value, axis, start, max(start, stop), step)
    places = range(start, stop, step)
    if not places:
        return p.narrow(value, axis, 0, 0)
    part = p.narrow(value, axis, places[-1], places[0] + 1, -step)
    return p.same('flip', part, {'axes': [axis]})


@operation
def take(x: Any, indices: Any, axis: int | None = None, **_: Any) -> Tensor:
    value = value_of(x)
    if axis is None:
        value, axis = p.reshape(value, (value.size,)), 0
    if axis_of(axis, len(value.shape)) == 0 and _is_identity(value):
        # Rows of a large identity matrix: never made, since its size goes with the square.
        places = p.cast(value_of(indices), 'int')
        made = emit('oneHot', {'classes': value.shape[1]}, (places,), (*places.shape, value.shape[1]), 'float')
        return wrap(p.cast(made, value.dtype))
    return wrap(p.gather(value, value_of(indices), axis_of(axis, len(value.shape))))


def _is_identity(value: Value) -> bool:
    node = value.node.inputs[0].node if value.node.op == 'cast' else value.node
    return node.op == 'oneHot' and known(node.inputs[0]) == list(range(value.shape[0]))


@operation
def gather(params: Any, indices: Any, validate_indices: Any = None, axis: int = 0, batch_dims: int = 0, name: str | None = None) -> Tensor:
    if batch_dims:
        raise UnsupportedOp('tf.gather with batch_dims')
    return take(params, indices, axis)


@operation
def take_along_axis(x: Any, indices: Any, axis: int = -1) -> Tensor:
    value, places = value_of(x), value_of(indices)
    place = axis_of(axis, len(value.shape))
    return wrap(emit('gatherElements', {'axis': place}, (value, p.cast(places, 'int')), places.shape, value.dtype))


@operation
def one_hot(x: Any, num_classes: int | None = None, axis: int = -1, dtype: Any = None, *, depth: Any = None, **_: Any) -> Tensor:
    classes = number(num_classes if num_classes is not None else depth)
    value = p.cast(value_of(x), 'int')
    if axis not in (-1, len(value.shape)):
        raise UnsupportedOp('one_hot along another axis than the last')
    made = emit('oneHot', {'classes': classes}, (value,), (*value.shape, classes), 'float')
    return wrap(p.cast(made, kind_of_dtype(dtype)))


@operation
def slice_(inputs: Any, start_indices: Any, shape: Any, name: str | None = None) -> Tensor:
    value = value_of(inputs)
    starts, lengths = sizes(start_indices), sizes(shape)
    if len(starts) != len(value.shape):
        raise BadArgument(f'slice needs one start an axis of shape {list(value.shape)}')
    stops = [n if length == -1 else a + length for a, length, n in zip(starts, lengths, value.shape)]
    return wrap(p.cut_out(value, starts, stops, [1] * len(starts)))


@operation
def top_k(x: Any, k: int = 1, sorted: bool = True, name: str | None = None) -> tuple[Tensor, Tensor]:
    value = value_of(x)
    from gradient_lens.value import emit_many

    shape = (*value.shape[:-1], number(k))
    attributes = {'axis': len(value.shape) - 1, 'k': number(k), 'largest': True}
    values, indices = emit_many('topK', attributes, (value,), ((shape, value.dtype), (shape, 'int')))
    return wrap(values), wrap(indices)


FUNCTIONS: dict[str, Any] = {
    'take': take, 'take_along_axis': take_along_axis, 'one_hot': one_hot, 'slice': slice_, 'top_k': top_k,
}  # fmt: skip
