"""torchvision.ops: what is not here is unknown."""

from typing import Any

from gradient_lens.inert import Inert


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.ops.{name}')
