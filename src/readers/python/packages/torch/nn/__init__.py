"""`torch.nn`."""

from typing import Any

from gradient_lens.errors import UnsupportedOp

from . import functional, init, modules, parameter, utils
from .modules import *  # noqa: F403
from .modules.module import Module
from .parameter import Buffer, Parameter, UninitializedParameter


def _unknown_layer(name: str) -> type[Module]:
    """A class for a layer that is not known here: refused, by name, where it is made."""

    def refuse(self: Module, *args: Any, **kwargs: Any) -> None:
        raise UnsupportedOp(f'nn.{name}')

    return type(name, (Module,), {'__init__': refuse, '__module__': __name__})


def __getattr__(name: str) -> Any:
    if not name[:1].isupper():
        import importlib

        try:
            return importlib.import_module(f'torch.nn.{name}')
        except ModuleNotFoundError:
            raise AttributeError(f"module 'torch.nn' has no attribute {name!r}") from None
    layer = globals()[name] = _unknown_layer(name)
    return layer


__all__ = [name for name in globals() if not name.startswith('_') and name not in ('Any', 'UnsupportedOp')]
