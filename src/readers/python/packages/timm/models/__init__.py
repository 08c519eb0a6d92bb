"""The layers under their older home; timm's own models are unknown."""

from typing import Any

from gradient_lens.inert import Inert

from . import layers as layers


def register_model(function: Any) -> Any:
    """Enters a builder in timm's list."""
    return function


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'timm.models.{name}')
