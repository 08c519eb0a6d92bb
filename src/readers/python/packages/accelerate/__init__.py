"""Stands in for Hugging Face's `accelerate` on one device: what is prepared stays as it is."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import torch
from gradient_lens.inert import Inert


class Accelerator:
    """`accelerate.Accelerator`; what it does beyond training is unknown."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.device = torch.device('cpu')
        self.num_processes = 1
        self.process_index = self.local_process_index = 0
        self.is_main_process = self.is_local_main_process = self.is_last_process = True
        self.sync_gradients = True
        self.mixed_precision = 'no'
        steps = options.get('gradient_accumulation_steps', 1)
        self.gradient_accumulation_steps = steps if isinstance(steps, int) else 1

    def prepare(self, *items: Any, **_: Any) -> Any:
        return items[0] if len(items) == 1 else items

    def prepare_model(self, model: Any, *_: Any, **__: Any) -> Any:
        return model

    prepare_optimizer = prepare_data_loader = prepare_scheduler = unwrap_model = prepare_model

    def backward(self, loss: Any, **_: Any) -> None:
        loss.backward()

    def gather(self, tensor: Any) -> Any:
        return tensor

    gather_for_metrics = reduce = pad_across_processes = gather

    def autocast(self, *_: Any, **__: Any) -> Any:
        return nullcontext()

    accumulate = no_sync = main_process_first = local_main_process_first = join_uneven_inputs = profile = autocast

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'accelerate.Accelerator().{name}')


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'accelerate.{name}')
