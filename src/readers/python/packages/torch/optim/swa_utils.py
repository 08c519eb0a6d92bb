"""Averaged models: the average is the model itself as long as nothing is trained."""

from __future__ import annotations

from typing import Any

from .lr_scheduler import LRScheduler


class AveragedModel:
    def __init__(self, model: Any, *arguments: Any, **options: Any) -> None:
        self.module = model

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.module(*arguments, **options)

    def update_parameters(self, model: Any) -> None:
        return

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__['module'], name)


class SWALR(LRScheduler):
    def __init__(self, optimizer: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(optimizer)


def update_bn(loader: Any, model: Any, device: Any = None) -> None:
    return


def get_ema_multi_avg_fn(decay: float = 0.999) -> Any:
    return None


get_swa_multi_avg_fn = get_ema_avg_fn = get_swa_avg_fn = get_ema_multi_avg_fn
