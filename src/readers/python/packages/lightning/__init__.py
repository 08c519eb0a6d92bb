"""Lightning under its newer name."""

from typing import Any

from gradient_lens.inert import Inert

from . import pytorch as pytorch
from .pytorch import Callback as Callback
from .pytorch import LightningDataModule as LightningDataModule
from .pytorch import LightningModule as LightningModule
from .pytorch import Trainer as Trainer
from .pytorch import seed_everything as seed_everything

__version__ = pytorch.__version__


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'lightning.{name}')
