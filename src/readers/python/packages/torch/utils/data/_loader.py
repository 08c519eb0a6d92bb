"""The loader: one batch, then the end. Training loops run their body once for each way through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradient_lens.inert import Inert, inert_label

from ._collate import batch_of
from ._sets import IterableDataset, TensorDataset, length_of

#: Told of the batch size of each loader as it begins to be iterated.
iteration_hooks: list[Callable[[int], None]] = []

#: Taken where the file computes its batch size from something unknown.
_BATCH = 32


def get_worker_info() -> None:
    return None


class DataLoader:
    """Accepts what PyTorch's loader accepts."""

    def __init__(
        self, dataset: Any, batch_size: Any = 1, shuffle: Any = None, sampler: Any = None, batch_sampler: Any = None,
        num_workers: Any = 0, collate_fn: Any = None, pin_memory: Any = False, drop_last: Any = False, timeout: Any = 0,
        worker_init_fn: Any = None, multiprocessing_context: Any = None, generator: Any = None, *,
        prefetch_factor: Any = None, persistent_workers: Any = False, pin_memory_device: str = '', in_order: bool = True,
    ) -> None:  # fmt: skip
        self.dataset = dataset
        self.batch_sampler = batch_sampler
        if batch_sampler is not None and not isinstance(batch_sampler, Inert):
            batch_size = getattr(batch_sampler, 'batch_size', None) or _BATCH
        self.batch_size = _BATCH if isinstance(batch_size, Inert) else batch_size
        self.sampler = sampler
        self.collate_fn = collate_fn
        self.num_workers = num_workers
        self.drop_last = drop_last
        self.pin_memory = pin_memory

    def __class_getitem__(cls, item: Any) -> type[DataLoader]:
        return cls

    def __len__(self) -> int:
        size = int(self.batch_size or 1)
        return max(1, -(-length_of(self.dataset) // size))

    def __iter__(self) -> Iterator[Any]:
        for hook in iteration_hooks:
            hook(int(self.batch_size or 1))
        yield self._batch()

    def _batch(self) -> Any:
        if isinstance(self.dataset, Inert):
            return Inert(f'a batch of {inert_label(self.dataset)}')
        size = None if self.batch_size is None else int(self.batch_size)
        if isinstance(self.dataset, TensorDataset) and self.collate_fn is None:
            rows = [tensor if isinstance(tensor, Inert) else tensor[0] for tensor in self.dataset.tensors]
            return [batch_of(row, size or 1) for row in rows]
        sample = self._sample()
        if size is None:
            return sample
        if self.collate_fn is not None and not isinstance(self.collate_fn, Inert):
            return self.collate_fn([sample] * size)
        return batch_of(sample, size)

    def _sample(self) -> Any:
        if isinstance(self.dataset, IterableDataset):
            return next(iter(self.dataset))
        return self.dataset[0]
