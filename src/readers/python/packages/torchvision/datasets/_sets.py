"""One class a data set. Sizes and class counts are those that torchvision's documentation gives."""

from __future__ import annotations

from typing import Any

import torch
from gradient_lens.inert import Inert
from torch.utils.data import Dataset

from ..picture import ClassNumber, Picture
from ..transforms.functional import unknown_tensor


class VisionDataset(Dataset):
    """Root class. `height` is None where pictures differ in size; `labels` is None where the data would say."""

    channels = 3
    height: int | None = None
    width: int | None = None
    labels: int | None = None
    train_rows = 50_000
    test_rows = 10_000

    def __init__(
        self, root: Any = None, *arguments: Any, transforms: Any = None, transform: Any = None,
        target_transform: Any = None, train: Any = True, split: Any = 'train', **options: Any,
    ) -> None:  # fmt: skip
        # Positional arguments after the root differ from set to set; callables among them are the transforms in order.
        given = [item for item in arguments if callable(item) and not isinstance(item, (bool, str))]
        flags = [item for item in arguments if isinstance(item, bool)]
        self.root = root
        self.train = flags[0] if flags else train
        self.split = next((item for item in arguments if isinstance(item, str)), split)
        self.transforms = transforms
        self.transform = transform if transform is not None else (given[0] if given else None)
        self.target_transform = target_transform if target_transform is not None else (given[1] if len(given) > 1 else None)

    def _target(self) -> Any:
        return Inert(f'{type(self).__name__} label') if self.labels is None else ClassNumber(0, self.labels)

    def _picture(self) -> Picture:
        return Picture(self.channels, self.height, self.width)

    def __getitem__(self, index: Any) -> Any:
        picture, target = self._picture(), self._target()
        if self.transforms is not None:
            return self.transforms(picture, target)
        if self.transform is not None:
            picture = self.transform(picture)
        if self.target_transform is not None and not isinstance(target, Inert):
            target = self.target_transform(target)
        return picture, target

    def __len__(self) -> int:
        return self.train_rows if self.train and self.split in ('train', 'unlabeled', 'all') else self.test_rows

    @property
    def classes(self) -> Any:
        return Inert(f'{type(self).__name__}.classes') if self.labels is None else [str(i) for i in range(self.labels)]

    @property
    def class_to_idx(self) -> Any:
        names = self.classes
        return names if isinstance(names, Inert) else {name: i for i, name in enumerate(names)}

    @property
    def targets(self) -> Any:
        if self.labels is None:
            return Inert(f'{type(self).__name__}.targets')
        return unknown_tensor((len(self),), 'int')

    @property
    def data(self) -> Any:
        if self.height is None or self.width is None:
            return Inert(f'{type(self).__name__}.data')
        shape = (len(self), self.height, self.width)
        return unknown_tensor(shape if self.channels == 1 else (*shape, self.channels), 'int', torch.uint8)

    @property
    def samples(self) -> Any:
        return Inert(f'{type(self).__name__}.samples')

    imgs = samples
    labels_list = samples


class MNIST(VisionDataset):
    channels, height, width, labels, train_rows = 1, 28, 28, 10, 60_000


class FashionMNIST(MNIST):
    pass


class KMNIST(MNIST):
    pass


class QMNIST(MNIST):
    pass


class EMNIST(MNIST):
    """26 letters, 47 balanced classes, 62 of all kinds, 10 digits: the `split` says."""

    train_rows, test_rows = 124_800, 20_800

    def __init__(self, root: Any, split: str = 'balanced', *arguments: Any, **options: Any) -> None:
        super().__init__(root, *arguments, **options)
        self.labels = {'letters': 27, 'balanced': 47, 'bymerge': 47, 'byclass': 62}.get(split, 10)


class USPS(VisionDataset):
    channels, height, width, labels, train_rows, test_rows = 1, 16, 16, 10, 7_291, 2_007


class CIFAR10(VisionDataset):
    height, width, labels = 32, 32, 10


class CIFAR100(CIFAR10):
    labels = 100


class SVHN(VisionDataset):
    height, width, labels, train_rows, test_rows = 32, 32, 10, 73_257, 26_032


class STL10(VisionDataset):
    height, width, labels, train_rows, test_rows = 96, 96, 10, 5_000, 8_000


class GTSRB(VisionDataset):
    labels, train_rows, test_rows = 43, 26_640, 12_630


class ImageNet(VisionDataset):
    labels, train_rows = 1000, 1_281_167


class Imagenette(VisionDataset):
    labels = 10


class Flowers102(VisionDataset):
    labels = 102


class Food101(VisionDataset):
    labels = 101


class OxfordIIITPet(VisionDataset):
    labels = 37


class StanfordCars(VisionDataset):
    labels = 196


class FGVCAircraft(VisionDataset):
    labels = 100


class DTD(VisionDataset):
    labels = 47


class Caltech101(VisionDataset):
    labels = 101


class Caltech256(VisionDataset):
    labels = 257


class Places365(VisionDataset):
    labels = 365


class LSUN(VisionDataset):
    labels = 10


class LFWPeople(VisionDataset):
    height, width = 250, 250


class Omniglot(VisionDataset):
    channels, height, width = 1, 105, 105


class CelebA(VisionDataset):
    """218 by 178 pixels and forty attributes."""

    height, width = 218, 178

    def _target(self) -> Any:
        return unknown_tensor((40,), 'int')


class VOCSegmentation(VisionDataset):
    """The target is a picture of class numbers."""

    labels = 21

    def _target(self) -> Any:
        return Picture(1, None, None)

    def __getitem__(self, index: Any) -> Any:
        picture, target = self._picture(), self._target()
        if self.transforms is not None:
            return self.transforms(picture, target)
        return (
            picture if self.transform is None else self.transform(picture),
            target if self.target_transform is None else self.target_transform(target),
        )


class SBDataset(VOCSegmentation):
    pass


class Cityscapes(VOCSegmentation):
    labels = 34


class VOCDetection(VisionDataset):
    pass


class CocoDetection(VisionDataset):
    pass


class CocoCaptions(VisionDataset):
    pass


class DatasetFolder(VisionDataset):
    """Pictures in folders, one a class: how many there are is not known here."""


class ImageFolder(DatasetFolder):
    pass


class FakeData(VisionDataset):
    """Random pictures of a given size."""

    def __init__(
        self, size: int = 1000, image_size: Any = (3, 224, 224), num_classes: int = 10, transform: Any = None,
        target_transform: Any = None, random_offset: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(None, transform=transform, target_transform=target_transform)
        self.channels, self.height, self.width = image_size
        self.labels = num_classes
        self.train_rows = size
