"""`LightningDataModule`: where the loaders come from."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from ._hyperparameters import HyperparametersMixin


class LightningDataModule(HyperparametersMixin):
    """Holds what the user's class sets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.trainer: Any = Inert('self.trainer')

    def prepare_data(self) -> None:
        return

    def setup(self, stage: str) -> None:
        return

    @classmethod
    def from_datasets(cls, train_dataset: Any = None, *args: Any, batch_size: Any = 1, **kwargs: Any) -> Any:
        from torch.utils.data import DataLoader

        module = cls()
        module.train_dataloader = lambda: DataLoader(train_dataset, batch_size=batch_size)  # type: ignore[attr-defined]
        return module
