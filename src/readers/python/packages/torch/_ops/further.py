"""Ops that are written in others: rarer functions of `torch`, most of them methods too."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradient_lens.errors import BadArgument, DataDependent, ShapeMismatch, UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.shapes import axis_of

from .._tensor import Tensor
from .._types import bool_
from . import creation, gathering, joining, products, reductions
from .reductions import ValuesIndices


def asinh(input: Any) -> Tensor:
    """sign(x) log(|x| + sqrt(x^2 + 1)): no digits lost below nought."""
    size = input.abs()
    return input.sign() * (size + (size * size + 1).sqrt()).log()


def acosh(input: Any) -> Tensor:
    return (input + (input * input - 1).sqrt()).log()


def atanh(input: Any) -> Tensor:
    return 0.5 * (input.log1p() - (-input).log1p())


arcsinh, arccosh, arctanh = asinh, acosh, atanh


def sinc(input: Any) -> Tensor:
    """sin(pi x) / (pi x), 1 at nought."""
    angle = creation.ones_like(input).where(input == 0, input * math.pi)
    return creation.ones_like(input).where(input == 0, angle.sin() / angle)


def xlogy(input: Any, other: Any) -> Tensor:
    """x log y, nought where x is."""
    pair: Any = input if isinstance(input, Tensor) else other * 0 + input
    logs: Any = other.log() if isinstance(other, Tensor) else math.log(other)
    return creation.zeros_like(pair * logs).where(pair == 0, pair * logs)


def copysign(input: Any, other: Any) -> Tensor:
    size = input.abs()
    negative = other < 0 if isinstance(other, Tensor) else math.copysign(1, other) < 0
    return (-size).where(negative, size) if isinstance(negative, Tensor) else -size if negative else size


def heaviside(input: Any, values: Any) -> Tensor:
    return values.where(input == 0, (input > 0).to(values.dtype))


def ldexp(input: Any, other: Any) -> Tensor:
    return input * other.exp2()


def logaddexp2(input: Any, other: Any) -> Tensor:
    high = input.maximum(other)
    return high + (1 + (-(input - other).abs()).exp2()).log2()


def signbit(input: Any) -> Tensor:
    return input < 0


def isposinf(input: Any) -> Tensor:
    return input == math.inf


def isneginf(input: Any) -> Tensor:
    return input == -math.inf


def _atleast(rank: int, widen: Callable[[Any], Any]) -> Callable[..., Any]:
    def function(*tensors: Any) -> Any:
        if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
            tensors = tuple(tensors[0])
        done = tuple(item if item.ndim >= rank else widen(item) for item in tensors)
        return done[0] if len(done) == 1 else done

    return function


atleast_1d = _atleast(1, lambda x: x.reshape(1))
atleast_2d = _atleast(2, lambda x: x.reshape(1, -1))
atleast_3d = _atleast(3, lambda x: x.unsqueeze(-1) if x.ndim == 2 else x.reshape(1, -1, 1))


def hsplit(input: Any, indices_or_sections: Any) -> Any:
    return input.tensor_split(indices_or_sections, 1 if input.ndim > 1 else 0)


def vsplit(input: Any, indices_or_sections: Any) -> Any:
    return input.tensor_split(indices_or_sections, 0)


def dsplit(input: Any, indices_or_sections: Any) -> Any:
    return input.tensor_split(indices_or_sections, 2)


def unsafe_chunk(input: Any, chunks: int, dim: int = 0) -> Any:
    return input.chunk(chunks, dim)


def unsafe_split(input: Any, split_size: Any, dim: int = 0) -> Any:
    return input.split(split_size, dim)


unsafe_split_with_sizes = split_with_sizes = unsafe_split


def diagflat(input: Any, offset: int = 0) -> Tensor:
    return input.reshape(-1).diag(offset)


def addr(input: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    return input * beta + products.outer(vec1, vec2) * alpha


def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    whole: Any = products.bmm(batch1, batch2)
    return input * beta + whole.sum(0) * alpha


def vdot(input: Tensor, other: Tensor) -> Tensor:
    return products.dot(input, other)


def matrix_power(input: Any, n: int) -> Tensor:
    if n < 0:
        raise UnsupportedOp('matrix_power with a negative exponent')
    result: Any = creation.eye(input.shape[-1]).expand(*input.shape)
    for place in range(n):
        result = input if place == 0 else products.matmul(result, input)
    return result


def cross(input: Any, other: Any, dim: int | None = None) -> Tensor:
    """[..., 3, ...]"""
    axis = axis_of(dim, input.ndim) if dim is not None else next((i for i, n in enumerate(input.shape) if n == 3), -1)
    if axis < 0 or input.shape[axis] != 3:
        raise ShapeMismatch('linalg.cross: inputs dimension must have length 3')
    after, before = (lambda x: x.roll(-1, axis)), (lambda x: x.roll(-2, axis))
    return after(input) * before(other) - before(input) * after(other)


def cdist(x1: Any, x2: Any, p: float = 2.0, compute_mode: str = '') -> Tensor:
    """[..., P, M] and [..., R, M] to the distances [..., P, R]."""
    return reductions.norm(x1.unsqueeze(-2) - x2.unsqueeze(-3), p, -1)


def pdist(input: Any, p: float = 2.0) -> Tensor:
    """Distances of each pair of rows, the upper triangle row by row."""
    count = input.shape[0]
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    first, second = (creation.tensor([pair[side] for pair in pairs]) for side in (0, 1))
    return reductions.norm(input[first] - input[second], p, -1)


def _earlier(input: Any, dim: int, fill: float) -> tuple[Any, int]:
    """[..., n] to [..., n, n]: of row i what lies no later than i, the rest filled; and the axis."""
    axis = axis_of(dim, input.ndim)
    last = input.movedim(axis, -1)
    size = last.shape[-1]
    later: Any = creation.ones(size, size).triu(1).bool()
    return last.unsqueeze(-2).expand(*last.shape[:-1], size, size).masked_fill(later, fill), axis


def logcumsumexp(input: Any, dim: int) -> Tensor:
    wide, axis = _earlier(input, dim, -math.inf)
    return wide.logsumexp(-1).movedim(-1, axis)


def _running(fill: float, place: str) -> Callable[..., ValuesIndices]:
    """Of equal elements the last one counts, and takes the gradient."""

    def function(input: Any, dim: int) -> ValuesIndices:
        wide, axis = _earlier(input, dim, fill)
        places = wide.shape[-1] - 1 - getattr(wide.flip(-1), place)(-1)
        values = gathering.gather(input.movedim(axis, -1), -1, places)
        return ValuesIndices(values.movedim(-1, axis), places.movedim(-1, axis))

    return function


cummax, cummin = _running(-math.inf, 'argmax'), _running(math.inf, 'argmin')


def trapezoid(y: Any, x: Any = None, *, dx: float = 1.0, dim: int = -1) -> Tensor:
    """`x` has y's shape, or is one line of places along `dim`."""
    axis = axis_of(dim, y.ndim)
    size = y.shape[axis]
    middle = (y.narrow(axis, 1, size - 1) + y.narrow(axis, 0, size - 1)) / 2
    if x is None:
        return (middle * dx).sum(axis)
    if x.ndim == 1:
        return (middle * x.diff().reshape(*(-1 if i == axis else 1 for i in range(y.ndim)))).sum(axis)
    if x.ndim != y.ndim:
        raise UnsupportedOp('trapezoid of places and values of different rank')
    return (middle * x.diff(dim=axis)).sum(axis)


trapz = trapezoid


def msort(input: Any) -> Tensor:
    return input.sort(0).values


def quantile(input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = 'linear') -> Tensor:
    """For several `q` the results are stacked along a new first axis."""
    if interpolation != 'linear':
        raise UnsupportedOp(f'quantile with interpolation={interpolation!r}')
    if isinstance(q, Tensor) and q.ndim:
        chosen: list[float] = q.tolist()
        return joining.stack([quantile(input, item, dim, keepdim) for item in chosen], 0)
    q = q.item() if isinstance(q, Tensor) else q
    axis = 0 if dim is None else axis_of(dim, input.ndim)
    ordered = (input.reshape(-1) if dim is None else input).sort(axis).values
    place = q * (ordered.shape[axis] - 1)
    low = math.floor(place)
    high = min(low + 1, ordered.shape[axis] - 1)
    found = ordered.select(axis, low) * (1 - (place - low)) + ordered.select(axis, high) * (place - low)
    if not keepdim:
        return found
    return found.reshape(*(1 for _ in input.shape)) if dim is None else found.unsqueeze(axis)


def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """How many of the boundaries lie below (with `right` also those that equal)."""
    value = creation.tensor(input) if not isinstance(input, Tensor) else input
    wide: Any = value.unsqueeze(-1)  # type: ignore[attr-defined]
    below = wide >= boundaries if right else wide > boundaries
    return below.long().sum(-1)


def searchsorted(
    sorted_sequence: Any, input: Any, *, out_int32: bool = False, right: bool = False, side: str | None = None,
    sorter: Any = None,
) -> Tensor:  # fmt: skip
    if sorter is not None:
        raise UnsupportedOp('searchsorted with a sorter')
    after = right or side == 'right'
    if sorted_sequence.ndim == 1:
        return bucketize(input, sorted_sequence, right=after)
    return bucketize(input, sorted_sequence.unsqueeze(-2), right=after)


def scatter_reduce(input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Tensor:
    if reduce != 'sum' or not include_self:
        raise UnsupportedOp(f'scatter_reduce with reduce={reduce!r}', "'sum' over what is there is followed")
    return gathering.scatter_add(input, dim, index, src)


def select_scatter(input: Any, src: Any, dim: int, index: int) -> Tensor:
    result = input.clone()
    result.select(dim, index).copy_(src)
    return result


def slice_scatter(input: Any, src: Any, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Tensor:
    result = input.clone()
    result[(slice(None),) * axis_of(dim, input.ndim) + (slice(start, end, step),)] = src
    return result


def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Tensor:
    from itertools import combinations as chosen
    from itertools import combinations_with_replacement

    if input.ndim != 1:
        raise BadArgument('Expect a 1D vector')
    picks = (combinations_with_replacement if with_replacement else chosen)(range(input.shape[0]), r)
    return input[creation.tensor([list(pick) for pick in picks])]


def _data_dependent(name: str) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        if session.recording:
            raise DataDependent(f'The shape of torch.{name}')
        return Inert(f'torch.{name}(...)')

    return function


unique, unique_consecutive = _data_dependent('unique'), _data_dependent('unique_consecutive')
argwhere = gathering.nonzero


def _never(input: Any) -> bool:
    return False


is_conj = is_neg = is_inference = is_distributed = is_shared = is_pinned = has_names = _never


def is_signed(input: Any) -> bool:
    return input.dtype.is_signed


def is_same_size(input: Any, other: Any) -> bool:
    return tuple(input.shape) == tuple(other.shape)


def is_set_to(input: Any, tensor: Any) -> bool:
    return input is tensor


def is_nonzero(input: Any) -> bool:
    return bool(input)


def sum_to_size(input: Any, *size: Any) -> Tensor:
    wanted = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    lead = input.ndim - len(wanted)
    axes = [*range(lead), *(lead + i for i, n in enumerate(wanted) if n == 1 and input.shape[lead + i] != 1)]
    return (input.sum(axes, keepdim=True) if axes else input).reshape(*wanted)


def isreal(input: Any) -> Tensor:
    return creation.ones_like(input, dtype=bool_)


def adjoint(input: Any) -> Tensor:
    return input.transpose(-2, -1)


#: Names that are functions of `torch` and methods alike.
BOTH = (
    'asinh acosh atanh arcsinh arccosh arctanh sinc xlogy copysign heaviside ldexp logaddexp2 signbit isposinf isneginf '
    'hsplit vsplit dsplit unsafe_chunk unsafe_split unsafe_split_with_sizes split_with_sizes diagflat addr addbmm vdot '
    'matrix_power cross adjoint isreal logcumsumexp cummax cummin msort quantile scatter_reduce select_scatter slice_scatter unique '
    'unique_consecutive argwhere'
)
#: Those of them that have a form in place.
IN_PLACE = 'asinh acosh atanh arcsinh arccosh arctanh sinc xlogy copysign heaviside ldexp addr addbmm scatter_reduce'
#: Methods only.
METHODS = (
    'is_conj is_neg is_inference is_distributed is_shared is_pinned has_names is_signed is_same_size is_set_to is_nonzero '
    'sum_to_size'
)
#: Functions of `torch` only.
FUNCTIONS = 'atleast_1d atleast_2d atleast_3d cdist pdist trapezoid trapz bucketize searchsorted combinations'
