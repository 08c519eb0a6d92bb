"""Lightning under its older name."""

from typing import Any

from gradient_lens.inert import Inert

from lightning.pytorch import Callback as Callback
from lightning.pytorch import LightningDataModule as LightningDataModule
from lightning.pytorch import LightningModule as LightningModule
from lightning.pytorch import Trainer as Trainer
from lightning.pytorch import seed_everything as seed_everything

__version__ = '2.5.0'


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'pytorch_lightning.{name}')
