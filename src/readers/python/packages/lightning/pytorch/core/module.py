"""Another home of the module."""

from lightning.pytorch import LightningModule as LightningModule
