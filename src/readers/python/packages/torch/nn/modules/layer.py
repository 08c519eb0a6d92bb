"""Base of the framework's own layers with weights."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.value import Value, drawn

from ..parameter import Parameter, made_by_layer
from .module import Module


def uniform_contents(bound: float, shape: tuple[int, ...]) -> Value:
    return drawn({'kind': 'uniform', 'low': -bound, 'high': bound}, shape)


def filled(number: float, shape: tuple[int, ...]) -> Value:
    return p.fill(number, shape, 'float')


def parameter(shape: tuple[int, ...]) -> Parameter:
    return made_by_layer(shape)


def default_bound(fan_in: int) -> float:
    """PyTorch's default for linear and convolution: kaiming_uniform(a=sqrt(5)) is U(-1/sqrt(fan-in), 1/sqrt(fan-in))."""
    return 1 / math.sqrt(fan_in) if fan_in > 0 else 0.0


class Layer(Module):
    """A layer that PyTorch ships: positional and keyword arguments are checked by its signature."""

    def start(self, name: str, contents: Value) -> None:
        """Puts the default contents into a parameter that may be left off."""
        held = self._parameters[name]
        if held is not None:
            held.start(contents)

    def start_weight_and_bias(self, fan_in: int) -> None:
        """The default of `linear` and convolutions: both uniform within 1/sqrt(fan-in)."""
        bound = default_bound(fan_in)
        for name in ('weight', 'bias'):
            held: Any = self._parameters[name]
            if held is not None:
                held.start(uniform_contents(bound, tuple(held.shape)))
