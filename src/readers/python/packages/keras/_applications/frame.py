"""What the architectures share: where they begin, how they end, and what their weights are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradient_lens.errors import BadArgument

from .. import layers as L
from .._tensor import Tensor, flatten
from ..models import Model

#: Published with this many classes.
CLASSES = 1000


def begin(input_shape: Any, input_tensor: Any, default: int, include_top: bool) -> Tensor:
    """The tensor that goes in: what is given, else an `Input` of the published size, or of any size where the top is left off."""
    if input_tensor is not None:
        return input_tensor if isinstance(input_tensor, Tensor) else L.Input(tensor=input_tensor)
    if input_shape is None:
        input_shape = (default, default, 3) if include_top else (None, None, 3)
    return L.Input(shape=tuple(input_shape))


def finish(inputs: Tensor, outputs: Any, weights: Any, name: str) -> Model:
    """The model; weights of a checkpoint start as nobody here knows."""
    model = Model(_sources(inputs), outputs, name=name)
    if weights is not None:
        for held in model.weights:
            held._record.origin = 'checkpoint'
    model.__dict__['_ready_made'] = True
    return model


def top(
    x: Any, include_top: bool, pooling: str | None, classes: int, activation: Any, dropout: float = 0.0, initializer: Any = 'glorot_uniform'
) -> Any:
    """The usual end: the mean over the map and a classifier, or one of the poolings."""
    if not include_top:
        return pooled(x, pooling)
    x = L.GlobalAveragePooling2D(name='avg_pool')(x)
    if dropout:
        x = L.Dropout(dropout, name='top_dropout')(x)
    return L.Dense(classes, activation=activation, kernel_initializer=initializer, name='predictions')(x)


def pooled(x: Any, pooling: str | None) -> Any:
    if pooling not in (None, 'avg', 'max'):
        raise BadArgument(f'`pooling` is {pooling!r}; it is None, "avg" or "max".')
    if pooling is None:
        return x
    return (L.GlobalAveragePooling2D if pooling == 'avg' else L.GlobalMaxPooling2D)(name=f'{pooling}_pool')(x)


def _sources(tensor: Tensor) -> Any:
    """The inputs that a tensor hangs on."""
    found: dict[int, Tensor] = {}
    stack: list[Tensor] = [tensor]
    while stack:
        item = stack.pop()
        call = item._call
        if call is None or not call.inputs:
            found[id(item)] = item
        else:
            stack.extend(reversed(call.inputs))
    held = list(found.values())
    return held[0] if len(held) == 1 else held


def chain(x: Any, *steps: Callable[[Any], Any]) -> Any:
    for step in steps:
        x = step(x)
    return x


def halving(x: Any, kernel: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Padding before a convolution by stride 2 (Keras' `correct_pad`): one less in front where the size is even."""
    sizes = [n or 0 for n in flatten(tuple(x.shape))[1:3]]
    reach = kernel // 2
    first, second = ((reach - (1 - n % 2) if n else reach - 1, reach) for n in sizes)
    return first, second


def divisible(number: float, divisor: int = 8) -> int:
    """The nearest multiple, and no more than a tenth below (Sandler et al. 2018, `_make_divisible`)."""
    made = max(divisor, int(number + divisor / 2) // divisor * divisor)
    return made + divisor if made < 0.9 * number else made
