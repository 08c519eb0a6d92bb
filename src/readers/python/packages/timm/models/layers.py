"""timm's layers under their older name."""

from typing import Any

from .. import layers as _layers


def __getattr__(name: str) -> Any:
    return getattr(_layers, name)
