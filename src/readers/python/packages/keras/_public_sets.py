"""`tensorflow_datasets`: the shapes that its catalogue gives for well-known sets (tensorflow.org/datasets/catalog)."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from ._data import Dataset
from ._datasets import unknown_array
from ._pictures import Picture
from ._quiet import module, none
from ._tensor import value_of, wrap

#: Shape of the pictures or features without the batch, number of classes. None where each picture has a size of its own.
_PICTURES: dict[str, tuple[tuple[int | None, ...], int]] = {
    'mnist': ((28, 28, 1), 10), 'fashion_mnist': ((28, 28, 1), 10), 'kmnist': ((28, 28, 1), 10), 'emnist': ((28, 28, 1), 62),
    'emnist/letters': ((28, 28, 1), 37), 'emnist/balanced': ((28, 28, 1), 47), 'emnist/digits': ((28, 28, 1), 10),
    'cifar10': ((32, 32, 3), 10), 'cifar100': ((32, 32, 3), 100), 'svhn_cropped': ((32, 32, 3), 10), 'stl10': ((96, 96, 3), 10),
    'horses_or_humans': ((300, 300, 3), 2), 'rock_paper_scissors': ((300, 300, 3), 3), 'beans': ((500, 500, 3), 3),
    'eurosat': ((64, 64, 3), 10), 'patch_camelyon': ((96, 96, 3), 2), 'omniglot': ((105, 105, 3), 1623),
    'deep_weeds': ((256, 256, 3), 9), 'colorectal_histology': ((150, 150, 3), 8), 'cats_vs_dogs': ((None, None, 3), 2),
    'oxford_flowers102': ((None, None, 3), 102), 'tf_flowers': ((None, None, 3), 5), 'oxford_iiit_pet': ((None, None, 3), 37),
    'food101': ((None, None, 3), 101), 'stanford_dogs': ((None, None, 3), 120), 'caltech101': ((None, None, 3), 102),
    'caltech_birds2011': ((None, None, 3), 200), 'cars196': ((None, None, 3), 196), 'malaria': ((None, None, 3), 2),
    'plant_village': ((None, None, 3), 38), 'imagenet2012': ((None, None, 3), 1000), 'imagenette': ((None, None, 3), 10),
    'imagewang': ((None, None, 3), 20),
}  # fmt: skip
_FEATURES: dict[str, tuple[tuple[int, ...], int]] = {'iris': ((4,), 3)}
#: Texts: the name of the text, number of classes.
_TEXTS: dict[str, tuple[str, int]] = {
    'imdb_reviews': ('text', 2), 'ag_news_subset': ('description', 4), 'yelp_polarity_reviews': ('text', 2), 'glue/sst2': ('sentence', 2),
}  # fmt: skip


class _Label:
    def __init__(self, classes: int) -> None:
        self.num_classes = classes

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'label.{name}')


class _Features(dict[str, Any]):
    def __missing__(self, key: str) -> Any:
        return Inert(f'features[{key!r}]')


class _Info:
    """What `with_info=True` gives."""

    def __init__(self, example: Any, classes: int) -> None:
        self.features = _Features(example, label=_Label(classes))
        self.supervised_keys = (*example, 'label')

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'info.{name}')


def _tensor(shape: tuple[int, ...], kind: str = 'float', high: int | None = None) -> Any:
    return wrap(value_of(unknown_array(shape, kind, high)))


def _example(name: str) -> tuple[dict[str, Any], int] | None:
    """One example without its label, and the number of classes; None for a set that is not listed."""
    parts = name.split(':')[0].split('/')
    for key in ('/'.join(parts[:2]), parts[0]):
        if key in _PICTURES:
            shape, classes = _PICTURES[key]
            known = [n for n in shape if n is not None]
            return {'image': _tensor((*known,), 'int', 256) if len(known) == len(shape) else Picture('picture', known[-1])}, classes
        if key in _FEATURES:
            shape, classes = _FEATURES[key]
            return {'features': _tensor(shape)}, classes
        if key in _TEXTS:
            text, classes = _TEXTS[key]
            return {text: Inert('text')}, classes
    return None


def load(
    name: Any = None, split: Any = None, batch_size: Any = None, shuffle_files: bool = False, download: bool = True,
    as_supervised: bool = False, *_: Any, with_info: bool = False, **__: Any,
) -> Any:  # fmt: skip
    """`tfds.load`: data sets of the listed sets; of others nothing is known."""
    found = _example(name) if isinstance(name, str) else None
    if found is None:
        unknown = Inert(f'tensorflow_datasets.load({name!r})' if isinstance(name, str) else 'tensorflow_datasets.load(...)')
        return (unknown, Inert('info')) if with_info else unknown
    held, classes = found
    label = _tensor((), 'int', classes)
    element: Any = (*held.values(), label) if as_supervised else {**held, 'label': label}
    made = Dataset(element)
    if isinstance(batch_size, int):
        made = made.batch(batch_size)
    data: Any = made
    if split is None:
        data = {part: made for part in ('train', 'test', 'validation')}
    elif isinstance(split, (list, tuple)):
        data = type(split)(made for _ in split)
    return (data, _Info(held, classes)) if with_info else data


class _Builder:
    """`tfds.builder`"""

    def __init__(self, name: Any = None, **_: Any) -> None:
        self._name = name
        found = _example(name) if isinstance(name, str) else None
        self.info: Any = Inert('info') if found is None else _Info(*found)

    def download_and_prepare(self, *_: Any, **__: Any) -> None:
        return

    def as_dataset(self, split: Any = None, batch_size: Any = None, shuffle_files: bool = False, *_: Any, as_supervised: bool = False, **__: Any) -> Any:
        return load(self._name, split, batch_size, as_supervised=as_supervised)


def install() -> None:
    module('tensorflow_datasets', load=load, builder=_Builder, as_numpy=lambda dataset: dataset, disable_progress_bar=none)
