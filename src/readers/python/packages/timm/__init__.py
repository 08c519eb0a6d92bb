"""A few of timm's layers; its models are unknown."""

from typing import Any

from gradient_lens.inert import Inert

from . import layers as layers
from . import models as models


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'timm.{name}')
