"""Learning rate schedules: they count their steps and leave the rate as the file set it."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert


class LRScheduler:
    """Root of all schedules, the user's own included."""

    def __init__(self, optimizer: Any, last_epoch: int = -1, *arguments: Any, **options: Any) -> None:
        self.optimizer = optimizer
        groups = [] if isinstance(optimizer, Inert) else optimizer.param_groups
        for group in groups:
            group.setdefault('initial_lr', group.get('lr'))
        self.base_lrs = [group['initial_lr'] for group in groups]
        self.last_epoch = 0
        self._step_count = 1
        self._last_lr = [group.get('lr') for group in groups]

    def get_lr(self) -> Any:
        return self._last_lr

    def get_last_lr(self) -> Any:
        return self._last_lr

    def step(self, *arguments: Any, **options: Any) -> None:
        self.last_epoch += 1
        self._step_count += 1

    def state_dict(self) -> dict[str, Any]:
        return {'last_epoch': self.last_epoch}

    def load_state_dict(self, state_dict: Any) -> None:
        return

    def print_lr(self, *arguments: Any, **options: Any) -> None:
        return


_LRScheduler = LRScheduler


class _Any(LRScheduler):
    """A schedule whose settings do not matter here."""

    def __init__(self, optimizer: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(optimizer)
        self.__dict__.update(options)


class LambdaLR(_Any):
    pass


class MultiplicativeLR(_Any):
    pass


class StepLR(_Any):
    pass


class MultiStepLR(_Any):
    pass


class ConstantLR(_Any):
    pass


class LinearLR(_Any):
    pass


class ExponentialLR(_Any):
    pass


class PolynomialLR(_Any):
    pass


class CosineAnnealingLR(_Any):
    pass


class CosineAnnealingWarmRestarts(_Any):
    pass


class CyclicLR(_Any):
    pass


class OneCycleLR(_Any):
    pass


class ChainedScheduler(_Any):
    def __init__(self, schedulers: Any, optimizer: Any = None) -> None:
        super().__init__(optimizer if optimizer is not None else Inert('optimizer'))


class SequentialLR(_Any):
    pass


class ReduceLROnPlateau(_Any):
    best = float('inf')
    num_bad_epochs = 0
