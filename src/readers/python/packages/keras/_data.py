"""A minimal `tf.data`: what a data set's elements look like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import ReadError
from gradient_lens.inert import Inert

from ._datasets import unknown_array
from ._tensor import Tensor, mapped, value_of, wrap
from ._types import kind_of_dtype

AUTOTUNE = -1


class Batch(Inert):
    """Rows of something unknown: of texts, for instance."""

    _rows: int

    def __init__(self, label: str, rows: int) -> None:
        super().__init__(label)
        object.__setattr__(self, '_rows', rows)


class TensorSpec:
    """The shape and the kind that a data set's elements have."""

    def __init__(self, shape: Any = None, dtype: Any = 'float32', name: Any = None, **_: Any) -> None:
        self.shape, self.dtype, self.name = shape, dtype, name

    def example(self) -> Any:
        if self.shape is None or any(not isinstance(n, int) for n in self.shape) or str(self.dtype) == 'string':
            return Inert('element')
        return wrap(value_of(unknown_array(tuple(self.shape), kind_of_dtype(self.dtype))))


class Dataset:
    """Holds one element, which is a whole batch after `batch`."""

    def __init__(self, element: Any = None) -> None:
        self._element = element

    @property
    def element_spec(self) -> Any:
        return mapped(self._element, lambda leaf: TensorSpec(tuple(leaf.shape), leaf.dtype) if isinstance(leaf, Tensor) else leaf)

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        # `class_names`, `file_paths`: what lies in folders that are not here.
        return Inert(f'Dataset.{name}')

    @staticmethod
    def from_tensor_slices(tensors: Any, name: Any = None) -> Dataset:
        return Dataset(_slices(tensors))

    @staticmethod
    def from_tensors(tensors: Any, name: Any = None) -> Dataset:
        return Dataset(mapped(tensors, lambda leaf: wrap(value_of(leaf)) if _known(leaf) else leaf))

    @staticmethod
    def from_generator(
        generator: Any = None, output_types: Any = None, output_shapes: Any = None, args: Any = None, output_signature: Any = None,
        name: Any = None,
    ) -> Dataset:  # fmt: skip
        if output_signature is None and output_types is not None and output_shapes is not None:
            many = isinstance(output_types, tuple)
            output_signature = tuple(map(TensorSpec, output_shapes, output_types)) if many else TensorSpec(output_shapes, output_types)
        if output_signature is None:
            return Dataset(Inert('tf.data.Dataset.from_generator'))
        return Dataset(mapped(output_signature, lambda leaf: leaf.example() if isinstance(leaf, TensorSpec) else Inert('element')))

    @staticmethod
    def list_files(*_: Any, **__: Any) -> Dataset:
        return Dataset(Inert('file name'))

    @staticmethod
    def range(*_: Any, **__: Any) -> Dataset:
        return Dataset(wrap(p.fill(0, (), 'int')))

    @staticmethod
    def zip(*datasets: Any, **__: Any) -> Dataset:
        held = datasets[0] if len(datasets) == 1 and isinstance(datasets[0], (tuple, list)) else datasets
        return Dataset(tuple(item._element if isinstance(item, Dataset) else Inert('element') for item in held))

    def batch(self, batch_size: Any, *_: Any, **__: Any) -> Dataset:
        if not isinstance(batch_size, int):
            return Dataset(Inert('batch'))
        return Dataset(mapped(self._element, lambda leaf: _batched(leaf, batch_size)))

    padded_batch = batch

    def unbatch(self) -> Dataset:
        return Dataset(mapped(self._element, _row))

    def rebatch(self, batch_size: Any, *_: Any, **__: Any) -> Dataset:
        return self.unbatch().batch(batch_size)

    def map(self, function: Any, *_: Any, **__: Any) -> Dataset:
        return Dataset(_applied(function, self._element))

    def flat_map(self, function: Any, *_: Any, **__: Any) -> Dataset:
        made = _applied(function, self._element)
        return made if isinstance(made, Dataset) else Dataset(Inert('tf.data element'))

    interleave = flat_map

    def apply(self, function: Any) -> Dataset:
        made = _applied(function, self)
        return made if isinstance(made, Dataset) else Dataset(Inert('tf.data element'))

    def enumerate(self, start: int = 0, name: Any = None) -> Dataset:
        return Dataset((wrap(p.fill(0, (), 'int')), self._element))

    def window(self, *_: Any, **__: Any) -> Dataset:
        return Dataset(Inert('window'))

    def _same(self, *_: Any, **__: Any) -> Dataset:
        return self

    shuffle = prefetch = cache = repeat = take = skip = filter = with_options = shard = concatenate = _same
    snapshot = ignore_errors = take_while = rejection_resample = _same

    def __iter__(self) -> Iterator[Any]:
        return iter((self._element,))

    def as_numpy_iterator(self) -> Iterator[Any]:
        return iter(self)

    def __len__(self) -> int:
        return 1

    def cardinality(self) -> Any:
        return Inert('cardinality')

    def reduce(self, *_: Any, **__: Any) -> Any:
        return Inert('Dataset.reduce(...)')

    get_single_element = reduce


def unknown_rows(*_: Any, **__: Any) -> Dataset:
    """Lines or records of files that are not here."""
    return Dataset(Inert('line of a file'))


def _applied(function: Callable[..., Any], element: Any) -> Any:
    """What a function of the user's makes of an element; unknown where it cannot go on with what is known."""
    try:
        return function(*element) if isinstance(element, tuple) else function(element)
    except Exception:
        return Inert('tf.data element')


def _known(leaf: Any) -> bool:
    return isinstance(leaf, Tensor) or hasattr(leaf, '__gradient_lens__') or isinstance(leaf, (int, float))


def _slices(nest: Any) -> Any:
    """The first row of each tensor; a list is one tensor."""
    if isinstance(nest, dict):
        return {key: _slices(item) for key, item in nest.items()}
    if isinstance(nest, tuple):
        return tuple(_slices(item) for item in nest)
    if isinstance(nest, list):
        try:
            return _row(wrap(value_of(nest)))
        except (ReadError, TypeError):
            # Texts, or something unknown.
            return Inert('element')
    return _row(nest)


def _row(leaf: Any) -> Any:
    if not (isinstance(leaf, Tensor) or hasattr(leaf, '__gradient_lens__')):
        return leaf if isinstance(leaf, Inert) and not isinstance(leaf, Batch) else Inert('element')
    value = value_of(leaf)
    return wrap(p.reshape(p.narrow(value, 0, 0, 1), value.shape[1:])) if value.shape else leaf


def _batched(leaf: Any, count: int) -> Any:
    if isinstance(leaf, Inert):
        return Batch('batch', count)
    if not _known(leaf):
        return leaf
    value = value_of(leaf)
    return wrap(p.broadcast_to(p.reshape(value, (1, *value.shape)), (count, *value.shape)))
