"""The transforms as classes; those that leave something to chance stand in `_chances`."""

from __future__ import annotations

from enum import Enum
from typing import Any

from gradient_lens.errors import UnsupportedOp

from . import _traced
from . import functional as f
from ._base import Compose as Compose
from ._base import Sized, Transform
from ._chances import (
    AugMix as AugMix,
    AutoAugment as AutoAugment,
    ColorJitter as ColorJitter,
    ElasticTransform as ElasticTransform,
    GaussianBlur as GaussianBlur,
    RandAugment as RandAugment,
    RandomAdjustSharpness as RandomAdjustSharpness,
    RandomAffine as RandomAffine,
    RandomApply as RandomApply,
    RandomAutocontrast as RandomAutocontrast,
    RandomChoice as RandomChoice,
    RandomCrop as RandomCrop,
    RandomEqualize as RandomEqualize,
    RandomErasing as RandomErasing,
    RandomGrayscale as RandomGrayscale,
    RandomHorizontalFlip as RandomHorizontalFlip,
    RandomInvert as RandomInvert,
    RandomPerspective as RandomPerspective,
    RandomPosterize as RandomPosterize,
    RandomResizedCrop as RandomResizedCrop,
    RandomRotation as RandomRotation,
    RandomSolarize as RandomSolarize,
    RandomVerticalFlip as RandomVerticalFlip,
    TrivialAugmentWide as TrivialAugmentWide,
)


class Sequence(Compose):
    """`nn.Sequential`-like list of transforms given one by one."""

    def __init__(self, *transforms: Any) -> None:
        super().__init__(transforms)


class RandomOrder(Compose):
    pass


class Lambda(Transform):
    def __init__(self, lambd: Any, *types: Any) -> None:
        super().__init__()
        self.lambd = lambd

    def change(self, picture: Any) -> Any:
        return self.lambd(picture)


class Resize(Sized):
    def __init__(self, size: Any, interpolation: Any = f.InterpolationMode.BILINEAR, *rest: Any, **options: Any) -> None:
        super().__init__(size)
        self.interpolation = interpolation

    def change(self, picture: Any) -> Any:
        return f.resize(picture, self.size, self.interpolation)


class CenterCrop(Sized):
    pass


class FiveCrop(Sized):
    """The four corners and the centre."""

    def change(self, picture: Any) -> Any:
        return tuple(f.crops_of_five(picture, self.size))


class TenCrop(FiveCrop):
    """Those of `FiveCrop`, and those of the picture turned round."""

    def __init__(self, size: Any, vertical_flip: bool = False) -> None:
        super().__init__(size)
        self.turned = f.vflip if vertical_flip else f.hflip

    def change(self, picture: Any) -> Any:
        return (*f.crops_of_five(picture, self.size), *f.crops_of_five(self.turned(picture), self.size))


class Pad(Transform):
    def __init__(self, padding: Any, *arguments: Any, **options: Any) -> None:
        super().__init__()
        self.padding = padding

    def change(self, picture: Any) -> Any:
        return f.pad(picture, self.padding)


class Grayscale(Transform):
    def __init__(self, num_output_channels: int = 1) -> None:
        super().__init__()
        self.channels = num_output_channels

    def change(self, picture: Any) -> Any:
        return f.to_grayscale(picture, self.channels)


class ToTensor(Transform):
    def change(self, picture: Any) -> Any:
        return f.to_tensor(picture)


class PILToTensor(Transform):
    def change(self, picture: Any) -> Any:
        return f.pil_to_tensor(picture)


class ToPILImage(Transform):
    def change(self, picture: Any) -> Any:
        return f.to_pil_image(picture)


class ConvertImageDtype(Transform):
    def change(self, picture: Any) -> Any:
        return f.convert_image_dtype(picture)


class Normalize(Transform):
    def __init__(self, mean: Any, std: Any, inplace: bool = False) -> None:
        super().__init__()
        self.mean = mean
        self.std = std

    def change(self, picture: Any) -> Any:
        return f.normalize(picture, self.mean, self.std)


class AutoAugmentPolicy(Enum):
    IMAGENET = 'imagenet'
    CIFAR10 = 'cifar10'
    SVHN = 'svhn'


class LinearTransformation(Transform):
    def change(self, picture: Any) -> Any:
        if _traced.is_traced(picture):
            raise UnsupportedOp('torchvision.transforms.LinearTransformation in the forward pass')
        return picture
