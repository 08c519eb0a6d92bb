"""`keras.Sequential`: layers one after another."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument, BadType, ReadError
from gradient_lens.inert import Inert, first_inert

from .._assumed import tell
from .._context import context
from .._tensor import Tensor, read
from ..layers.inputs import Input, InputLayer
from ..layers.layer import Layer
from ..layers.words import Adapting
from .model import Model, made_of_unknown
from .wiring import Mark, Wiring


class Sequential(Model):
    """Builds as soon as its input is known: by `Input`, by `input_shape=` of the first layer, else at its first call."""

    _steps: list[Layer]
    #: The symbolic input and output so far.
    _start: Any
    _end: Any

    def __init__(self, layers: Any = None, trainable: bool = True, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name, trainable=trainable, **kwargs)
        self.__dict__['_steps'] = []
        self.__dict__['_start'] = None
        self.__dict__['_end'] = None
        self.__dict__['_wired'] = None
        if isinstance(layers, Layer):
            layers = [layers]
        for layer in layers or ():
            self.add(layer)

    @property
    def layers(self) -> list[Layer]:
        return list(self._steps)

    def add(self, layer: Any, rebuild: bool = True) -> None:
        try:
            self._add(layer)
        except ReadError as error:
            # A script goes on behind the line that failed; the model must not pass for whole.
            raise self._refused(error)

    def _add(self, layer: Any) -> None:
        if isinstance(layer, Inert):
            raise made_of_unknown(layer)
        if isinstance(layer, Tensor) and layer._call is not None:
            layer = layer._call.operation
        if not isinstance(layer, Layer):
            if callable(layer):
                from ..layers.core import Lambda

                layer = Lambda(layer)
            else:
                raise BadType(f'Only instances of `keras.Layer` can be added to a Sequential model. Received: {layer!r}')
        if isinstance(layer, InputLayer):
            if self._steps:
                raise BadArgument('An InputLayer must be the first layer of a Sequential model')
            self.__dict__['_start'] = self.__dict__['_end'] = layer.output
            return
        if not self._steps and self._start is None:
            start = _start_of(layer)
            if start is not None:
                self.__dict__['_start'] = self.__dict__['_end'] = start
        self._steps.append(layer)
        self._notice(layer)
        self._extend(layer)

    @property
    def _wiring(self) -> Wiring | None:  # type: ignore[override]
        """The layers as a graph, once the input's shape is known. Made when it is asked for: each layer added undoes it."""
        held = self.__dict__
        if held.get('_wired') is None and held.get('_start') is not None and self._steps:
            held['_wired'] = Wiring(held['_start'], held['_end'])
        return held.get('_wired')

    def _extend(self, layer: Layer) -> None:
        """Runs the new layer on the symbolic output so far: its weights get their shapes."""
        if self._start is None:
            return
        with context.at([self.name]):
            end = layer(self._end)
        unknown = first_inert(end)
        if unknown is not None:
            raise made_of_unknown(unknown)
        self.__dict__['_end'] = end
        self.__dict__['_wired'] = None
        self.__dict__['built'] = True

    def pop(self, rebuild: bool = True) -> Layer:
        layer = self._steps.pop()
        self._layers.remove(layer)
        if self._start is not None:
            self.__dict__['_end'] = self._steps[-1]._inbound[-1].structure if self._steps else self._start
            self.__dict__['_wired'] = None
        return layer

    def build(self, input_shape: Any = None) -> None:
        if self._start is None and input_shape is not None and not context.scope:
            self.__dict__['_start'] = self.__dict__['_end'] = Input(batch_shape=tuple(input_shape))
            try:
                for layer in self._steps:
                    self._extend(layer)
            except ReadError as error:
                raise self._refused(error)
        self.__dict__['built'] = True

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        if self._wiring is not None:
            (inputs,) = self._wiring._arranged(inputs)
            tell(self._start._call.operation)
        mark = Mark()
        for layer in self._steps:
            inputs = mark.run(layer, layer._span, (inputs,), {})
        return inputs

    @property
    def input_shape(self) -> Any:
        return tuple(self._start.shape) if self._start is not None else super().input_shape

    @property
    def output_shape(self) -> Any:
        return tuple(self._end.shape) if self._end is not None else super().output_shape


def _start_of(layer: Layer) -> Any:
    """The input that a first layer declares."""
    if layer._input_shape is not None:
        kind = 'int32' if type(layer).__name__ == 'Embedding' else 'float32'
        return Input(batch_shape=layer._input_shape, dtype=kind)
    if isinstance(layer, Model) and layer._wiring is not None and len(layer._wiring.starts) == 1:
        start = layer._wiring.starts[0]
        return Input(batch_shape=tuple(start.shape), dtype=read(start).dtype)
    if isinstance(layer, Adapting) and not layer.takes_integers and layer.numbers((None, 1)) is not None:
        return Input(shape=(1,), dtype='string')
    inner = getattr(layer, 'layer', None)
    return _start_of(inner) if isinstance(inner, Layer) else None
