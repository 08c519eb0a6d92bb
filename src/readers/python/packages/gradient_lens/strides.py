"""Memory layout of views: decides, as PyTorch does, whether a reshape shares memory with its source."""

from typing import Sequence

type Shape = tuple[int, ...]


def contiguous_strides(shape: Shape) -> Shape:
    strides = [0] * len(shape)
    step = 1
    for axis in range(len(shape) - 1, -1, -1):
        strides[axis] = step
        step *= max(shape[axis], 1)
    return tuple(strides)


def is_contiguous(shape: Shape, strides: Shape) -> bool:
    step = 1
    for axis in range(len(shape) - 1, -1, -1):
        if shape[axis] == 0:
            return True
        if shape[axis] != 1:
            if strides[axis] != step:
                return False
            step *= shape[axis]
    return True


def view_strides(shape: Shape, strides: Shape, wanted: Sequence[int]) -> Shape | None:
    """Strides of the view `wanted` on the same memory, or None where only a copy can have that shape.

    PyTorch, `at::detail::computeStride`: dims of the source are grouped into chunks that lie contiguous in memory, and
    each chunk must be split or kept whole.
    """
    if 0 in shape:
        return contiguous_strides(tuple(wanted))
    result = [0] * len(wanted)
    target = len(wanted) - 1
    if not shape:
        return tuple(1 for _ in wanted)
    base = strides[-1]
    cells = viewed = 1
    for axis in range(len(shape) - 1, -1, -1):
        cells *= shape[axis]
        if axis and (shape[axis - 1] == 1 or strides[axis - 1] == cells * base):
            continue
        while target >= 0 and (viewed < cells or wanted[target] == 1):
            result[target] = viewed * base
            viewed *= wanted[target]
            target -= 1
        if viewed != cells:
            return None
        if axis:
            base = strides[axis - 1]
            cells = viewed = 1
    return tuple(result) if target == -1 else None
