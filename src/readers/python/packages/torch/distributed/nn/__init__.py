"""`torch.distributed.nn`: modules on other workers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradient_lens.inert import Inert

from ..._rref import RRef
from ...futures import Future, done
from ...nn import Module


class RemoteModule(Module):
    """A module that another worker holds; called here, it runs there."""

    module: Any

    def __init__(self, remote_device: Any, module_cls: Callable[..., Any], args: Any = None, kwargs: Any = None) -> None:
        super().__init__()
        self.module = module_cls(*(args or ()), **(kwargs or {}))

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)

    def forward_async(self, *args: Any, **kwargs: Any) -> Future:
        return done(self.module(*args, **kwargs))

    def remote_parameters(self, recurse: bool = True) -> list[RRef]:
        return [RRef(parameter) for parameter in self.module.parameters(recurse)]

    def get_module_rref(self) -> RRef:
        return RRef(self.module)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.distributed.nn.{name}')
