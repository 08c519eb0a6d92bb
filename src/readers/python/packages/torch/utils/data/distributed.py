"""The sampler of one process among several: here there is one."""

from typing import Any

from .sampler import Sampler


class DistributedSampler(Sampler):
    def __init__(self, dataset: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(dataset)
        self.dataset = dataset
