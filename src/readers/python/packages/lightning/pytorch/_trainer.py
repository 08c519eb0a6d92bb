"""`Trainer`: `fit` shows one step of training; all else is silent."""

from __future__ import annotations

from typing import Any

import torch
from gradient_lens.inert import Inert, UnknownValue

from ._datamodule import LightningDataModule
from ._module import LightningModule


class Trainer:
    """Options are accepted and kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.update(kwargs)
        self.max_epochs = kwargs.get('max_epochs') or 1000
        self.current_epoch = self.global_step = self.global_rank = self.local_rank = 0
        self.world_size = self.num_devices = 1
        self.is_global_zero, self.sanity_checking, self.training = True, False, True

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'trainer.{name}')

    def fit(
        self, model: Any, train_dataloaders: Any = None, val_dataloaders: Any = None, datamodule: Any = None,
        ckpt_path: Any = None, **options: Any,
    ) -> None:  # fmt: skip
        """Prepares data and model as Lightning does, then runs the training step once, with the loader's first batch."""
        if not isinstance(model, LightningModule):
            return
        loaders = options.get('train_dataloader', train_dataloaders)
        if isinstance(loaders, LightningDataModule):
            loaders, datamodule = None, loaders
        model.trainer = self
        self.model = self.lightning_module = model
        self.datamodule = datamodule
        source: Any = model if datamodule is None else datamodule
        if source is model or isinstance(datamodule, LightningDataModule):
            source.trainer = self
            source.prepare_data()
            source.setup('fit')
        if source is not model:
            model.setup('fit')
        model.configure_model()
        _show_example(model)
        model._make_optimisers()
        if loaders is None:
            loaders = getattr(source, 'train_dataloader', _nothing)()
        batch = Inert('batch') if loaders is None else _first(loaders)
        for name, arguments in (('on_fit_start', ()), ('on_train_start', ()), ('on_train_epoch_start', ())):
            getattr(model, name, _nothing)(*arguments)
        if isinstance(batch, Inert) and model.example_input_array is not None:
            # The step could not say more than the example does.
            return
        model.train()
        model._train_once(batch)


def _nothing() -> None:
    return


def _show_example(model: Any) -> None:
    """Lightning's summary runs the model with its example."""
    example = model.example_input_array
    if isinstance(example, torch.Tensor):
        model(example)
    elif isinstance(example, (list, tuple)):
        model(*example)
    elif isinstance(example, dict):
        model(**example)


def _first(loaders: Any) -> Any:
    """The first batch; of several loaders one of each, put together as Lightning does."""
    if isinstance(loaders, dict):
        return {name: _first(loader) for name, loader in loaders.items()}
    if isinstance(loaders, (list, tuple)):
        return [_first(loader) for loader in loaders]
    try:
        return next(iter(loaders), Inert('batch'))
    except UnknownValue:
        return Inert('batch')
