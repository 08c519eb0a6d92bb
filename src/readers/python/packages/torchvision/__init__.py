"""Stands in for torchvision: data sets and transforms that know shapes, builders that build, and nothing that loads."""

from typing import Any

from gradient_lens.inert import Inert

from . import datasets, models, ops, transforms, utils

__version__ = '0.24.0'
__all__ = ['datasets', 'models', 'ops', 'transforms', 'utils']


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.{name}')
