"""Layers that turn texts and numbers into numbers of classes. They stand before the model, or in it where they take numbers."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.value import Value, emit

from .._data import Batch
from .._datasets import unknown_array
from .._tensor import Tensor, value_of, wrap
from .words import Adapting


def encoded(indices: Value, classes: int, mode: str) -> Value:
    """CategoryEncoding of whole numbers: `one_hot`, `multi_hot` or `count` over the last axis."""
    hot = emit('oneHot', {'classes': classes}, (p.cast(indices, 'int'),), (*indices.shape, classes), 'float')
    if mode == 'one_hot' or len(indices.shape) < 2:
        if mode == 'one_hot' and len(indices.shape) > 1 and indices.shape[-1] == 1:
            return p.reshape(hot, (*indices.shape[:-1], classes))
        return hot
    return p.reduce('max' if mode == 'multi_hot' else 'sum', hot, [len(indices.shape) - 1], False)


class TextVectorization(Adapting):
    """Texts to word numbers [N, length], or to one number a word of the vocabulary [N, words]."""

    def __init__(
        self, max_tokens: int | None = None, standardize: Any = 'lower_and_strip_punctuation', split: Any = 'whitespace',
        ngrams: Any = None, output_mode: str = 'int', output_sequence_length: int | None = None, pad_to_max_tokens: bool = False,
        vocabulary: Any = None, idf_weights: Any = None, sparse: bool = False, ragged: bool = False, encoding: str = 'utf-8',
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        if isinstance(vocabulary, (list, tuple)):
            self.words = (['', '[UNK]'] if output_mode == 'int' else ['[UNK]']) + list(vocabulary)
        self.max_tokens = len(self.words) if self.words is not None and max_tokens is None else max_tokens
        self.output_mode, self.length = output_mode, output_sequence_length

    def numbers(self, shape: tuple[Any, ...]) -> Any:
        if self.output_mode == 'int':
            return (None, self.length), 'int', self.max_tokens
        return (None, self.known_count()), 'float', None

    def call(self, inputs: Any) -> Any:
        if isinstance(inputs, Tensor):
            self.refuse_numbers(inputs)
            return inputs
        width = self.length if self.output_mode == 'int' else self.max_tokens
        if not isinstance(inputs, Batch) or not isinstance(width, int):
            return Inert(f'{self.name}(...)')
        kind, high = ('int', self.max_tokens) if self.output_mode == 'int' else ('float', None)
        return wrap(value_of(unknown_array((inputs._rows, width), kind, high)))


class _Lookup(Adapting):
    """A table of known words or numbers."""

    def __init__(
        self, max_tokens: int | None = None, num_oov_indices: int = 1, mask_token: Any = None, oov_token: Any = None, vocabulary: Any = None,
        vocabulary_dtype: Any = None, idf_weights: Any = None, invert: bool = False, output_mode: str = 'int', pad_to_max_tokens: bool = False,
        sparse: bool = False, encoding: str = 'utf-8', **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.output_mode = 'multi_hot' if output_mode == 'binary' else output_mode
        before = [] if mask_token is None or output_mode != 'int' else [mask_token]
        if isinstance(vocabulary, (list, tuple)):
            self.words = [*before, *[oov_token if oov_token is not None else '[UNK]'] * num_oov_indices, *vocabulary]
        self.max_tokens = len(self.words) if self.words is not None and max_tokens is None else max_tokens

    def numbers(self, shape: tuple[Any, ...]) -> Any:
        if self.output_mode == 'tf_idf':
            return (None, self.known_count()), 'float', None
        return shape, 'int', self.max_tokens if self.output_mode == 'int' else self.known_count()

    def call(self, inputs: Any) -> Any:
        if not isinstance(inputs, Tensor):
            return Inert(f'{self.name}(...)')
        self.refuse_numbers(inputs)
        return inputs if self.output_mode in ('int', 'tf_idf') else wrap(encoded(value_of(inputs), self.known_count(), self.output_mode))


class StringLookup(_Lookup):
    pass


class IntegerLookup(_Lookup):
    takes_integers = True


class Hashing(_Lookup):
    takes_integers = True

    def __init__(
        self, num_bins: int, mask_value: Any = None, salt: Any = None, output_mode: str = 'int', sparse: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(num_bins, output_mode=output_mode, **kwargs)


class HashedCrossing(Hashing):
    def __init__(self, num_bins: int, output_mode: str = 'int', sparse: bool = False, **kwargs: Any) -> None:
        super().__init__(num_bins, output_mode=output_mode, **kwargs)


class CategoryEncoding(Adapting):
    """Class numbers to vectors of 0 and 1, or counts."""

    def __init__(self, num_tokens: int | None = None, output_mode: str = 'multi_hot', sparse: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if num_tokens is None:
            raise BadArgument('num_tokens must be set to use this layer.')
        if output_mode not in ('one_hot', 'multi_hot', 'count'):
            raise BadArgument(f'Unknown arg for output_mode: {output_mode}')
        self.num_tokens, self.output_mode = int(num_tokens), output_mode

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        if count_weights is not None:
            raise UnsupportedOp('`count_weights` of CategoryEncoding')
        return wrap(encoded(value_of(inputs), self.num_tokens, self.output_mode))


class Discretization(Adapting):
    """The number of the interval that a number lies in."""

    def __init__(
        self, bin_boundaries: Any = None, num_bins: int | None = None, epsilon: float = 0.01, output_mode: str = 'int', sparse: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.limits: list[float] | None = None if bin_boundaries is None else [float(item) for item in bin_boundaries]
        if self.limits is None and isinstance(num_bins, int):
            # What `adapt` would find in data drawn from N(0, 1): the quantiles.
            self.limits = [_normal_quantile((i + 1) / num_bins) for i in range(num_bins - 1)]
        self.output_mode = output_mode

    def call(self, inputs: Any) -> Any:
        if self.limits is None:
            raise BadArgument('Discretization needs `bin_boundaries` or `num_bins`')
        value = p.cast(value_of(inputs), 'float')
        found = p.fill(0, value.shape, 'int')
        for limit in self.limits:
            above = p.binary('greaterEqual', value, p.fill(limit, (), 'float'), 'float', 'bool')
            found = p.binary('add', found, p.cast(above, 'int'))
        return wrap(found if self.output_mode == 'int' else encoded(found, len(self.limits) + 1, self.output_mode))


def _normal_quantile(share: float) -> float:
    """Where the normal distribution function is `share`, by bisection."""
    low, high = -9.0, 9.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 + math.erf(middle / math.sqrt(2))) / 2 < share else (low, middle)
    return low
