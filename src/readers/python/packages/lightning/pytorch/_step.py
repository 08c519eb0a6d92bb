"""A model that says only how it is trained: what its training step compares with the target is what it predicts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
from gradient_lens.inert import Inert, _unpacked
from gradient_lens.session import LossCall, session
from torch._tensor import wrap


class Batch:
    """A batch of which only the first part is known, in whatever way the step takes it apart."""

    def __init__(self, first: Any) -> None:
        self.first = first
        self._keys: list[str] = []

    def __iter__(self) -> Iterator[Any]:
        count = _unpacked(sys._getframe(1)) or 2
        return iter([self.first, *(Inert(f'batch[{place}]') for place in range(1, count))])

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str) and key not in self._keys:
            self._keys.append(key)
        first = self._keys[:1] == [key] if isinstance(key, str) else key == 0
        return self.first if first else Inert(f'batch[{key!r}]')


def split(batch: Any) -> tuple[Any, Callable[[Any], Any] | None] | None:
    """The input of a batch, and how to put a batch together around another input; None where the batch is not known."""
    if isinstance(batch, Batch):
        return batch.first, None
    if isinstance(batch, torch.Tensor):
        return batch, lambda first: first
    if not isinstance(batch, (list, tuple)) or not batch or not isinstance(batch[0], torch.Tensor):
        return None
    size = batch[0].shape[0] if batch[0].shape else 1
    rest = batch[1:]

    def around(first: Any) -> Any:
        return [first, *(_resized(item, size, first.shape[0] if first.shape else 1) for item in rest)]

    return batch[0], around


def _resized(item: Any, before: int, size: int) -> Any:
    """A target for another number of examples."""
    if not isinstance(item, torch.Tensor) or item.shape[:1] != (before,) or before == size:
        return item
    return torch.zeros((size, *item.shape[1:]), dtype=item.dtype)


def prediction(model: Any, run: Callable[[Any], Any], batches: list[Any]) -> tuple[Any, list[LossCall]]:
    """What a training step hands to its first loss, and its losses; of several batches the first that the step takes."""
    error: Exception | None = None
    for batch in batches:
        losses: list[LossCall] = []
        session.loss_observers.append(losses.append)
        outer, session.stepping = session.stepping, True
        result: Any = None
        try:
            result = run(batch)
        except Exception as failure:
            if not any(loss.operands for loss in losses):
                error = error or failure
                continue
            # What comes after the loss (metrics, pictures for a log) is no part of the model.
        finally:
            session.loss_observers.pop()
            session.stepping = outer
        found = next((loss.operands[0] for loss in losses if loss.operands), None)
        if found is None and isinstance(result, dict):
            result = result.get('loss')
        return (result if found is None else wrap(found)), losses
    raise error if error is not None else NotImplementedError(f'{type(model).__name__} has no training step')
