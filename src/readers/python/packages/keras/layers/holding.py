"""What a layer holds: its weights, made with their place and origin, and those of the layers in it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gradient_lens.errors import UnsupportedOp
from gradient_lens.identity import identity
from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.spans import Span, here, is_user_code

from .. import initializers
from .._context import context
from .._tensor import PLAIN, Tensor, in_passes, read
from .._types import kind_of_dtype
from .._variable import Variable, made
from .tracking import tracked

if TYPE_CHECKING:
    from .layer import Layer


@functools.cache
def _named(initialiser: str) -> Any:
    """An initialiser to compare others with."""
    return initializers.get(initialiser)


class Holder:
    """Base of `Layer`."""

    #: The constructor call: the innermost one in the user's code.
    _span: Span | None
    _variables: list[Variable]
    _layers: list[Layer]
    #: Terms of the loss, with the recorder of the pass that they were added in.
    _losses: list[tuple[Any, Any]]
    #: Terms between symbolic tensors, and such as are computed when asked for, with their place.
    _added: list[tuple[Any, Span | None]]
    trainable: bool

    def __setattr__(self, name: str, value: Any) -> None:
        if name == 'trainable':
            self.__dict__['trainable'] = bool(value)
            for layer in self._layers:
                layer.trainable = value
            return
        kind = type(value)
        if kind not in PLAIN:
            if kind is not Variable:
                self.__dict__.pop('_of_ours_alone', None)
            if not name.startswith('__'):
                value = tracked(value, self._notice)
        object.__setattr__(self, name, value)

    def _notice(self, value: Any) -> None:
        """Takes up layers and variables, also from containers."""
        if isinstance(value, Holder):
            known = self.__dict__.setdefault('_noticed', set())
            # Most are new; a layer that was taken out again may stand among the known.
            if value is not self and (identity(value) not in known or identity(value) not in map(identity, self._layers)):
                known.add(identity(value))
                self._layers.append(value)  # type: ignore[arg-type]
        elif isinstance(value, Variable):
            if identity(value) not in map(identity, self._variables):
                self._variables.append(value)
        elif isinstance(value, (list, tuple)):
            for item in value:
                self._notice(item)
        elif isinstance(value, dict):
            for item in value.values():
                self._notice(item)

    def add_weight(
        self, *args: Any, shape: Any = None, initializer: Any = None, dtype: Any = None, trainable: bool = True,
        name: str | None = None, **_: Any,
    ) -> Variable:  # fmt: skip
        # Keras 2 has the name first.
        order = ('name', 'shape', 'dtype', 'initializer') if args and isinstance(args[0], str) else ('shape', 'initializer', 'dtype', 'trainable')
        given = dict(zip(order, args))
        name, shape = given.get('name', name), given.get('shape', shape)
        initializer, dtype = given.get('initializer', initializer), given.get('dtype', dtype)
        trainable = given.get('trainable', trainable)
        sizes = () if shape is None else tuple(int(n) for n in ((shape,) if isinstance(shape, int) else shape))
        start = initializers.get(initializer)
        if start is None:
            start = initializers.get('glorot_uniform' if kind_of_dtype(dtype) == 'float' else 'zeros')
        own = is_user_code(sys._getframe(1).f_code.co_filename)
        span = here() if own else self._span
        weight = made(name or context.unique_name('variable'), sizes, start, dtype or 'float32', trainable, span)
        weight._record.origin = 'default' if initializer is None or not own else 'file'
        weight._record.initialiser_span = span if own and initializer is not None else None
        self._notice(weight)
        return weight

    add_variable = add_weight

    def weight(self, name: str, shape: tuple[int, ...], initializer: Any, default: str) -> Variable:
        """A weight of one of Keras' own layers; `default` is the initialiser that the layer has by itself."""
        if type(self).add_weight is Holder.add_weight:
            start = initializers.get(initializer)
            start = initializers.get('glorot_uniform') if start is None else start
            weight = made(name, tuple(map(int, shape)), start, 'float32', True, self._span)
            self._notice(weight)
        else:
            weight = self.add_weight(shape, initializer, name=name)
        if not initializers.same_law(initializer, _named(default)):
            weight._record.origin = 'file'
            weight._record.initialiser_span = getattr(initializer, '_span', None) or self._span
        return weight

    def add_loss(self, loss: Any, *_: Any, **__: Any) -> None:
        recorder = session.recorder
        if callable(loss) and not isinstance(loss, (Tensor, Inert)):
            if recorder is None:
                self._added.append((loss, here()))
                return
            loss = loss()
        if isinstance(loss, Tensor) and loss._call is not None and context.passes:
            loss = in_passes((loss,), {}, [loss])[0][0]
        if isinstance(loss, Tensor) and loss._call is not None:
            if recorder is not None:
                # Of other inputs or layers than the model's: which values they have in this run is not known.
                raise UnsupportedOp(
                    'a term of the loss that a layer makes of tensors that it was not given', 'hand them to the layer as inputs'
                )
            self._added.append((loss, here()))
        elif recorder is None:
            if isinstance(loss, (Tensor, Inert)) and not context.scope:
                message = 'The term that `add_loss` adds to the loss is not known here; it is left out of the measurement.'
                self.__dict__.setdefault('_guesses', []).append(message)
        else:
            self._losses.append((recorder, loss))
            self._add_term(loss, here())

    def _add_term(self, loss: Any, span: Span | None) -> None:
        """A term of the loss in the pass that is recorded; one that is not known is told."""
        recorder = session.recorder
        if recorder is None:
            return
        if isinstance(loss, Tensor) and read(loss).dtype == 'float':
            recorder.terms.add(read(loss), span)
        elif isinstance(loss, (Tensor, Inert)):
            recorder.guess('The term that `add_loss` adds to the loss is not known here; it is left out of the measurement.', span)

    def add_metric(self, *_: Any, **__: Any) -> None:
        return

    @property
    def losses(self) -> list[Any]:
        """What the pass that is recorded has added so far, by the layer and those in it."""
        return [loss for layer in self._deep() for recorder, loss in layer._losses if recorder is session.recorder]

    @property
    def metrics(self) -> list[Any]:
        return []

    # ---- what it holds ----

    @property
    def weights(self) -> list[Variable]:
        """Its own first, then those of its layers, each once (Keras 3, `Layer.weights`)."""
        found: dict[int, Variable] = {}
        for layer in self._deep():
            own = layer._variables
            for held in own:
                if held.trainable:
                    found.setdefault(identity(held), held)
            for held in own:
                if not held.trainable:
                    found.setdefault(identity(held), held)
        return list(found.values())

    @property
    def trainable_weights(self) -> list[Variable]:
        return self._trained_of(self.weights)

    def _trained_of(self, weights: list[Variable]) -> list[Variable]:
        frozen = {identity(held) for layer in self._deep() if not layer.trainable for held in layer.weights}
        return [held for held in weights if held.trainable and identity(held) not in frozen]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        trained = {identity(held) for held in self.trainable_weights}
        return [held for held in self.weights if identity(held) not in trained]

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def count_params(self) -> int:
        return sum(read(held).size for held in self.weights)

    def get_weights(self) -> list[Any]:
        return [held.numpy() for held in self.weights]

    def set_weights(self, weights: Any) -> None:
        for held, given in zip(self.weights, weights):
            held.assign(given)

    def _deep(self) -> list[Layer]:
        found: dict[int, Any] = {}
        stack: list[Any] = [self]
        while stack:
            layer = stack.pop()
            number = identity(layer)
            if number not in found:
                found[number] = layer
                if layer._layers:
                    stack.extend(reversed(layer._layers))
        return list(found.values())

    def _flatten_layers(self, include_self: bool = True, recursive: bool = True) -> Iterator[Layer]:
        found: list[Any] = self._deep() if recursive else [self, *self._layers]
        return iter(found if include_self else found[1:])
