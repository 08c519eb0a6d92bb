"""Builders of well-known models; those that are not here are unknown."""

from typing import Any

from gradient_lens.inert import Inert


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.models.{name}')
