"""What a model's constructor arguments state about its input: `image_size=224`, `channels=3`, `frames=16`, `seq_len=128`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .constructions import Construction, Constructions
from .layers import Demand
from .models import modules

_IMAGE = re.compile(r'(image|img|input|im|spatial|crop)_?(size|res(olution)?|shape|dims?|hw)|resolution')
_HEIGHT = re.compile(r'((image|img|input|im)_?)?h(eight)?')
_WIDTH = re.compile(r'((image|img|input|im)_?)?w(idth)?')
_FRAMES = re.compile(r'(num_?|n_?)?frames|(clip|video)_?len(gth)?')
_CHANNELS = re.compile(r'(in_?|num_?|n_?|image_?|img_?|input_?|in_?img_?)?(channels?|chans?|ch)|c_?in|in_?c')
_LENGTH = re.compile(r'(seq(uence)?|input|signal)_?len(gth)?')
#: Channels that pictures have.
_MOST_CHANNELS = 16


@dataclass(frozen=True)
class Stated:
    """Sizes that arguments of `owner` name; `names` are those arguments."""

    owner: str
    names: tuple[str, ...]
    channels: int | None
    #: After the channels: (height, width), (frames, height, width), or a length.
    sizes: tuple[int, ...]

    def demands(self, first: Demand | None) -> Iterator[Demand]:
        """Inputs without their batch, given what the model's first layer takes."""
        told = ' and '.join(f'`{name}`' for name in self.names)
        wants = f'{told} of `{self.owner}` {"say" if len(self.names) > 1 else "says"} so'
        if len(self.sizes) == 1:
            if first is not None and first.shape:
                length = self.sizes[0]
                steps = (length,) if first.high is not None else (length, first.shape[-1])
                shape = (first.shape[0], length) if first.layer == 'Conv1d' else steps
                if None not in shape:
                    yield replace(first, shape=shape, told=wants)
            return
        if first is not None and len(first.shape) == len(self.sizes) + 1 and first.shape[0] is not None:
            yield replace(first, shape=(first.shape[0], *self.sizes), told=wants)
        elif self.channels is not None:
            yield Demand('', '', (self.channels, *self.sizes), told=wants)
        else:
            for channels in (3, 1):
                yield Demand('', '', (channels, *self.sizes), told=wants)


def stated_sizes(model: Any, constructions: Constructions) -> Iterator[Stated]:
    """What the model's own arguments state, then those of its parts, outermost first."""
    for part in modules(model):
        construction = constructions.of(part)
        found = None if construction is None else _stated(construction)
        if found is not None:
            yield found


def _stated(construction: Construction) -> Stated | None:
    cls = type(construction.module)
    try:
        bound = inspect.signature(cls).bind(*construction.arguments, **construction.keywords)
    except (TypeError, ValueError):
        return None
    bound.apply_defaults()
    arguments = {name: value for name, value in bound.arguments.items() if _is_size(value)}
    channels = next((value for name, value in arguments.items() if _CHANNELS.fullmatch(name) and isinstance(value, int)), None)
    names, sizes, own_channels = _picture(arguments)
    if not sizes:
        return None
    return Stated(cls.__name__, names, own_channels or channels, sizes)


def _is_size(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return 1 <= len(value) <= 7 and all(_is_size(item) and isinstance(item, int) for item in value)
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _picture(arguments: dict[str, Any]) -> tuple[tuple[str, ...], tuple[int, ...], int | None]:
    """Names, sizes and channels of a picture, a video or a sequence."""

    def first(pattern: re.Pattern[str]) -> tuple[str, Any] | None:
        return next(((name, value) for name, value in arguments.items() if pattern.fullmatch(name)), None)

    image, height, width, frames, length = (first(item) for item in (_IMAGE, _HEIGHT, _WIDTH, _FRAMES, _LENGTH))
    names: tuple[str, ...]
    channels: int | None = None
    if image is not None:
        names, sizes = (image[0],), (image[1],) * 2 if isinstance(image[1], int) else tuple(image[1])
        if len(sizes) == 1:
            sizes = sizes * 2
        if len(sizes) == 3 and sizes[0] <= _MOST_CHANNELS < sizes[1]:
            channels, sizes = sizes[0], sizes[1:]
        elif len(sizes) == 3 and sizes[2] <= _MOST_CHANNELS < sizes[0]:
            channels, sizes = sizes[2], sizes[:2]
    elif height is not None and width is not None and isinstance(height[1], int) and isinstance(width[1], int):
        names, sizes = (height[0], width[0]), (height[1], width[1])
    elif length is not None and isinstance(length[1], int):
        return (length[0],), (length[1],), None
    else:
        return (), (), None
    if frames is not None and isinstance(frames[1], int) and len(sizes) == 2:
        return (*names, frames[0]), (frames[1], *sizes), channels
    return names, sizes, channels
