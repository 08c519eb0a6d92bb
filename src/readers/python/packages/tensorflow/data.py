"""A minimal `tf.data`: what a data set's elements look like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.inert import Inert

from keras._tensor import Tensor, mapped, value_of, wrap

AUTOTUNE = -1


class Dataset:
    """Holds one element. `batched` ones hold a whole batch."""

    element_spec: Any = None

    def __init__(self, element: Any = None) -> None:
        self._element = element

    @staticmethod
    def from_tensor_slices(tensors: Any, name: Any = None) -> Dataset:
        return Dataset(mapped(tensors, _row))

    @staticmethod
    def from_tensors(tensors: Any, name: Any = None) -> Dataset:
        return Dataset(mapped(tensors, lambda leaf: wrap(value_of(leaf)) if _known(leaf) else leaf))

    @staticmethod
    def from_generator(*_: Any, **__: Any) -> Dataset:
        return Dataset(Inert('tf.data.Dataset.from_generator'))

    @staticmethod
    def list_files(*_: Any, **__: Any) -> Dataset:
        return Dataset(Inert('file name'))

    @staticmethod
    def range(*_: Any, **__: Any) -> Dataset:
        return Dataset(wrap(p.fill(0, (), 'int')))

    @staticmethod
    def zip(*datasets: Any, **__: Any) -> Dataset:
        held = datasets[0] if len(datasets) == 1 and isinstance(datasets[0], (tuple, list)) else datasets
        return Dataset(tuple(item._element for item in held))

    def batch(self, batch_size: Any, *_: Any, **__: Any) -> Dataset:
        if not isinstance(batch_size, int):
            return Dataset(Inert('batch'))
        return Dataset(mapped(self._element, lambda leaf: _batched(leaf, batch_size)))

    padded_batch = batch

    def map(self, function: Any, *_: Any, **__: Any) -> Dataset:
        element = self._element
        try:
            made = function(*element) if isinstance(element, tuple) else function(element)
        except Exception:
            made = Inert('tf.data element')
        return Dataset(made)

    def _same(self, *_: Any, **__: Any) -> Dataset:
        return self

    shuffle = prefetch = cache = repeat = take = skip = filter = with_options = shard = enumerate_ = concatenate = _same
    interleave = unbatch = apply = window = snapshot = ignore_errors = _same

    def __iter__(self) -> Iterator[Any]:
        return iter((self._element,))

    def as_numpy_iterator(self) -> Iterator[Any]:
        return iter(self)

    def __len__(self) -> int:
        return 1

    def cardinality(self) -> Any:
        return Inert('cardinality')


def _known(leaf: Any) -> bool:
    return isinstance(leaf, Tensor) or hasattr(leaf, '__gradient_lens__') or isinstance(leaf, (int, float))


def _row(leaf: Any) -> Any:
    if not (isinstance(leaf, Tensor) or hasattr(leaf, '__gradient_lens__')):
        return leaf if isinstance(leaf, Inert) else Inert('element')
    value = value_of(leaf)
    return wrap(p.reshape(p.narrow(value, 0, 0, 1), value.shape[1:])) if value.shape else leaf


def _batched(leaf: Any, count: int) -> Any:
    if not _known(leaf):
        return leaf
    value = value_of(leaf)
    return wrap(p.broadcast_to(p.reshape(value, (1, *value.shape)), (count, *value.shape)))
