"""The transforms as classes."""

from __future__ import annotations

from enum import Enum
from typing import Any

from gradient_lens.inert import Inert

from . import functional as f


class Transform:
    """Root class: hands the picture on as it is."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        pass

    def __call__(self, *pictures: Any) -> Any:
        done = [item if isinstance(item, Inert) else self.change(item) for item in pictures]
        return done[0] if len(done) == 1 else tuple(done)

    def change(self, picture: Any) -> Any:
        return picture

    def forward(self, *pictures: Any) -> Any:
        return self(*pictures)


class Compose(Transform):
    def __init__(self, transforms: Any) -> None:
        self.transforms = transforms

    def __call__(self, *pictures: Any) -> Any:
        value = pictures
        for transform in self.transforms:
            changed = transform(*value)
            value = changed if len(pictures) > 1 and isinstance(changed, tuple) else (changed,)
        return value if len(pictures) > 1 else value[0]


class Sequence(Compose):
    """`nn.Sequential`-like list of transforms given one by one."""

    def __init__(self, *transforms: Any) -> None:
        super().__init__(transforms)


class RandomOrder(Compose):
    pass


class RandomApply(Compose):
    def __init__(self, transforms: Any, p: float = 0.5) -> None:
        super().__init__(transforms)


class RandomChoice(Transform):
    def __init__(self, transforms: Any, p: Any = None) -> None:
        self.transforms = list(transforms)

    def change(self, picture: Any) -> Any:
        return self.transforms[0](picture)


class Lambda(Transform):
    def __init__(self, lambd: Any, *types: Any) -> None:
        self.lambd = lambd

    def change(self, picture: Any) -> Any:
        return self.lambd(picture)


class _Sized(Transform):
    def __init__(self, size: Any, *arguments: Any, **options: Any) -> None:
        self.size = size

    def change(self, picture: Any) -> Any:
        return f.center_crop(picture, self.size)


class Resize(_Sized):
    def change(self, picture: Any) -> Any:
        return f.resize(picture, self.size)


class CenterCrop(_Sized):
    pass


class RandomCrop(_Sized):
    pass


class RandomResizedCrop(_Sized):
    pass


class FiveCrop(_Sized):
    count = 5

    def change(self, picture: Any) -> Any:
        return tuple(f.center_crop(picture, self.size) for _ in range(self.count))


class TenCrop(FiveCrop):
    count = 10


class Pad(Transform):
    def __init__(self, padding: Any, *arguments: Any, **options: Any) -> None:
        self.padding = padding

    def change(self, picture: Any) -> Any:
        return f.pad(picture, self.padding)


class Grayscale(Transform):
    def __init__(self, num_output_channels: int = 1) -> None:
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
        self.mean = mean
        self.std = std

    def change(self, picture: Any) -> Any:
        return picture


class RandomHorizontalFlip(Transform):
    pass


class RandomVerticalFlip(Transform):
    pass


class RandomRotation(Transform):
    pass


class RandomAffine(Transform):
    pass


class RandomPerspective(Transform):
    pass


class RandomGrayscale(Transform):
    pass


class RandomErasing(Transform):
    pass


class RandomInvert(Transform):
    pass


class RandomPosterize(Transform):
    pass


class RandomSolarize(Transform):
    pass


class RandomAdjustSharpness(Transform):
    pass


class RandomAutocontrast(Transform):
    pass


class RandomEqualize(Transform):
    pass


class ColorJitter(Transform):
    pass


class GaussianBlur(Transform):
    pass


class ElasticTransform(Transform):
    pass


class AutoAugmentPolicy(Enum):
    IMAGENET = 'imagenet'
    CIFAR10 = 'cifar10'
    SVHN = 'svhn'


class AutoAugment(Transform):
    pass


class RandAugment(Transform):
    pass


class TrivialAugmentWide(Transform):
    pass


class AugMix(Transform):
    pass


class LinearTransformation(Transform):
    pass
