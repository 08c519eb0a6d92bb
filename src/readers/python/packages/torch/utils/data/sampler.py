"""Samplers: a loader of one batch has no use for their order, only for what they say of their length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradient_lens.inert import Inert


class Sampler:
    """Root class, for the user's own samplers too."""

    def __init__(self, data_source: Any = None, *arguments: Any, **options: Any) -> None:
        self.data_source = data_source

    def __class_getitem__(cls, item: Any) -> type[Sampler]:
        return cls

    def set_epoch(self, epoch: int) -> None:
        return

    def __iter__(self) -> Iterator[Any]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        if self.data_source is None or isinstance(self.data_source, Inert):
            return 1
        return len(self.data_source)


class SequentialSampler(Sampler):
    pass


class RandomSampler(Sampler):
    pass


class SubsetRandomSampler(Sampler):
    def __init__(self, indices: Any, generator: Any = None) -> None:
        super().__init__(indices)
        self.indices = indices


class WeightedRandomSampler(Sampler):
    def __init__(self, weights: Any, num_samples: Any, replacement: bool = True, generator: Any = None) -> None:
        super().__init__()
        self.weights = weights
        self.num_samples = num_samples

    def __len__(self) -> int:
        return 1 if isinstance(self.num_samples, Inert) else int(self.num_samples)


class BatchSampler(Sampler):
    def __init__(self, sampler: Any, batch_size: Any, drop_last: bool) -> None:
        super().__init__(sampler)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[Any]:
        return iter([[0] * self.batch_size])
