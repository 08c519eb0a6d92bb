"""Data sets and loaders. A loader gives one batch, made of what its data set says a sample looks like."""

from . import dataloader, dataset, distributed
from ._collate import default_collate
from ._loader import DataLoader, get_worker_info
from ._sets import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    random_split,
)
from .distributed import DistributedSampler
from .sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)

__all__ = [
    'BatchSampler', 'ChainDataset', 'ConcatDataset', 'DataLoader', 'Dataset', 'DistributedSampler', 'IterableDataset',
    'RandomSampler',
    'Sampler', 'SequentialSampler', 'StackDataset', 'Subset', 'SubsetRandomSampler', 'TensorDataset',
    'WeightedRandomSampler', 'dataloader', 'dataset', 'default_collate', 'distributed', 'get_worker_info', 'random_split',
]  # fmt: skip
