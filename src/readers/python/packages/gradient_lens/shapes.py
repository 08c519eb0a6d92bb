"""Shape rules that ops share. All raise located errors in the wording that PyTorch's users know."""

import math
from typing import Iterable, Sequence

from .errors import OutOfRange, ShapeMismatch

type Shape = tuple[int, ...]


def axis_of(axis: int, rank: int) -> int:
    """A non-negative axis."""
    limit = max(rank, 1)
    if not -limit <= axis < limit:
        raise OutOfRange(
            f'Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {axis})'
        )
    return axis % limit


def axes_of(axes: int | Sequence[int] | None, rank: int) -> list[int]:
    """Non-negative axes in rising order; None means all of them."""
    if axes is None:
        return list(range(rank))
    if isinstance(axes, int):
        axes = (axes,)
    found = [axis_of(int(axis), rank) for axis in axes]
    if len(set(found)) != len(found):
        raise ShapeMismatch(f'dim {list(axes)} appears multiple times in the list of dims')
    return sorted(found) if found else list(range(rank))


def broadcast(a: Shape, b: Shape) -> Shape:
    """The common shape of two operands (NumPy's rule)."""
    if a == b:
        return a
    rank = max(len(a), len(b))
    left = (1,) * (rank - len(a)) + a
    right = (1,) * (rank - len(b)) + b
    result: list[int] = []
    # From the last axis on, so that the axis that PyTorch would name is named.
    for axis, m, n in reversed([(axis, m, n) for axis, (m, n) in enumerate(zip(left, right))]):
        if m != n and m != 1 and n != 1:
            raise ShapeMismatch(
                f'The size of tensor a ({m}) must match the size of tensor b ({n}) at non-singleton dimension {axis} '
                f'(shapes {list(a)} and {list(b)})'
            )
        result.append(n if m == 1 else m)
    return tuple(reversed(result))


def broadcast_all(shapes: Iterable[Shape]) -> Shape:
    result: Shape = ()
    for shape in shapes:
        result = broadcast(result, shape)
    return result


def reduced(shape: Shape, axes: Sequence[int], keep: bool) -> Shape:
    """The shape after a reduction over `axes`."""
    gone = set(axes)
    if keep:
        return tuple(1 if axis in gone else size for axis, size in enumerate(shape))
    return tuple(size for axis, size in enumerate(shape) if axis not in gone)


def reshaped(shape: Shape, wanted: Sequence[int]) -> Shape:
    """The shape asked of `view`/`reshape`, with -1 solved."""
    size = math.prod(shape)
    sizes = [int(n) for n in wanted]
    if sizes.count(-1) > 1:
        raise ShapeMismatch('only one dimension can be inferred')
    if any(n < -1 for n in sizes):
        raise ShapeMismatch(f'invalid shape dimension {min(sizes)}')
    if -1 in sizes:
        rest = math.prod(n for n in sizes if n != -1)
        if rest == 0 or size % rest:
            raise ShapeMismatch(
                f"shape '{list(wanted)}' is invalid for input of size {size} (a tensor of shape {list(shape)})"
            )
        sizes[sizes.index(-1)] = size // rest
    if math.prod(sizes) != size:
        raise ShapeMismatch(
            f"shape '{list(wanted)}' is invalid for input of size {size} (a tensor of shape {list(shape)})"
        )
    return tuple(sizes)


def matmul_shape(a: Shape, b: Shape) -> Shape:
    """The shape of `a @ b` for ranks of two and more."""
    if a[-1] != b[-2]:
        raise ShapeMismatch(
            f'mat1 and mat2 shapes cannot be multiplied ({"x".join(map(str, a))} and {"x".join(map(str, b))})'
        )
    return broadcast(a[:-2], b[:-2]) + (a[-2], b[-1])


def window_size(size: int, kernel: int, stride: int, before: int, after: int, dilation: int, ceil: bool = False) -> int:
    """Output size of a window that slides over `size` cells.

    PyTorch, `pooling_output_shape`: with `ceil_mode` the last window may hang over the far edge, but must start inside
    the input or the near padding. Zero or less means that the input is too small.
    """
    span = size + before + after - dilation * (kernel - 1) - 1
    count = (-(-span // stride) if ceil else span // stride) + 1
    if ceil and (count - 1) * stride >= size + before:
        count -= 1
    return count
