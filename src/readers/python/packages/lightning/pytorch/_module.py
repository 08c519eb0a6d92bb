"""`LightningModule`: a module that brings its training step and its optimisers along."""

from __future__ import annotations

import inspect
from typing import Any, Self

import torch
from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.spans import code_span
from torch.nn import Module

from ._hyperparameters import HyperparametersMixin
from ._step import Batch, prediction, split


class LightningModule(HyperparametersMixin, Module):
    """Logging is silent; a model without `forward` is read by its training step."""

    example_input_array: Any = None
    automatic_optimization = True
    current_epoch = 0
    global_step = 0
    global_rank = 0
    local_rank = 0
    strict_loading = True
    on_gpu = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        homes = [vars(base) for base in cls.__mro__ if base is not Module]
        if any('training_step' in home for home in homes) and not any('forward' in home for home in homes):
            cls.forward = _forward_by_step

    # ---- what the user's class says ----

    def configure_model(self) -> None:
        return

    def configure_optimizers(self) -> Any:
        return None

    def prepare_data(self) -> None:
        return

    def setup(self, stage: str) -> None:
        return

    # ---- what the trainer would give ----

    @property
    def trainer(self) -> Any:
        return self.__dict__.get('_trainer', Inert('self.trainer'))

    @trainer.setter
    def trainer(self, trainer: Any) -> None:
        self.__dict__['_trainer'] = trainer

    @property
    def device(self) -> Any:
        return torch.device('cpu')

    @property
    def dtype(self) -> Any:
        return torch.float32

    @property
    def logger(self) -> Any:
        return Inert('self.logger')

    @property
    def loggers(self) -> Any:
        return []

    @property
    def fabric(self) -> Any:
        return Inert('self.fabric')

    def optimizers(self, use_pl_optimizer: bool = True) -> Any:
        held = self.__dict__.get('_optimisers', [])
        return held[0] if len(held) == 1 else held

    def lr_schedulers(self) -> Any:
        return Inert('self.lr_schedulers()')

    def log(self, *args: Any, **kwargs: Any) -> None:
        return

    def log_dict(self, *args: Any, **kwargs: Any) -> None:
        return

    def print(self, *args: Any, **kwargs: Any) -> None:
        return

    def manual_backward(self, loss: Any, *args: Any, **kwargs: Any) -> None:
        return

    def clip_gradients(self, *args: Any, **kwargs: Any) -> None:
        return

    def toggle_optimizer(self, optimizer: Any, *args: Any) -> None:
        return

    def untoggle_optimizer(self, optimizer: Any, *args: Any) -> None:
        return

    def all_gather(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return data

    def freeze(self) -> None:
        self.requires_grad_(False)
        self.eval()

    def unfreeze(self) -> None:
        self.requires_grad_(True)
        self.train()

    def to_onnx(self, *args: Any, **kwargs: Any) -> None:
        return

    def to_torchscript(self, *args: Any, **kwargs: Any) -> Self:
        return self

    @classmethod
    def load_from_checkpoint(cls, checkpoint_path: Any, *args: Any, **kwargs: Any) -> Any:
        """A fresh model where the call tells all the arguments that it needs; else unknown, as the file is not here."""
        kwargs = {name: value for name, value in kwargs.items() if name not in ('map_location', 'hparams_file', 'strict')}
        try:
            inspect.signature(cls).bind(**kwargs)
        except TypeError:
            return Inert(f'{cls.__name__}.load_from_checkpoint(...)')
        return cls(**kwargs)

    # ---- one step of training, for those who watch ----

    def _make_optimisers(self) -> None:
        """Has the optimisers made, so that their kind and rate are seen."""
        made = self.configure_optimizers()
        held = made[0] if isinstance(made, tuple) and made and isinstance(made[0], list) else made
        items: list[Any] = list(held) if isinstance(held, (list, tuple)) else [held]
        items = [item['optimizer'] if isinstance(item, dict) and 'optimizer' in item else item for item in items]
        self.__dict__['_optimisers'] = [item for item in items if isinstance(item, torch.optim.Optimizer)]

    def _train_once(self, batch: Any) -> None:
        """The training step with one batch."""
        step = getattr(self, 'training_step', None)
        if step is None:
            return
        if type(self).forward is not _forward_by_step:
            _run_step(step, batch)
            return
        parts = split(batch)
        if parts is None:
            _run_step(step, batch)
            return
        first, self.__dict__['_around'] = parts
        self(first)
        for loss in self.__dict__.get('_step_losses', ()):
            session.saw_loss(loss)


def _forward_by_step(self: Any, input: Any) -> Any:
    """The forward pass of a class that has none of its own."""
    around = self.__dict__.get('_around')
    batches: list[Any] = [Batch(input), input] if around is None else [around(input)]
    found, self.__dict__['_step_losses'], rest = prediction(self, lambda batch: _run_step(self.training_step, batch), batches)
    if rest and session.recorder is not None:
        session.recorder.guess(
            f'`{type(self).__name__}` is read by its training step: {rest}. Give the class a `forward` that returns what '
            'its losses are computed from.',
            code_span(inspect.unwrap(type(self).training_step).__code__, 0),
        )
    return found


def _run_step(step: Any, batch: Any) -> Any:
    """Steps take the batch, and as many numbers (of the batch, of the optimiser) as they name."""
    parameters = inspect.signature(step).parameters.values()
    if any(item.kind is item.VAR_POSITIONAL for item in parameters):
        return step(batch, 0)
    needed = [item for item in parameters if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)]
    return step(batch, *[0] * (len(needed) - 1))
