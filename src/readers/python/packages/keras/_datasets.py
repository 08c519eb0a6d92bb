"""keras.datasets: the shapes and label counts of the data, whose contents are not here."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from ._quiet import module


def unknown_array(shape: tuple[int, ...], kind: str, high: int | None = None) -> Any:
    """An array of which the shape is known. `high`, the exclusive upper limit of integers, is told to the reader only by tensors."""
    import numpy

    return numpy.ndarray._make(shape, kind, None)  # type: ignore[attr-defined]


def _pictures(rows: tuple[int, int], size: tuple[int, ...], labels: int, label_shape: tuple[int, ...] = ()) -> Any:
    def load_data(*_: Any, **__: Any) -> Any:
        return tuple(
            (unknown_array((count, *size), 'int', 256), unknown_array((count, *label_shape), 'int', labels)) for count in rows
        )

    return load_data


def _texts(labels: int) -> Any:
    def load_data(path: Any = None, num_words: int | None = None, maxlen: int | None = None, **_: Any) -> Any:
        words = num_words or 30_000
        return tuple((Reviews(25_000, words), unknown_array((25_000,), 'int', labels)) for _ in range(2))

    return load_data


class Reviews:
    """Sequences of word numbers of differing lengths, to be padded."""

    def __init__(self, rows: int, words: int) -> None:
        self.rows, self.words = rows, words
        self.shape = (rows,)

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return Reviews(len(range(*key.indices(self.rows))), self.words)
        return Inert('review')

    def __iter__(self) -> Any:
        return iter((Inert('review'),))


def pad_sequences(sequences: Any, maxlen: int | None = None, *_: Any, **__: Any) -> Any:
    """Sequences of one length; unknown where the length is."""
    if maxlen is None:
        return Inert('pad_sequences(...)')
    if isinstance(sequences, Reviews):
        return unknown_array((len(sequences), maxlen), 'int', sequences.words)
    if isinstance(sequences, Inert):
        return Inert('pad_sequences(...)')
    return unknown_array((len(sequences), maxlen), 'int')


def to_categorical(x: Any, num_classes: int | None = None, **_: Any) -> Any:
    if isinstance(x, Inert) or num_classes is None:
        return Inert('to_categorical(...)')
    shape = tuple(getattr(x, 'shape', (len(x),) if hasattr(x, '__len__') else ()))
    if shape and shape[-1] == 1 and len(shape) > 1:
        shape = shape[:-1]
    return unknown_array((*shape, int(num_classes)), 'float')


def install() -> None:
    home = 'keras.datasets'
    module(home)
    module(f'{home}.mnist', load_data=_pictures((60_000, 10_000), (28, 28), 10))
    module(f'{home}.fashion_mnist', load_data=_pictures((60_000, 10_000), (28, 28), 10))
    module(f'{home}.cifar10', load_data=_pictures((50_000, 10_000), (32, 32, 3), 10, (1,)))
    module(f'{home}.cifar100', load_data=_pictures((50_000, 10_000), (32, 32, 3), 100, (1,)))
    module(f'{home}.imdb', load_data=_texts(2), get_word_index=lambda *_, **__: Inert('imdb.get_word_index()'))
    module(f'{home}.reuters', load_data=_texts(46), get_word_index=lambda *_, **__: Inert('reuters.get_word_index()'))

    def tabular(columns: int) -> Any:
        def load_data(*_: Any, **__: Any) -> Any:
            return tuple((unknown_array((count, columns), 'float'), unknown_array((count,), 'float')) for count in (404, 102))

        return load_data

    module(f'{home}.boston_housing', load_data=tabular(13))
    module(f'{home}.california_housing', load_data=tabular(8))
