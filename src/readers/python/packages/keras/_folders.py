"""Data sets read from folders that are not here: the arguments say the shape of their elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradient_lens.inert import Inert

from ._data import Batch, Dataset
from ._datasets import unknown_array
from ._quiet import module, none
from ._tensor import value_of, wrap
from ._text import Tokenizer

_CHANNELS = {'rgb': 3, 'rgba': 4, 'grayscale': 1}


def _tensor(shape: tuple[int, ...], kind: str = 'float', high: int | None = None) -> Any:
    return wrap(value_of(unknown_array(shape, kind, high)))


def _labels(mode: Any, rows: int) -> Any:
    """Labels of one batch; how many classes there are hangs on the folders."""
    if mode in ('binary', 'int', 'sparse'):
        return _tensor((rows, 1) if mode == 'binary' else (rows,), 'int' if mode != 'binary' else 'float')
    return Inert('labels')


def _parts(element: Any, subset: Any) -> Any:
    return (Dataset(element), Dataset(element)) if subset == 'both' else Dataset(element)


def _element(inputs: Any, mode: Any, rows: int) -> Any:
    return inputs if mode is None else (inputs, _labels(mode, rows))


def image_dataset_from_directory(
    directory: Any = None, labels: Any = 'inferred', label_mode: Any = 'int', class_names: Any = None, color_mode: str = 'rgb',
    batch_size: int | None = 32, image_size: Any = (256, 256), *_: Any, subset: Any = None, **__: Any,
) -> Any:  # fmt: skip
    if any(not isinstance(n, int) for n in (*image_size, batch_size or 1)):
        return _parts(Inert('pictures of an unknown size'), subset)
    rows = batch_size or 1
    pictures = _tensor((rows, *image_size, _CHANNELS.get(color_mode, 3)))
    whole = Dataset(_element(pictures, None if labels is None else label_mode, rows))
    return _parts((whole if batch_size else whole.unbatch())._element, subset)


def text_dataset_from_directory(
    directory: Any = None, labels: Any = 'inferred', label_mode: Any = 'int', class_names: Any = None, batch_size: int | None = 32,
    *_: Any, subset: Any = None, **__: Any,
) -> Any:  # fmt: skip
    rows = batch_size if isinstance(batch_size, int) else 32
    whole = Dataset(_element(Batch('texts', rows), None if labels is None else label_mode, rows))
    return _parts((whole if batch_size else whole.unbatch())._element, subset)


def timeseries_dataset_from_array(
    data: Any, targets: Any, sequence_length: int, sequence_stride: int = 1, sampling_rate: int = 1, batch_size: int | None = 128,
    *_: Any, **__: Any,
) -> Any:  # fmt: skip
    shape = getattr(data, 'shape', None)
    if isinstance(data, Inert) or not isinstance(shape, tuple) or isinstance(sequence_length, Inert) or batch_size is None:
        inputs: Any = Inert('timeseries')
    else:
        inputs = _tensor((batch_size, sequence_length, *shape[1:]))
    return Dataset(inputs if targets is None else (inputs, Inert('targets')))


class _Folder:
    """What `flow_from_directory` gives: batches without end."""

    def __init__(self, inputs: Any, labels: Any) -> None:
        self._batch = inputs if labels is None else (inputs, labels)

    def __iter__(self) -> Iterator[Any]:
        return iter((self._batch,))

    def __next__(self) -> Any:
        return self._batch

    next = __next__

    def __getitem__(self, key: Any) -> Any:
        return self._batch

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'generator.{name}')


class ImageDataGenerator:
    """keras.preprocessing.image.ImageDataGenerator"""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def fit(self, *_: Any, **__: Any) -> None:
        return

    def flow_from_directory(
        self, directory: Any = None, target_size: Any = (256, 256), color_mode: str = 'rgb', classes: Any = None,
        class_mode: Any = 'categorical', batch_size: int = 32, *_: Any, **__: Any,
    ) -> Any:  # fmt: skip
        if any(not isinstance(n, int) for n in (*target_size, batch_size)):
            return Inert('ImageDataGenerator.flow_from_directory(...)')
        pictures = _tensor((batch_size, *target_size, _CHANNELS.get(color_mode, 3)))
        if class_mode == 'input':
            return _Folder(pictures, pictures)
        labels = None if class_mode is None else _tensor((batch_size,)) if class_mode == 'binary' else _labels(class_mode, batch_size)
        return _Folder(pictures, labels)

    def flow_from_dataframe(self, dataframe: Any = None, directory: Any = None, *args: Any, **kwargs: Any) -> Any:
        kept = ('target_size', 'color_mode', 'class_mode', 'batch_size')
        return self.flow_from_directory(directory, **{key: item for key, item in kwargs.items() if key in kept})

    def flow(self, x: Any, y: Any = None, batch_size: int = 32, *_: Any, **__: Any) -> Any:
        shape = getattr(x, 'shape', None)
        if isinstance(x, Inert) or not isinstance(shape, tuple):
            return Inert('ImageDataGenerator.flow(...)')
        labels = getattr(y, 'shape', None)
        known = isinstance(labels, tuple) and not isinstance(y, Inert)
        return _Folder(_tensor((batch_size, *shape[1:])), _tensor((batch_size, *labels[1:])) if known and labels else None if y is None else Inert('y'))


def install() -> None:
    """Makes the functions part of `keras.utils` and `keras.preprocessing`."""
    folders = {
        'image_dataset_from_directory': image_dataset_from_directory, 'text_dataset_from_directory': text_dataset_from_directory,
        'timeseries_dataset_from_array': timeseries_dataset_from_array,
    }  # fmt: skip
    module('keras.utils', **folders)
    module('keras.preprocessing', **folders)
    module('keras.preprocessing.image', ImageDataGenerator=ImageDataGenerator, save_img=none,
           image_dataset_from_directory=image_dataset_from_directory)  # fmt: skip
    module('keras.preprocessing.text', Tokenizer=Tokenizer, text_dataset_from_directory=text_dataset_from_directory)
    module('keras.preprocessing.timeseries', timeseries_dataset_from_array=timeseries_dataset_from_array)
    # Keras 3 keeps what is left of the old modules here.
    module('keras.legacy')
    module('keras.src.legacy')
