"""Copies of models: their layers with weights of their own, put together as the first ones are."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import MethodType
from typing import Any

from .._tensor import Function, Tensor, connect, flatten, mapped, read, symbolic_in
from .._types import TensorShape
from .._variable import Variable
from ..layers.inputs import Input
from ..layers.layer import Layer
from .model import Model
from .sequential import Sequential

#: What a layer knows of the models that it stands in, or of the way it is put together: made anew in a copy.
_OF_ITS_PLACE = frozenset(('_inbound', '_added', '_losses', '_noticed', '_wiring', '_wired', '_start', '_end', '_compiled'))


class _Copying:
    """One copy of a model; a layer that stands in it twice is copied once."""

    def __init__(self, origin: str | None, layer: Callable[[Any], Any] | None) -> None:
        #: How the weights start: as the first ones start, or as this origin says.
        self._origin = origin
        self._layer = layer
        self._memo: dict[int, Any] = {}

    def model(self, model: Model) -> Model:
        """A copy of a model, which is not compiled."""
        found = self._memo.get(id(model))
        if found is not None:
            return found
        twin = self._bare(model)
        if isinstance(model, Sequential):
            start = model.__dict__['_start']
            steps = [self.layer(step) for step in model.layers]
            twin.__dict__.update(_steps=[], _start=None if start is None else _input_like(start), _end=None, _wired=None)
            twin.__dict__['_end'] = twin.__dict__['_start']
            for step in steps:
                twin.add(step)  # type: ignore[attr-defined]
        elif model._wiring is not None:
            self._wire(model, twin)
        return twin

    def layer(self, layer: Layer) -> Layer:
        if isinstance(layer, Model):
            return self.model(layer)
        found = self._memo.get(id(layer))
        if found is None:
            found = self._bare(layer) if self._layer is None else self._layer(layer)
            self._memo[id(layer)] = found
        return found

    def _bare(self, layer: Any) -> Any:
        twin: Any = object.__new__(type(layer))
        self._memo[id(layer)] = twin
        state = twin.__dict__
        state.update(_inbound=[], _added=[], _losses=[])
        rebuilt = isinstance(layer, Model) and (isinstance(layer, Sequential) or layer._wiring is not None)
        for key, value in layer.__dict__.items():
            if key in _OF_ITS_PLACE:
                continue
            # The layers of a model that is put together again come with that.
            state[key] = [] if rebuilt and key in ('_layers', '_steps') else self._copied(value)
        return twin

    def _copied(self, value: Any) -> Any:
        if id(value) in self._memo:
            return self._memo[id(value)]
        if isinstance(value, Layer):
            return self.layer(value)
        if isinstance(value, Variable):
            return self._variable(value)
        if isinstance(value, TensorShape):
            return value
        if type(value) in (list, tuple, set):
            return type(value)(self._copied(item) for item in value)
        if isinstance(value, list):
            # One that tells its layer of what is put in: the copy of that layer has been told.
            return [self._copied(item) for item in value]
        if isinstance(value, dict):
            return {key: self._copied(item) for key, item in value.items()}
        owner = getattr(value, '__self__', None) if isinstance(value, MethodType) else None
        return MethodType(value.__func__, self.layer(owner)) if isinstance(owner, Layer) else value

    def _variable(self, variable: Variable) -> Variable:
        twin = copy.copy(variable)
        twin._record = variable._record.copy()
        twin._record.name = variable._record.name
        if self._origin is not None:
            twin._record.origin = self._origin
        self._memo[id(variable)] = twin
        return twin

    def _wire(self, model: Model, twin: Model) -> None:
        wiring = model._wiring
        assert wiring is not None
        held: dict[int, Any] = {id(start): _input_like(start) for start in wiring.starts}

        def own(leaf: Any) -> Any:
            return held[id(leaf)] if isinstance(leaf, Tensor) and leaf._call is not None else leaf

        for call in wiring.calls:
            if all(id(output) in held for output in call.outputs):
                continue
            args, kwargs = mapped(call.args, own), mapped(call.kwargs, own)
            if isinstance(call.operation, Layer):
                made = self.layer(call.operation)(*args, **kwargs)
            else:
                function: Any = call.operation
                made = connect(Function(function.function), args, kwargs, symbolic_in(args, kwargs))
            for output, result in zip(call.outputs, (leaf for leaf in flatten(made) if isinstance(leaf, Tensor))):
                held[id(output)] = result
                if result._call is not None:
                    result._call.span = call.span
        twin._wire(mapped(wiring.inputs, own), mapped(wiring.outputs, own))


def _input_like(start: Tensor) -> Any:
    return Input(batch_shape=tuple(start.shape), dtype=read(start).dtype, name=start.name)


def copied(model: Model, origin: str | None = None, layer: Callable[[Any], Any] | None = None) -> Model:
    """
    A model of the same layers with weights of its own; `origin` says where their first values come from if not from the
    initialisers, `layer` makes the copy of a layer.
    """
    return _Copying(origin, layer).model(model)
