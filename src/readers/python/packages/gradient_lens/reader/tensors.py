"""Discovery's few dealings with the framework's own tensors and modules."""

from __future__ import annotations

from typing import Any

from keras._tensor import Tensor as KerasTensor
from keras._tensor import read as read_keras
from keras.models import Model as KerasModel
from torch import Tensor
from torch._complex import ComplexTensor
from torch._tensor import read, wrap
from torch.nn import Module as TorchModule

from ..value import Value, source

__all__ = ['Module', 'Tensor', 'TorchModule', 'is_tensor', 'stand_in', 'upper_limit', 'value_of']

#: What a model can be an instance of.
Module: tuple[Any, ...] = (TorchModule, KerasModel)


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor that flows; parameters stay with their model, and complex tensors are not handed over."""
    return isinstance(value, (Tensor, KerasTensor)) and value._record is None and not isinstance(value, ComplexTensor)


def value_of(tensor: Any) -> Value:
    return read_keras(tensor) if isinstance(tensor, KerasTensor) else read(tensor)


def stand_in(shape: tuple[int, ...], kind: str = 'float', high: int | None = None) -> Any:
    """A tensor of data that are not here: a shape, a kind, and for integers their exclusive upper limit."""
    attributes = {'index': 0} if high is None else {'index': 0, 'high': high}
    return wrap(source('input', attributes, shape, kind, owner=None, live=False))


def upper_limit(value: Value) -> int | None:
    """The exclusive upper limit of integers, where what made them tells it."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        high = current.node.attributes.get('high')
        if isinstance(high, int):
            return high
        stack.extend(origin for origin in current.node.inputs if origin.dtype == 'int')
    return None
