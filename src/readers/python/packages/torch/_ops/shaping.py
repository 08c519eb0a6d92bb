"""Ops that move elements about: views, permutations, repeats, flips, triangles."""

from __future__ import annotations

from itertools import accumulate
from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadState, ShapeMismatch
from gradient_lens.shapes import axis_of, reshaped
from gradient_lens.value import emit

from .._convert import size, sizes
from .._tensor import Tensor, read, wrap
from .._types import dtype as Dtype
from .._views import broadcast_view, narrow_view, permute_view, reshape_view


def reshape(input: Tensor, *shape: Any) -> Tensor:
    return reshape_view(input, reshaped(input.shape, sizes(shape)))


def view(input: Tensor, *shape: Any) -> Tensor:
    if len(shape) == 1 and isinstance(shape[0], Dtype):
        from gradient_lens.errors import UnsupportedOp

        raise UnsupportedOp('Tensor.view(dtype)')
    from gradient_lens.strides import view_strides

    wanted = reshaped(input.shape, sizes(shape))
    if input._strides is not None and view_strides(input.shape, input._strides, wanted) is None:
        raise BadState(
            'view size is not compatible with input tensor\'s size and stride (at least one dimension spans across two '
            'contiguous subspaces). Use .reshape(...) instead.'
        )
    return reshape_view(input, wanted)


def view_as(input: Tensor, other: Tensor) -> Tensor:
    return view(input, *other.shape)


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    return reshape(input, *other.shape)


def contiguous(input: Tensor, memory_format: Any = None) -> Tensor:
    return input if input.is_contiguous() else wrap(read(input), input.dtype)


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    rank = input.ndim
    if rank == 0:
        return reshape_view(input, (1,))
    start, end = axis_of(start_dim, rank), axis_of(end_dim, rank)
    if start > end:
        raise BadState('flatten() has invalid args: start_dim cannot come after end_dim')
    return reshape_view(input, p.flatten_shape(tuple(input.shape), start, end))


ravel = flatten


def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    axis = axis_of(dim, input.ndim)
    try:
        inner = reshaped((input.shape[axis],), sizes)
    except ShapeMismatch:
        raise ShapeMismatch(
            f'unflatten: Provided sizes {list(sizes)} don\'t multiply up to the size of dim {axis} '
            f'({input.shape[axis]}) in the input tensor'
        ) from None
    return reshape_view(input, (*input.shape[:axis], *inner, *input.shape[axis + 1 :]))


def permute(input: Tensor, *dims: Any) -> Tensor:
    order = [axis_of(axis, input.ndim) for axis in sizes(dims)]
    if sorted(order) != list(range(input.ndim)):
        raise ShapeMismatch(
            f'permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired '
            f'ordering of dimensions i.e. input.dim() = {input.ndim} is not equal to len(dims) = {len(order)}'
        )
    return permute_view(input, order)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    order = list(range(input.ndim))
    a, b = axis_of(dim0, input.ndim), axis_of(dim1, input.ndim)
    if order:
        order[a], order[b] = order[b], order[a]
    return permute_view(input, order)


swapaxes = swapdims = transpose


def t(input: Tensor) -> Tensor:
    if input.ndim > 2:
        raise BadState(f't() expects a tensor with <= 2 dimensions, but self is {input.ndim}D')
    return transpose(input, 0, 1) if input.ndim == 2 else input


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    rank = input.ndim
    sources = [axis_of(axis, rank) for axis in (source if isinstance(source, (tuple, list)) else (source,))]
    targets = [
        axis_of(axis, rank) for axis in (destination if isinstance(destination, (tuple, list)) else (destination,))
    ]
    order = [-1] * rank
    for a, b in zip(sources, targets):
        order[b] = a
    rest = iter(axis for axis in range(rank) if axis not in sources)
    return permute_view(input, [axis if axis >= 0 else next(rest) for axis in order])


moveaxis = movedim


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    if dim is None:
        gone = set(range(input.ndim))
    else:
        gone = {axis_of(axis, input.ndim) for axis in (dim if isinstance(dim, (tuple, list)) else (dim,))}
    return reshape_view(input, [n for axis, n in enumerate(input.shape) if axis not in gone or n != 1])


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    axis = axis_of(dim, input.ndim + 1)
    return reshape_view(input, (*input.shape[:axis], 1, *input.shape[axis:]))


def expand(input: Tensor, *shape: Any) -> Tensor:
    wanted = list(sizes(shape))
    lead = len(wanted) - input.ndim
    if lead < 0:
        raise ShapeMismatch(
            f'expand: the number of sizes provided ({len(wanted)}) must be greater or equal to the number of dimensions '
            f'in the tensor ({input.ndim})'
        )
    for axis, n in enumerate(wanted):
        own = input.shape[axis - lead] if axis >= lead else None
        if n == -1:
            if own is None:
                raise ShapeMismatch('expand: -1 is not allowed in a leading, non-existing dimension')
            wanted[axis] = own
        elif own is not None and own not in (1, n):
            raise ShapeMismatch(
                f'The expanded size of the tensor ({n}) must match the existing size ({own}) at non-singleton dimension '
                f'{axis}. Target sizes: {wanted}. Tensor sizes: {list(input.shape)}'
            )
    return broadcast_view(input, wanted)


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    return expand(input, *other.shape)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Tensor:
    return expand(input, *size)


def repeat(input: Tensor, *repeats: Any) -> Tensor:
    times = sizes(repeats)
    if len(times) < input.ndim:
        raise ShapeMismatch(
            'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor'
        )
    shape = (1,) * (len(times) - input.ndim) + tuple(input.shape)
    value = p.reshape(read(input), shape)
    return wrap(
        emit('tile', {'repeats': list(times)}, (value,), [n * k for n, k in zip(shape, times)], value.dtype),
        input.dtype,
    )


def tile(input: Tensor, *dims: Any) -> Tensor:
    times = sizes(dims)
    return repeat(input, *((1,) * (input.ndim - len(times)) + times))


def repeat_interleave(input: Tensor, repeats: Any, dim: int | None = None, *, output_size: int | None = None) -> Tensor:
    """Each element `repeats` times in a row."""
    if isinstance(repeats, Tensor):
        counts = repeats.tolist()
        counts = counts if isinstance(counts, list) else [counts]
    else:
        counts = [size(repeats)]
    value = read(input)
    if dim is None:
        value, dim = p.reshape(value, (value.size,)), 0
    axis = axis_of(dim, len(value.shape))
    n = value.shape[axis]
    if len(counts) == 1:
        counts = counts * n
    order = [i for i, times in enumerate(counts) for _ in range(times)]
    from gradient_lens.value import constant

    return wrap(p.gather(value, constant(order, (len(order),), 'int'), axis), input.dtype)


def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    axis = axis_of(dim, input.ndim)
    begin = int(start)
    begin += input.shape[axis] if begin < 0 else 0
    if begin < 0 or begin + length > input.shape[axis]:
        raise BadState(f'start ({start}) + length ({length}) exceeds dimension size ({input.shape[axis]}).')
    return narrow_view(input, axis, begin, begin + length)


def select(input: Tensor, dim: int, index: int) -> Tensor:
    return input[(slice(None),) * axis_of(dim, input.ndim) + (index,)]


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    axis = axis_of(dim, input.ndim)
    return tuple(select(input, axis, i) for i in range(input.shape[axis]))


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    axis = axis_of(dim, tensor.ndim)
    whole = tensor.shape[axis]
    if isinstance(split_size_or_sections, (list, tuple)):
        lengths = [size(n) for n in split_size_or_sections]
        if sum(lengths) != whole:
            raise ShapeMismatch(
                f'split_with_sizes expects split_sizes to sum exactly to {whole} (input tensor\'s size at dimension '
                f'{axis}), but got split_sizes={lengths}'
            )
    else:
        each = size(split_size_or_sections)
        lengths = [min(each, whole - at) for at in range(0, whole, each)] or [0]
    stops = list(accumulate(lengths))
    return tuple(narrow_view(tensor, axis, stop - n, stop) for n, stop in zip(lengths, stops))


def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    return split(input, list(split_sizes), dim)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    axis = axis_of(dim, input.ndim)
    return split(input, max(1, -(-input.shape[axis] // size(chunks))), axis)


def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    axis = axis_of(dim, input.ndim)
    whole = input.shape[axis]
    if isinstance(indices_or_sections, int):
        each, more = divmod(whole, indices_or_sections)
        return split(input, [each + (i < more) for i in range(indices_or_sections)], axis)
    stops = [0, *(min(int(i), whole) for i in indices_or_sections), whole]
    return split(input, [b - a for a, b in zip(stops, stops[1:])], axis)
