"""A picture of which only the size is known."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

_CHANNELS = {'L': 1, '1': 1, 'P': 1, 'RGB': 3, 'RGBA': 4, 'CMYK': 4}


class Picture:
    """Stands for a PIL image. `height` and `width` are None where the file's data would say."""

    def __init__(self, channels: int, height: int | None, width: int | None) -> None:
        self.channels = channels
        self.height = height
        self.width = width

    @property
    def mode(self) -> str:
        return {1: 'L', 3: 'RGB', 4: 'RGBA'}.get(self.channels, 'RGB')

    @property
    def size(self) -> Any:
        return (self.width, self.height) if self.known else Inert('picture.size')

    @property
    def known(self) -> bool:
        return self.height is not None and self.width is not None

    def _array_shape(self) -> tuple[int, ...] | None:
        """Shape of the array that `numpy.array(picture)` gives."""
        if self.height is None or self.width is None:
            return None
        return (self.height, self.width, self.channels) if self.channels > 1 else (self.height, self.width)

    def convert(self, mode: str = 'RGB', *arguments: Any, **options: Any) -> Picture:
        return Picture(_CHANNELS.get(mode, 3), self.height, self.width)

    def resize(self, size: Any, *arguments: Any, **options: Any) -> Picture:
        return Picture(self.channels, int(size[1]), int(size[0]))

    def crop(self, box: Any) -> Picture:
        return Picture(self.channels, int(box[3] - box[1]), int(box[2] - box[0]))

    def copy(self) -> Picture:
        return self

    def sized(self, height: int | None, width: int | None) -> Picture:
        return Picture(self.channels, height, width)

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'picture.{name}')


class ClassNumber(int):
    """The label of a sample; `high` is the number of classes."""

    high: int

    def __new__(cls, value: int, high: int) -> ClassNumber:
        label = super().__new__(cls, value)
        label.high = high
        return label
