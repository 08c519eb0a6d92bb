"""Layers that take texts, and models that begin with such a layer.

No gradient flows into a text: a model whose `Input` of texts goes into one of these layers begins with the numbers that the layer
makes of it, of the shape and the limit that the layer's own arguments say.
"""

from __future__ import annotations

from typing import Any

from gradient_lens.bounded import AtMost, Listed
from gradient_lens.errors import UnsupportedOp
from gradient_lens.inert import Inert

from .._context import context
from .._tensor import Tensor, flatten
from .inputs import InputLayer
from .layer import Layer

#: Words taken for a vocabulary that comes from data and has no most.
_WORDS = 16


class Adapting(Layer):
    """Learns its vocabulary or its limits from data that are not here."""

    _takes_unknown = True
    #: The words that it was given, with what stands before them.
    words: list[Any] | None = None
    #: Most words that it may have, where it is given.
    max_tokens: int | None = None
    takes_integers = False
    #: Whether its numbers stand in for the texts of an `Input`.
    _begins = False

    def adapt(self, *_: Any, **__: Any) -> None:
        return

    set_vocabulary = load_assets = save_assets = adapt

    def get_vocabulary(self, *_: Any, **__: Any) -> Any:
        if self.words is not None:
            return list(self.words)
        label = f'{self.name}.get_vocabulary()'
        return Inert(label) if self.max_tokens is None else Listed(label, self.max_tokens)

    def vocabulary_size(self) -> Any:
        if self.words is not None:
            return len(self.words)
        label = f'{self.name}.vocabulary_size()'
        return Inert(label) if self.max_tokens is None else AtMost(label, self.max_tokens)

    vocab_size = vocabulary_size

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = args[0] if args else kwargs.get('inputs')
        if isinstance(given, Tensor) and given._call is not None and isinstance(given._call.operation, InputLayer):
            self._begin(given._call.operation, given)
        return super().__call__(*args, **kwargs)

    def _begin(self, layer: InputLayer, given: Tensor) -> None:
        """Puts the numbers of this layer in the place of an input of texts."""
        takes = given.dtype.name == 'string' or (self.takes_integers and given.dtype.is_integer)
        numbers = self.numbers(tuple(given.shape)) if takes and layer.stands_for is None else None
        if numbers is not None:
            layer.become(*numbers)
            layer.stands_for = self
        if layer.stands_for is self:
            self.__dict__['_begins'] = True

    def numbers(self, shape: tuple[Any, ...]) -> tuple[tuple[Any, ...], str, int | None] | None:
        """Shape, kind and exclusive limit of what it makes of texts of a shape; None where it takes none."""
        return None

    def known_count(self) -> int:
        """How many words it tells apart. What is not known is assumed, and told."""
        if self.words is not None:
            return len(self.words)
        if self.max_tokens is not None:
            return self.max_tokens
        count = context.assumed.setdefault(f'{self.name}.vocabulary_size()', _WORDS)
        guess = f'The words of `{self.name}` come from data that are not here; {count} of them are assumed.'
        guesses = self.__dict__.setdefault('_guesses', [])
        if guess not in guesses:
            guesses.append(guess)
        return count

    def refuse_numbers(self, given: Any) -> None:
        """In a model, only the texts of an `Input` can be turned into numbers."""
        if any(isinstance(leaf, Tensor) for leaf in flatten(given)) and not self._begins:
            raise UnsupportedOp(
                f'`{type(self).__name__}` inside a model, on something else than a `keras.Input` of texts',
                'begin the model behind it, with the numbers that it gives',
            )
