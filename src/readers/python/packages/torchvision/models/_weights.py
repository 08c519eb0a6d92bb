"""Weights that a builder is asked for: none are here, so the model is read and its initialisation is called unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradient_lens.inert import Inert


def with_weights(model: Any, name: str, weights: Any, pretrained: Any) -> Any:
    """The model; where trained weights are asked for, its parameters count as loaded from a checkpoint."""
    if weights is not None or pretrained:
        model.load_state_dict(Inert(f'torchvision weights of {name}'))
    return model


def builder(name: str, make: Callable[..., Any], **fixed: Any) -> Callable[..., Any]:
    """A builder of torchvision's signature; `fixed` are the arguments that set this member of the family apart."""

    def build(pretrained: Any = False, progress: bool = True, *, weights: Any = None, **options: Any) -> Any:
        return with_weights(make(**{**fixed, **options}), name, weights, pretrained)

    build.__name__ = build.__qualname__ = name
    return build


def divisible(value: float, divisor: int = 8, least: int | None = None) -> int:
    """The nearest multiple of `divisor`, but no less than nine tenths of the value."""
    found = max(least or divisor, int(value + divisor / 2) // divisor * divisor)
    return found + divisor if found < 0.9 * value else found
