"""Pictures whose size is their own: decoded files, sets of photographs. What resizes them says what they are."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert, made_of

from ._datasets import unknown_array
from ._tensor import flatten, value_of, wrap


class Picture(Inert):
    """A picture [H, W, channels] of a size that is not known."""

    _channels: int

    def __init__(self, label: str, channels: int) -> None:
        super().__init__(label)
        object.__setattr__(self, '_channels', channels)


def _same(self: Picture, *_: object) -> Picture:
    return self


# Numbers are added and scaled: the size stays.
for _name in ('add', 'sub', 'mul', 'truediv'):
    for _prefix in ('', 'r', 'i'):
        setattr(Picture, f'__{_prefix}{_name}__', _same)


def channels_of(value: Any) -> int | None:
    """Channels of a picture of unknown size; None for anything else."""
    return object.__getattribute__(value, '_channels') if isinstance(value, Picture) else None


def decoded(contents: Any = None, channels: Any = 0, *_: Any, **__: Any) -> Any:
    """`tf.io.decode_jpeg` and its like: of a size of its own, with the channels that are asked for."""
    return Picture('picture', channels) if isinstance(channels, int) and channels > 0 else Inert('picture')


def unchanged(function: Any) -> Any:
    """The function, which gives a picture of unknown size back as it is."""

    def run(*args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else next(iter(kwargs.values()), None)
        return first if isinstance(first, Picture) else function(*args, **kwargs)

    run.__name__ = getattr(function, '__name__', 'function')
    return run


def sized(resize: Any) -> Any:
    """A function that resizes: a picture of unknown size has the one that is asked for."""

    def run(images: Any = None, size: Any = None, *args: Any, **kwargs: Any) -> Any:
        images = kwargs.pop('image', images)
        channels = channels_of(images)
        if channels is None:
            return resize(images, size, *args, **kwargs)
        known = [n for n in flatten(size) if isinstance(n, int)]
        return wrap(value_of(unknown_array((known[0], known[1], channels), 'float'))) if len(known) == 2 else made_of(images, 'resize(...)')

    return run
