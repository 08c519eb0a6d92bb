"""Data sets: the user's own classes run for real, as far as their data are here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradient_lens.inert import Inert, holds_inert


class Dataset:
    """Root class of map-style data sets."""

    def __class_getitem__(cls, item: Any) -> type[Dataset]:
        return cls

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError(f'{type(self).__name__} has no __getitem__')

    def __add__(self, other: Any) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError(f'{type(self).__name__} has no __iter__')


class TensorDataset(Dataset):
    """Rows of tensors."""

    tensors: tuple[Any, ...]

    def __init__(self, *tensors: Any) -> None:
        self.tensors = tensors

    def __getitem__(self, index: Any) -> Any:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        # A length that is not known is no size either; a loader of one batch does not need it.
        return 1 if holds_inert(self.tensors) else int(self.tensors[0].shape[0])


class StackDataset(Dataset):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.datasets: Any = args or kwargs

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {key: held[index] for key, held in self.datasets.items()}
        return tuple(held[index] for held in self.datasets)

    def __len__(self) -> int:
        held = list(self.datasets.values()) if isinstance(self.datasets, dict) else self.datasets
        return len(held[0])


class ConcatDataset(Dataset):
    def __init__(self, datasets: Any) -> None:
        self.datasets = list(datasets)

    def __getitem__(self, index: Any) -> Any:
        return self.datasets[0][index]

    def __len__(self) -> int:
        return sum(length_of(held) for held in self.datasets)


class ChainDataset(IterableDataset):
    def __init__(self, datasets: Any) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[Any]:
        for held in self.datasets:
            yield from held


class Subset(Dataset):
    """Some rows of a data set; which ones does not change what a row looks like."""

    def __init__(self, dataset: Any, indices: Any) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> Any:
        return self.dataset[0]

    def __len__(self) -> int:
        return 1 if isinstance(self.indices, Inert) else len(self.indices)


def length_of(dataset: Any) -> int:
    """The number of rows; 1 where it is not known."""
    try:
        return 1 if isinstance(dataset, Inert) else int(len(dataset))
    except (TypeError, NotImplementedError):
        return 1


def random_split(dataset: Any, lengths: Sequence[Any], generator: Any = None) -> list[Subset]:
    if isinstance(lengths, Inert):
        return [Subset(dataset, range(1)), Subset(dataset, range(1))]
    whole = length_of(dataset)
    parts: list[Subset] = []
    for length in lengths:
        if isinstance(length, Inert):
            rows = 1
        elif isinstance(length, float) and length <= 1:
            rows = max(1, int(whole * length))
        else:
            rows = max(1, int(length))
        parts.append(Subset(dataset, range(rows)))
    return parts
