"""`torch.utils`."""

from typing import Any

from gradient_lens.inert import Inert


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    if name in ('data', '_pytree'):
        import importlib

        return importlib.import_module(f'torch.utils.{name}')
    return Inert(f'torch.utils.{name}')
