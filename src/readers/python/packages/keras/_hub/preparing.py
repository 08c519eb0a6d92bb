"""`keras_hub.layers` that prepare data: pictures of one size and scale, texts as numbers of one length."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from .. import _text
from .._data import Batch
from .._datasets import unknown_array
from .._namespace import IMAGE
from .._ops import arithmetic, creation, elementwise
from .._pixels import taken_as_pixels
from .._tensor import Tensor, value_of, wrap
from ..layers.layer import Layer
from .images import PRESETS, scaling

_FUNCTIONS: dict[str, Any] = arithmetic.FUNCTIONS


class ImageConverter(Layer):
    """Resizes pictures and scales their bytes as a preset's backbone takes them."""

    _takes_unknown = True

    def __init__(self, image_size: Any = None, scale: Any = None, offset: Any = None, **kwargs: Any) -> None:
        for option in ('crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'interpolation', 'antialias', 'bounding_box_format', 'data_format'):
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        self.image_size, self.scale, self.offset = image_size, scale, offset

    @classmethod
    def from_preset(cls, preset: Any, **options: Any) -> Any:
        if preset not in PRESETS:
            return Inert('keras_hub.layers.ImageConverter.from_preset(...)')
        scale, offset = scaling(preset)
        return cls(**{'scale': scale, 'offset': offset, **options})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], Inert):
            return self._sized(args[0])
        return super().__call__(*args, **kwargs)

    def _sized(self, x: Any) -> Any:
        if self.image_size is None or (isinstance(x, Tensor) and tuple(value_of(x).shape[-3:-1]) == tuple(self.image_size)):
            return x
        return IMAGE['resize'](x, self.image_size)

    def call(self, inputs: Any) -> Any:
        x = self._sized(inputs)
        if not isinstance(x, Tensor):
            return x
        if self.scale is not None:
            taken_as_pixels(value_of(inputs))
            x = _FUNCTIONS['multiply'](elementwise.cast(x, 'float32'), creation.convert_to_tensor(self.scale))
        return x if self.offset is None else _FUNCTIONS['add'](x, creation.convert_to_tensor(self.offset))


class Tokenizer:
    """Texts stay texts: how many there are is what is known of them."""

    @classmethod
    def from_preset(cls, preset: Any, **_: Any) -> Tokenizer:
        return cls()

    def __call__(self, texts: Any, *_: Any, **__: Any) -> Any:
        return _text.same(texts)

    tokenize = __call__

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'tokenizer.{name}')


class StartEndPacker:
    """Word numbers of one length, with the mask of those that count."""

    def __init__(self, sequence_length: Any, *_: Any, return_padding_mask: bool = False, **__: Any) -> None:
        self.sequence_length, self.return_padding_mask = sequence_length, return_padding_mask

    def __call__(self, inputs: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(self.sequence_length, int):
            return Inert('StartEndPacker(...)')
        shape = (inputs._rows, self.sequence_length) if isinstance(inputs, Batch) else (self.sequence_length,)
        made = wrap(value_of(unknown_array(shape, 'int')))
        return (made, wrap(value_of(unknown_array(shape, 'bool')))) if self.return_padding_mask else made
