"""What a Keras model can be fed with by its own word: its inputs, what it was built for, what its parts declare, the usual shapes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from keras._tensor import read as read_keras
from keras.layers.inputs import SHRINKING, hangs_on_open_sizes

from ..errors import ShapeMismatch
from .inputs import Feed, InputSpec, TensorSlot
from .models import is_wired, unbuilt_on_failure

#: What a Keras model that says nothing of its inputs is tried with, without the batch.
_USUAL: tuple[tuple[tuple[int, ...], str], ...] = (
    ((16,), 'float'), ((32, 32, 3), 'float'), ((28, 28, 1), 'float'), ((28, 28), 'float'), ((32,), 'int'), ((32, 16), 'float'),
    ((64, 64, 3), 'float'), ((224, 224, 3), 'float'), ((16, 16, 16, 3), 'float'),
)  # fmt: skip
_ANY = 'The model takes inputs of any size of this kind; this one is assumed.'


def own_feeds(model: Any, batch: int) -> list[Feed]:
    """What a Keras model can be fed with by its own word, else the usual shapes."""
    if is_wired(model):
        return _wired_feeds(model, batch)
    built = model.__dict__.get('_built_for')
    if built is not None:
        shapes: Sequence[Any] = built if isinstance(built[0], (list, tuple)) else [built]
        specs = [InputSpec((batch, *shape[1:]), 'float', None, 'declared', 'The file builds it so.') for shape in shapes]
        if all(size is not None for shape in shapes for size in shape[1:]):
            return [Feed.of(specs)]
    found = _of_parts(model, batch)
    count = max(1, len(_positional(model)))
    usual = sorted(_USUAL, key=lambda item: item[1] != 'int') if _looks_up(model) else _USUAL
    return found + [
        Feed.of([InputSpec((batch, *shape), kind, None, 'guessed', _ANY)] * count)  # type: ignore[arg-type]
        for shape, kind in usual
    ]


def _looks_up(model: Any) -> bool:
    return any(type(layer).__name__ == 'Embedding' for layer in model._deep())


def _wired_feeds(model: Any, batch: int) -> list[Feed]:
    return [Feed.of([_start(tensor, batch, times) for tensor in model._wiring.starts]) for times in SHRINKING]


def _of_parts(model: Any, batch: int) -> list[Feed]:
    """What functional models declare that a model of the file's holds: its `call` hands its input to one of them first."""
    count = len(_positional(model))
    found: list[Feed] = []
    for part in model._layers:
        for feed in _wired_feeds(part, batch) if is_wired(part) else ():
            reason = f'The input of `{part.name}`, which the model holds.'
            specs = tuple(
                replace(spec, origin='solved', reason=reason) if spec.origin == 'declared' else spec for spec in feed.specs
            )
            # Several inputs go in as one list, unless `call` takes them one by one.
            listed = len(specs) > 1 and count == 1
            made = Feed(specs, ([TensorSlot(i) for i in range(len(specs))],), {}) if listed else Feed.of(specs)
            if count in (1, len(specs)) and made not in found:
                found.append(made)
    return found


class _Tried(Exception):
    """The end of a trial, after which the model is as it was."""


def wider(feed: Feed) -> Feed:
    """The feed with one more in each last axis."""
    return replace(feed, specs=tuple(replace(spec, shape=(*spec.shape[:-1], spec.shape[-1] + 1)) for spec in feed.specs))


def settled(model: Any, feed: Feed, run: Callable[[Feed], object]) -> Feed:
    """
    The feed of a part, told as a guess where the model takes another as well: then the part is not what its input goes into.
    """
    if all(spec.origin != 'solved' for spec in feed.specs):
        return feed
    try:
        with unbuilt_on_failure(model):
            run(wider(feed))
            raise _Tried
    except _Tried:
        return replace(feed, specs=tuple(replace(spec, origin='guessed', reason=_ANY) for spec in feed.specs))
    except Exception:
        return feed


def is_misfit(error: Exception) -> bool:
    """Whether another shape may mend a failure."""
    return isinstance(error, (ShapeMismatch, ValueError, TypeError))


def more_telling(before: Exception | None, error: Exception) -> Exception:
    """Of two failures the first, but one that no shape would mend says more."""
    return error if before is None or (is_misfit(before) and not is_misfit(error)) else before


def are_guessed(feeds: Sequence[Feed]) -> bool:
    """Whether nothing says what the model takes, so that its user has to."""
    return all(spec.origin == 'guessed' and spec.reason == _ANY for feed in feeds for spec in feed.specs)


def _positional(model: Any) -> list[inspect.Parameter]:
    found = inspect.signature(model.call).parameters.values()
    return [item for item in found if item.default is item.empty and item.kind is item.POSITIONAL_OR_KEYWORD]


def _start(tensor: Any, batch: int, times: int) -> InputSpec:
    value = read_keras(tensor)
    shape = tuple(tensor.shape)
    sizes = tuple(n // times if size is None else size for size, n in zip(shape, value.shape))
    fixed = bool(shape) and shape[0] is not None
    sizes = sizes if fixed or not sizes else (batch, *sizes[1:])
    kind = 'float' if value.dtype == 'float' else 'int'
    high = value.node.attributes.get('high') if kind == 'int' else None
    if None in shape[1:] or hangs_on_open_sizes(tensor):
        reason = f'`Input` leaves a size open; {"x".join(str(n) for n in sizes[1:])} is taken.'
        return InputSpec(sizes, kind, high, 'guessed', reason, None if fixed else 0)
    return InputSpec(sizes, kind, high, 'declared', 'The shape of the model\'s `Input`.', None if fixed else 0)
