"""Models of both frameworks alike: what the reader asks of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from keras._context import context
from keras._tensor import Tensor as KerasTensor
from keras._tensor import mapped, symbolic_in
from keras._tensor import read as read_keras
from keras.layers.layer import Layer, as_tensor
from keras.models import Model as KerasModel
from keras.models import Sequential

from .inputs import Feed, TensorSlot
from .tensors import TorchModule


def framework_of(model: Any) -> str:
    return 'keras' if isinstance(model, Layer) or (inspect.isclass(model) and issubclass(model, Layer)) else 'pytorch'


def is_torch(model: Any) -> bool:
    return isinstance(model, TorchModule)


def modules(model: Any) -> list[Any]:
    """The model and everything in it."""
    return model._deep() if isinstance(model, Layer) else list(model.modules())


def named_modules(model: Any) -> list[tuple[str, Any]]:
    if isinstance(model, Layer):
        return [(layer.name, layer) for layer in model._deep()]
    return list(model.named_modules())


def parameters(model: Any, recurse: bool = True) -> list[Any]:
    if isinstance(model, Layer):
        return model.weights if recurse else list(model._variables)
    return list(model.parameters(recurse=recurse))


def size_of(parameter: Any) -> int:
    return read_keras(parameter).size if isinstance(parameter, KerasTensor) else parameter.numel()


def has_weights(model: Any) -> bool:
    """Whether there is something to train. Keras makes weights late: a model that is not built may have some."""
    if isinstance(model, Layer):
        return bool(model.trainable_weights) or not model.built or any(not layer.built for layer in model._layers)
    return any(parameter.requires_grad for parameter in model.parameters())


def forward_of(model: Any) -> Callable[..., Any]:
    """The forward pass, bound."""
    return model.call if isinstance(model, Layer) else model.forward


def has_forward(cls: Any) -> bool:
    """Whether a class says itself how its instances run."""
    if issubclass(cls, Layer):
        return any('call' in vars(base) for base in cls.__mro__ if not base.__module__.startswith('keras.'))
    return any('forward' in vars(base) for base in cls.__mro__ if base.__module__ != 'torch.nn.modules.module')


def is_keras(value: Any) -> bool:
    """Keras, TensorFlow, and classes and functions taken from them."""
    home = getattr(value, '__name__', '') if inspect.ismodule(value) else getattr(value, '__module__', None) or ''
    return isinstance(home, str) and home.partition('.')[0] in ('keras', 'tensorflow')


def fresh_names() -> None:
    """A model that is made by itself has the names that it has in a fresh session (`dense`, not `dense_7`)."""
    context.clear()


def is_wired(model: Any) -> bool:
    """A Keras model that is a graph of layers by itself."""
    return isinstance(model, KerasModel) and model._wiring is not None


def is_shell(model: Any) -> bool:
    """A Keras model of the user's class that only trains: what it computes stands in `train_step`, by the models that it holds."""
    return isinstance(model, KerasModel) and not is_wired(model) and not isinstance(model, Sequential) and not has_forward(type(model))


def defines_itself(model: Any) -> bool:
    """Whether the model's class says what it computes, not the call that makes it (`Model(inputs, outputs)`, also by a subclass)."""
    return is_torch(model) or has_forward(type(model))


def is_only_used(model: Any) -> bool:
    """A published model of `keras.applications`, or a copy of another of the file, that the file runs, but never trains."""
    return isinstance(model, KerasModel) and model._compiled is None and ('_ready_made' in model.__dict__ or '_copied' in model.__dict__)


def is_mere_copy(model: Any) -> bool:
    """A copy of another model of the file, loaded for one, that is never trained."""
    return is_only_used(model) and '_copied' in model.__dict__


def without_excerpts(found: list[Any]) -> list[Any]:
    """The models without those that only look into another one: functional models of its layers, never trained themselves."""
    held = {id(model): {id(weight) for weight in model.weights} for model in found if is_wired(model)}

    def is_excerpt(place: int, model: Any) -> bool:
        own = held.get(id(model))
        if not own or model._compiled is not None:
            return False
        return any(
            own < held[id(other)] or (own == held[id(other)] and (other_place < place or other._compiled is not None))
            for other_place, other in enumerate(found)
            if other is not model and id(other) in held
        )

    return [model for place, model in enumerate(found) if not is_excerpt(place, model)]


def is_symbolic(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """A call that only connects layers of a functional model."""
    return bool(symbolic_in(arguments, keywords))


def is_half_way(value: Any) -> bool:
    """A symbolic tensor, on which layers are put one after another."""
    return isinstance(value, KerasTensor) and value._call is not None


def as_tensors(model: Any, arguments: Any) -> Any:
    """Keras takes arrays where tensors are meant."""
    return mapped(arguments, as_tensor) if isinstance(model, Layer) else arguments


def takes_unknown(model: Any) -> bool:
    """A layer of Keras that turns texts, of which nothing is known, into numbers."""
    return isinstance(model, Layer) and model._takes_unknown


def packed(model: Any, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Several inputs of a Keras model go in as one list, unless its `call` takes them one by one."""
    if not isinstance(model, Layer) or len(arguments) < 2:
        return arguments
    if not is_wired(model):
        named = [item for item in inspect.signature(model.call).parameters.values() if item.name not in ('training', 'mask')]
        if len(named) >= len(arguments) or any(item.kind is item.VAR_POSITIONAL for item in named):
            return arguments
    return (list(arguments),)


def input_names(model: Any, feed: Feed) -> list[str] | None:
    """The names that a Keras model gives its own inputs."""
    if not is_wired(model) or len(model._wiring.starts) != len(feed.specs):
        return None
    return [tensor.name for tensor in model._wiring.starts]


@contextmanager
def unbuilt_on_failure(model: Any) -> Generator[None]:
    """Keras makes weights at the first call: a trial that fails must not leave any behind."""
    before = [(layer, dict(layer.__dict__), [list(layer._variables), list(layer._layers), list(layer._inbound)]) for layer in model._deep()]
    try:
        yield
    except BaseException:
        for layer, state, held in before:
            layer.__dict__.clear()
            layer.__dict__.update(state)
            layer._variables[:], layer._layers[:], layer._inbound[:] = held
        raise


def limit_integers(graph: dict[str, Any]) -> None:
    """Integers that an embedding looks up stay below its size where nothing else limits them."""
    origins: dict[int, int] = {}
    for node in graph['nodes']:
        if node['op'] == 'input':
            origins[node['outputs'][0]] = node['attributes']['index']
        elif node['op'] in ('cast', 'reshape', 'identity', 'slice') and node['inputs'][0] in origins:
            origins[node['outputs'][0]] = origins[node['inputs'][0]]
        elif node['op'] == 'embedding' and node['inputs'][1] in origins:
            item = graph['inputs'][origins[node['inputs'][1]]]
            rows = graph['values'][node['inputs'][0]]['shape'][0]
            if item['kind'] == 'int':
                item['high'] = min(item.get('high', rows), rows)


def as_indices(graph: dict[str, Any], feed: Feed) -> Feed:
    """The feed with whole numbers where the model looks its input up: `Input` says float32 unless told otherwise."""
    looked_up: set[int] = set()
    origins: dict[int, int] = {}
    for node in graph['nodes']:
        if node['op'] == 'input':
            origins[node['outputs'][0]] = node['attributes']['index']
        elif node['op'] in ('cast', 'reshape') and node['inputs'][0] in origins:
            origins[node['outputs'][0]] = origins[node['inputs'][0]]
        elif node['op'] == 'embedding' and node['inputs'][1] in origins:
            looked_up.add(origins[node['inputs'][1]])
    specs = [replace(spec, kind='int') if n in looked_up else spec for n, spec in enumerate(feed.specs)]
    return replace(feed, specs=tuple(specs))


def slots(arguments: tuple[Any, ...]) -> bool:
    """Whether a call is nothing but tensors, one after another."""
    return all(isinstance(item, TensorSlot) for item in arguments)


ROOTS: tuple[Any, ...] = (TorchModule, Layer)


def unwrapped(model: Any) -> Any:
    """What `DataParallel` and its like wrap."""
    while isinstance(model, ROOTS) and type(model).__name__ in ('DataParallel', 'DistributedDataParallel', 'FullyShardedDataParallel'):
        inner = model._modules.get('module')
        if inner is None:
            return model
        model = inner
    return model
