"""From one sample to a batch of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy
import torch
from gradient_lens.inert import Inert
from torch._tensor import read, wrap
from gradient_lens.value import source


def batch_of(sample: Any, size: int) -> Any:
    """A batch of `size` samples that look like this one; its values are not known."""
    if isinstance(sample, Inert):
        return sample
    if isinstance(sample, torch.Tensor):
        value = read(sample)
        high = value.node.attributes.get('high')
        return _unknown((size, *value.shape), value.dtype, high, sample.dtype)
    if isinstance(sample, numpy.ndarray):
        tensor = torch.from_numpy(sample)
        return batch_of(tensor, size)
    if isinstance(sample, numpy.generic):
        return batch_of(torch.tensor(sample.item()), size)
    if isinstance(sample, bool):
        return _unknown((size,), 'bool', None, torch.bool)
    if isinstance(sample, int):
        return _unknown((size,), 'int', getattr(sample, 'high', None), torch.int64)
    if isinstance(sample, float):
        return _unknown((size,), 'float', None, torch.float64)
    if isinstance(sample, (str, bytes)):
        return [sample] * size
    if isinstance(sample, Mapping):
        return {key: batch_of(item, size) for key, item in sample.items()}
    if isinstance(sample, tuple) and hasattr(sample, '_fields'):
        return type(sample)(*(batch_of(item, size) for item in sample))
    if isinstance(sample, Sequence):
        # PyTorch's own loader turns tuples into lists here.
        return [batch_of(item, size) for item in sample]
    return Inert(f'batch of {type(sample).__name__}')


def _unknown(shape: tuple[int, ...], kind: str, high: int | None, dtype: Any) -> Any:
    attributes = {'index': 0} if high is None else {'index': 0, 'high': high}
    return wrap(source('input', attributes, shape, kind, owner=None, live=False), dtype)


def default_collate(batch: Any) -> Any:
    """What PyTorch's `default_collate` gives for a list of samples."""
    if isinstance(batch, Inert):
        return batch
    items = list(batch)
    return batch_of(items[0], len(items)) if items else items
