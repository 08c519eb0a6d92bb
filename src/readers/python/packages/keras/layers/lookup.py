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
from .layer import Layer


class _Adapting(Layer):
    """Learns its vocabulary or its limits from data that are not here."""

    _takes_unknown = True

    def adapt(self, *_: Any, **__: Any) -> None:
        return

    def get_vocabulary(self, *_: Any, **__: Any) -> Any:
        return Inert(f'{self.name}.get_vocabulary()')

    def vocabulary_size(self) -> Any:
        return Inert(f'{self.name}.vocabulary_size()')

    set_vocabulary = load_assets = save_assets = adapt


def encoded(indices: Value, classes: int, mode: str) -> Value:
    """CategoryEncoding of whole numbers: `one_hot`, `multi_hot` or `count` over the last axis."""
    hot = emit('oneHot', {'classes': classes}, (p.cast(indices, 'int'),), (*indices.shape, classes), 'float')
    if mode == 'one_hot' or len(indices.shape) < 2:
        if mode == 'one_hot' and len(indices.shape) > 1 and indices.shape[-1] == 1:
            return p.reshape(hot, (*indices.shape[:-1], classes))
        return hot
    return p.reduce('max' if mode == 'multi_hot' else 'sum', hot, [len(indices.shape) - 1], False)


class TextVectorization(_Adapting):
    """Texts to word numbers [N, length], or to one number a word of the vocabulary [N, words]."""

    def __init__(
        self, max_tokens: int | None = None, standardize: Any = 'lower_and_strip_punctuation', split: Any = 'whitespace',
        ngrams: Any = None, output_mode: str = 'int', output_sequence_length: int | None = None, pad_to_max_tokens: bool = False,
        vocabulary: Any = None, idf_weights: Any = None, sparse: bool = False, ragged: bool = False, encoding: str = 'utf-8',
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        known = isinstance(vocabulary, (list, tuple))
        self.max_tokens = len(vocabulary) + 2 if known and max_tokens is None else max_tokens
        self.output_mode, self.length = output_mode, output_sequence_length

    def call(self, inputs: Any) -> Any:
        if isinstance(inputs, Tensor):
            raise UnsupportedOp('`TextVectorization` inside a model', 'begin the model behind it, with the numbers that it gives')
        width = self.length if self.output_mode == 'int' else self.max_tokens
        if not isinstance(inputs, Batch) or not isinstance(width, int):
            return Inert(f'{self.name}(...)')
        kind, high = ('int', self.max_tokens) if self.output_mode == 'int' else ('float', None)
        return wrap(value_of(unknown_array((inputs._rows, width), kind, high)))


class _Lookup(_Adapting):
    """A table of known words or numbers."""

    what = 'words'

    def __init__(self, max_tokens: int | None = None, num_oov_indices: int = 1, *args: Any, vocabulary: Any = None, **kwargs: Any) -> None:
        self.output_mode = kwargs.pop('output_mode', 'int')
        for option in ('mask_token', 'oov_token', 'vocabulary_dtype', 'idf_weights', 'invert', 'pad_to_max_tokens', 'encoding'):
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        self.count = max_tokens if max_tokens is not None else len(vocabulary) + num_oov_indices if isinstance(vocabulary, (list, tuple)) else None

    def call(self, inputs: Any) -> Any:
        if isinstance(inputs, Tensor):
            raise UnsupportedOp(f'`{type(self).__name__}` inside a model', f'begin the model behind it, with the numbers of the {self.what}')
        return Inert(f'{self.name}(...)')


class StringLookup(_Lookup):
    pass


class IntegerLookup(_Lookup):
    what = 'numbers'


class Hashing(_Lookup):
    what = 'bins'

    def __init__(self, num_bins: int, *_: Any, output_mode: str = 'int', **kwargs: Any) -> None:
        for option in ('mask_value', 'salt', 'sparse'):
            kwargs.pop(option, None)
        super().__init__(num_bins, output_mode=output_mode, **kwargs)


class HashedCrossing(Hashing):
    pass


class CategoryEncoding(_Adapting):
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


class Discretization(_Adapting):
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
