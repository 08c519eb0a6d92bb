"""Sizes that come from data that are not here: an ordinary size is taken in their place, and said."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from gradient_lens.bounded import AtMost
from gradient_lens.inert import Inert, inert_label, stands_for_many, unknown_argument
from gradient_lens.session import session

from ._context import context
from ._keras1 import as_today

#: What is taken for an unknown size, by the argument that it is given for. Of shapes it is one axis.
_SIZES: dict[str, int] = {
    'units': 10, 'filters': 32, 'input_dim': 1000, 'output_dim': 64, 'input_length': 32, 'n': 8, 'num_heads': 4, 'key_dim': 16,
    'value_dim': 16, 'num_tokens': 1000, 'shape': 32, 'input_shape': 32, 'batch_shape': 32, 'batch_input_shape': 32,
    'target_shape': 32, 'output_shape': 32, 'max_tokens': 1000, 'output_sequence_length': 32,
}  # fmt: skip
#: Axes that count features rather than steps or pixels.
_FEATURES = 16
#: What is taken for a whole shape without the batch, by how many axes the layer takes.
_SHAPES: dict[int, tuple[int, ...]] = {1: (32,), 2: (64, 16), 3: (64, 64, 3), 4: (16, 32, 32, 3)}
_OF_INPUTS = ('shape', 'input_shape')


def knowing[F: Callable[..., Any]](initialise: F) -> F:
    """A constructor that takes unknown sizes, and arguments under the names of Keras 1."""
    signature = inspect.signature(initialise)

    @functools.wraps(initialise)
    def __init__(layer: Any, /, *args: Any, **kwargs: Any) -> None:
        args, kwargs = as_today(layer, signature, args, kwargs)
        if unknown_argument(args, kwargs, 2) is not None:
            args, kwargs = _without_unknown(layer, signature, args, kwargs)
        initialise(layer, *args, **kwargs)

    return __init__  # type: ignore[return-value]


def _without_unknown(
    layer: Any, signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    names = [item.name for item in signature.parameters.values() if item.kind is item.POSITIONAL_OR_KEYWORD][1:]
    positional = [_known(layer, name, item) for name, item in zip(names, args)]
    return (*positional, *args[len(names) :]), {name: _known(layer, name, item) for name, item in kwargs.items()}


def _known(layer: Any, name: str, item: Any) -> Any:
    """The argument, with a size in place of something unknown."""
    if name not in _SIZES:
        return item
    if isinstance(item, Inert) and name in _OF_INPUTS:
        return _assume_shape(layer, name, item)
    if isinstance(item, Inert):
        # Of an embedding it is how many words there are, of others how many features.
        features = name == 'input_dim' and type(layer).__name__ != 'Embedding'
        return _assume(layer, name, item, _FEATURES if features else _SIZES[name])
    if isinstance(item, (tuple, list)):
        starred = next((size for size in item if isinstance(size, Inert) and stands_for_many(item)), None)
        if starred is not None and name in _OF_INPUTS:
            # `(None, *data.shape[2:])`: how many axes there are is as unknown.
            return _assume_shape(layer, name, starred)
        last = len(item) - 1
        return type(item)(
            _assume(layer, name, size, _FEATURES if place == last and last > 0 else _SIZES[name]) if isinstance(size, Inert) else size
            for place, size in enumerate(item)
        )
    return item


def _assume(layer: Any, name: str, value: Inert, size: int) -> int:
    label = inert_label(value)
    if isinstance(value, AtMost):
        size = value.most
    elif label.isidentifier():
        size = _by_name(label, size)
    # What is spelled alike is of one size.
    size = context.assumed.setdefault(label, size)
    layer.__dict__.setdefault('_guesses', []).append(
        f'`{name}` of `{type(layer).__name__}` comes from `{label}`, which is not known here; {size} is assumed.'
    )
    return size


def _assume_shape(layer: Any, name: str, value: Inert) -> tuple[int, ...]:
    """A whole shape that is not known, as the layer takes it; of an `Input`, as the layer takes it that it goes into."""
    shape = _SHAPES.get(layer._data_axes or 1, _SHAPES[1])
    _tell_shape(layer, name, inert_label(value), shape)
    layer.__dict__['_any_shape'] = (name, inert_label(value))
    return shape


def _tell_shape(layer: Any, name: str, label: str, shape: tuple[int, ...]) -> None:
    layer.__dict__.setdefault('_guesses', []).append(
        f'`{name}` of `{type(layer).__name__}` comes from `{label}`, which is not known here; {shape} is assumed.'
    )


def fitted_shape(start: Any, axes: int) -> tuple[int, ...] | None:
    """Another shape for an `InputLayer` of unknown shape that goes into a layer of so many axes; None where its own will do."""
    unknown = start.__dict__.pop('_any_shape', None)
    if unknown is None or axes not in _SHAPES or len(start.batch_shape) == axes + 1:
        return None
    start.__dict__['_guesses'].pop()
    name, label = unknown
    _tell_shape(start, name, label, _SHAPES[axes])
    return _SHAPES[axes]


def _by_name(name: str, size: int) -> int:
    """What the name of a variable suggests: `num_classes`, `channels`."""
    from gradient_lens.reader.assumptions import assumed_value

    try:
        suggested = assumed_value(inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD))
    except KeyError:
        return size
    return suggested if type(suggested) is int else size


def tell(layer: Any) -> None:
    """Says what was assumed for a layer of the model that is being read."""
    if session.recorder is not None:
        for message in layer.__dict__.get('_guesses', ()):
            session.recorder.guess(message, layer._span)
