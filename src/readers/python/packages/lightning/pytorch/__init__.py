"""Lightning: modules, data modules and a trainer that shows one step; callbacks, loggers and the rest are unknown."""

from typing import Any

from gradient_lens.inert import Inert

from ._datamodule import LightningDataModule as LightningDataModule
from ._module import LightningModule as LightningModule
from ._trainer import Trainer as Trainer

__version__ = '2.5.0'


def seed_everything(seed: Any = None, workers: bool = False, verbose: bool = True) -> Any:
    return 0 if seed is None else seed


class Callback:
    """Hooks that nobody calls."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        return


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'lightning.{name}')
