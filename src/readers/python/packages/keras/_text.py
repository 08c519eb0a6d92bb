"""Texts, of which nothing is known but how many there are: what turns them into numbers gives numbers of a known shape."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from ._data import Batch
from ._datasets import Reviews, unknown_array

#: Texts of a list that is not here.
_TEXTS = 10_000


def same(*texts: Any, **_: Any) -> Any:
    """`tf.strings.lower` and its like: as many texts as before."""
    for item in texts:
        if isinstance(item, Batch):
            return Batch('text', item._rows)
    return Inert('text')


class Tokenizer:
    """keras.preprocessing.text.Tokenizer"""

    def __init__(self, num_words: int | None = None, *_: Any, **__: Any) -> None:
        self.num_words = num_words

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'tokenizer.{name}')

    def fit_on_texts(self, *_: Any, **__: Any) -> None:
        return

    fit_on_sequences = fit_on_texts

    def texts_to_sequences(self, texts: Any) -> Any:
        return Reviews(_count(texts), self.num_words or 30_000)

    def texts_to_matrix(self, texts: Any, mode: str = 'binary') -> Any:
        if self.num_words is None:
            return Inert('tokenizer.texts_to_matrix(...)')
        return unknown_array((_count(texts), self.num_words), 'float')

    sequences_to_matrix = texts_to_matrix


def _count(texts: Any) -> int:
    """How many texts there are; a list that was filled from files that are not here holds no more than it shows."""
    known = isinstance(texts, (list, tuple)) and not any(isinstance(item, Inert) for item in texts)
    return len(texts) if known else _TEXTS
