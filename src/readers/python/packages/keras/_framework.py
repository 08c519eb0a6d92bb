"""What the recorder needs to know of Keras' models and tensors."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadType
from gradient_lens.identity import identity
from gradient_lens.frameworks import ModulePart, ParameterPart, Parts
from gradient_lens.value import Value

from ._tensor import Tensor, flatten, read, wrap
from .layers.layer import Layer


class _Keras:
    name = 'keras'

    def wrap(self, value: Value) -> Tensor:
        return wrap(value)

    def parts(self, model: Any) -> Parts:
        """Layers from the outside in, and weights in the order of `trainable_weights`; what is frozen comes after."""
        if not isinstance(model, Layer):
            raise BadType(f'a model is a keras.Model, not a {type(model).__name__}')
        modules: list[ModulePart] = []
        owners: dict[int, int] = {}
        seen: set[int] = set()
        stack: list[tuple[Layer, str, int | None]] = [(model, '', None)]
        while stack:
            layer, path, parent = stack.pop()
            if identity(layer) in seen:
                continue
            seen.add(identity(layer))
            place = parent
            if not getattr(layer, '_is_part', False) or parent is None:
                place = len(modules)
                modules.append(ModulePart(path, type(layer).__name__, parent, layer._span, layer))
            for held in layer._variables:
                owners.setdefault(identity(held), place if place is not None else 0)
            for inner in reversed(layer._layers):
                inner_path = f'{path}/{inner.name}' if path else inner.name
                stack.append((inner, inner_path, place))
        prefix = model.name + '/'
        weights = model.weights
        trained = model._trained_of(weights)
        kept = {identity(held) for held in trained}
        frozen = [held for held in weights if held.trainable and identity(held) not in kept]
        for held in frozen:
            held._record.trainable = False
        parameters = [
            ParameterPart(held.path.removeprefix(prefix), held._record, owners.get(identity(held))) for held in (*trained, *frozen)
        ]
        return Parts(parameters, modules, {})

    def tensors(self, outputs: Any) -> list[Value]:
        return [read(leaf) for leaf in flatten(outputs) if isinstance(leaf, Tensor)]


FRAMEWORK = _Keras()
