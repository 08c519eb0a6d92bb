"""`torch.nn`."""

import importlib
from typing import Any

from gradient_lens.errors import UnsupportedOp

from . import functional as functional
from . import init as init
from . import modules as modules
from . import parallel as parallel
from . import parameter as parameter
from . import utils as utils
from .modules.module import Module as Module
from .parameter import Buffer as Buffer
from .parameter import Parameter as Parameter
from .parameter import UninitializedParameter as UninitializedParameter

globals().update(modules.LAYERS)


def _unknown_layer(name: str) -> type[Module]:
    """A class for a layer that is not known here: refused, by name, where it is made."""

    def refuse(self: Module, *args: Any, **kwargs: Any) -> None:
        raise UnsupportedOp(f'nn.{name}')

    return type(name, (Module,), {'__init__': refuse, '__module__': __name__})


def __getattr__(name: str) -> Any:
    if not name[:1].isupper():
        try:
            return importlib.import_module(f'torch.nn.{name}')
        except ModuleNotFoundError:
            raise AttributeError(f"module 'torch.nn' has no attribute {name!r}") from None
    layer = globals()[name] = _unknown_layer(name)
    return layer
