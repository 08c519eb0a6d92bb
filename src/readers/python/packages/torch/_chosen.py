"""`x[mask]` where the mask depends on the data: how many places it chooses is not known while the model is recorded.

A loss over what is chosen needs no such number: the mean over the chosen places is the sum of the loss at all places times
the mask, divided by the sum of the mask, with the same gradient. Sums and means are followed that way, and losses of
predictions and targets that one mask chooses, as language models and masked auto-encoders have them. Anything else that is
done to what a mask chooses is refused.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, NoReturn

from gradient_lens import primitives as p
from gradient_lens.errors import DataDependent
from gradient_lens.value import Value

from ._tensor import Tensor, read, wrap
from ._types import dtype

WHAT = 'The shape of x[mask]'


class Places(NamedTuple):
    """A mask as it stood when it chose: the value that says which, and 1 or 0 for each place, `[places]`."""

    source: Value
    shares: Value


class ChosenTensor(Tensor):
    """What a mask chooses of a tensor, of which all places are kept: `[places, ...]`."""

    _all: Tensor
    _places: Places
    dtype: dtype

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    @property
    def _value(self) -> NoReturn:  # type: ignore[override]
        raise DataDependent(WHAT)

    @property
    def shape(self) -> NoReturn:  # type: ignore[override]
        raise DataDependent(WHAT)

    @property
    def requires_grad(self) -> bool:  # type: ignore[override]
        return self._all.requires_grad

    @property
    def ndim(self) -> int:
        return self._all.ndim

    def sum(self, *dim: Any, **more: Any) -> Tensor:
        if dim or more:
            raise DataDependent(WHAT)
        return wrap(total(read(self._all), self._places))

    def mean(self, *dim: Any, **more: Any) -> Tensor:
        if dim or more:
            raise DataDependent(WHAT)
        return wrap(average(read(self._all), self._places))

    def __repr__(self) -> str:
        return 'tensor[mask]'


def chosen(tensor: Tensor, mask: Tensor) -> ChosenTensor:
    """`tensor[mask]`, the mask over the tensor's first axes.

    Raises:
        DataDependent: where the mask has another shape.
    """
    rank = mask.ndim
    if tuple(mask.shape) != tuple(tensor.shape[:rank]) or rank == 0:
        raise DataDependent(WHAT)
    count = math.prod(mask.shape)
    made = object.__new__(ChosenTensor)
    source = read(mask)
    made._all = wrap(p.reshape(read(tensor), (count, *tensor.shape[rank:])), tensor.dtype)
    made._places = Places(source, p.reshape(p.cast(source, 'float'), (count,)))
    made.dtype = tensor.dtype
    return made


def chosen_elsewhere(tensor: ChosenTensor, mask: Tensor, shape: tuple[int, ...], kind: str) -> Value:
    """All places of `y` in `x[mask] = y[mask]`, in the shape of `x`.

    Raises:
        DataDependent: where another mask chose, or of a tensor of another shape.
    """
    held = read(tensor._all)
    if tensor._places.source is not read(mask) or held.size != math.prod(shape):
        raise DataDependent('Writing several values by x[mask] = ...')
    return p.cast(p.reshape(held, shape), kind)


def total(values: Value, places: Places) -> Value:
    """The sum over the chosen places of values `[places, ...]`."""
    wide = p.reshape(places.shares, (*places.shares.shape, *[1] * (len(values.shape) - 1)))
    weighted = p.binary('mul', p.cast(values, 'float'), wide)
    return p.reduce('sum', weighted, list(range(len(values.shape))), False)


def average(values: Value, places: Places) -> Value:
    """The mean over the chosen places; over none it is 0 / 0, as in PyTorch."""
    each = p.fill(float(math.prod(values.shape[1:])), (), 'float')
    count = p.reduce('sum', places.shares, [0], False)
    return p.binary('div', total(values, places), p.binary('mul', count, each))


def places_of(operands: tuple[Any, ...]) -> Places | None:
    """The one mask that chose all tensors among the operands; None where none was chosen.

    Raises:
        DataDependent: where several masks chose, or only some of the tensors were.
    """
    tensors = [item for item in operands if isinstance(item, Tensor)]
    masks = [item._places for item in tensors if isinstance(item, ChosenTensor)]
    if not masks:
        return None
    if len(masks) < len(tensors) or any(mask.source is not masks[0].source for mask in masks):
        raise DataDependent(WHAT)
    return masks[0]


def whole(item: Any) -> Any:
    """A chosen tensor with all its places; anything else as it is."""
    return item._all if isinstance(item, ChosenTensor) else item
