"""A model that says only how it is trained: what its training step compares with the target is what it predicts."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from gradient_lens.inert import Inert, _unpacked, inert_label
from gradient_lens.session import LossCall, session
from gradient_lens.value import Value
from torch._tensor import read, wrap


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


def _is_loss(result: Any) -> bool:
    """Whether a step gives one number that is known to the last op: the loss itself."""
    if not isinstance(result, torch.Tensor):
        return False
    value = read(result)
    return value.dtype == 'float' and value.size == 1


def _take_for_loss(result: Any, first: LossCall | None) -> None:
    if session.recorder is not None:
        session.recorder.terms.be(read(result), None if first is None else first.span)


class Predicted(NamedTuple):
    """What a training step hands to its first loss, and its losses; `rest` says what of the step that leaves out."""

    found: Any
    losses: list[LossCall]
    rest: str


def prediction(model: Any, run: Callable[[Any], Any], batches: list[Any]) -> Predicted:
    """What a training step predicts; of several batches the first that the step takes."""
    error: Exception | None = None
    for batch in batches:
        losses: list[LossCall] = []
        session.loss_observers.append(losses.append)
        outer, session.stepping = session.stepping, True
        result: Any = None
        failure: Exception | None = None
        try:
            result = run(batch)
        except Exception as caught:
            if not any(loss.operands for loss in losses):
                error = error or caught
                continue
            failure = caught
        finally:
            session.loss_observers.pop()
            session.stepping = outer
        if isinstance(result, dict):
            result = result.get('loss')
        first = next((loss for loss in losses if loss.operands), None)
        if first is None:
            if _is_loss(result):
                _take_for_loss(result, None)
                return Predicted(result, losses, '')
            return Predicted(result, losses, 'it calls no loss that is known here, so what it returns is taken for the output')
        rest = _rest(result, failure, first, losses)
        if rest and failure is None and _is_loss(result):
            _take_for_loss(result, first)
            rest = ''
        return Predicted(wrap(first.operands[0]), losses, rest)
    raise error if error is not None else NotImplementedError(f'{type(model).__name__} has no training step')


def _rest(result: Any, failure: Exception | None, first: LossCall, losses: list[LossCall]) -> str:
    """What a step trains with beyond its first loss; empty where that is all."""
    if failure is not None:
        return f'what comes after `{first.name}` could not be followed ({failure})'
    if isinstance(result, torch.Tensor):
        alone = not _reaches_weights(read(result), first.operands[0])
    elif isinstance(result, Inert):
        alone = re.fullmatch(rf'{first.name}\(\.\.\.\)( [*/] \.\.\.|\.mean\(\.\.\.\))*', inert_label(result)) is not None
    else:
        alone = len(losses) < 2
    return '' if alone else f'its loss has more terms than `{first.name}`, and their gradients are missing'


def _reaches_weights(result: Value, prediction: Value) -> bool:
    """Whether a loss hangs on weights by another way than through the prediction."""
    seen: set[Value] = {prediction}
    waiting = [result]
    while waiting:
        value = waiting.pop()
        if value in seen:
            continue
        seen.add(value)
        if value.node.op == 'parameter':
            return True
        if value.node.op != 'detach':
            waiting.extend(value.node.inputs)
    return False
