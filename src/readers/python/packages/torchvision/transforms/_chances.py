"""Transforms that leave to chance what they do. Inside a model the draw in the middle is read, and told as a guess."""

from __future__ import annotations

from typing import Any

from gradient_lens.chance import note
from gradient_lens.session import session

from . import _traced
from . import functional as f
from ._base import Compose, Sized, Transform


class ByChance(Transform):
    """What it does to a picture is drawn; in the middle of its draws it does nothing."""

    def change(self, picture: Any) -> Any:
        if _traced.is_traced(picture):
            note(f'What `{type(self).__name__}` does')
        return picture


class RandomApply(Compose):
    def __init__(self, transforms: Any, p: float = 0.5) -> None:
        super().__init__(transforms)
        self.p = p

    def forward(self, *pictures: Any) -> Any:
        if session.recording:
            note('Whether `RandomApply` does something')
            if self.p < 0.5:
                return pictures[0] if len(pictures) == 1 else pictures
        return super().forward(*pictures)


class RandomChoice(Transform):
    def __init__(self, transforms: Any, p: Any = None) -> None:
        super().__init__()
        self.transforms = list(transforms)

    def change(self, picture: Any) -> Any:
        if _traced.is_traced(picture):
            note('What `RandomChoice` does')
        return self.transforms[0](picture)


class RandomCrop(Sized):
    def __init__(self, size: Any, padding: Any = None, *rest: Any, **options: Any) -> None:
        super().__init__(size)
        self.padding = padding

    def change(self, picture: Any) -> Any:
        if _traced.is_traced(picture):
            note('Where `RandomCrop` cuts')
            picture = picture if self.padding is None else f.pad(picture, self.padding)
        return super().change(picture)


class RandomResizedCrop(Sized):
    def __init__(self, size: Any, scale: Any = (0.08, 1.0), *rest: Any, **options: Any) -> None:
        super().__init__(size)
        self.scale = scale

    def change(self, picture: Any) -> Any:
        if _traced.is_traced(picture):
            note('Where `RandomResizedCrop` cuts')
            return _traced.middle_crop(picture, self.scale, *f.pair(self.size))
        return super().change(picture)


class _Flip(Transform):
    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def change(self, picture: Any) -> Any:
        if _traced.is_traced(picture) and self.p < 1:
            note(f'Whether `{type(self).__name__}` flips')
        return self.flipped(picture) if self.p > 0.5 else picture

    def flipped(self, picture: Any) -> Any:
        raise NotImplementedError


class RandomHorizontalFlip(_Flip):
    def flipped(self, picture: Any) -> Any:
        return f.hflip(picture)


class RandomVerticalFlip(_Flip):
    def flipped(self, picture: Any) -> Any:
        return f.vflip(picture)


class RandomRotation(ByChance):
    pass


class RandomAffine(ByChance):
    pass


class RandomPerspective(ByChance):
    pass


class RandomGrayscale(ByChance):
    pass


class RandomErasing(ByChance):
    pass


class RandomInvert(ByChance):
    pass


class RandomPosterize(ByChance):
    pass


class RandomSolarize(ByChance):
    pass


class RandomAdjustSharpness(ByChance):
    pass


class RandomAutocontrast(ByChance):
    pass


class RandomEqualize(ByChance):
    pass


class ColorJitter(ByChance):
    pass


class GaussianBlur(Transform):
    def __init__(self, kernel_size: Any, sigma: Any = (0.1, 2.0)) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.sigma = (sigma, sigma) if isinstance(sigma, (int, float)) else sigma

    def change(self, picture: Any) -> Any:
        low, high = self.sigma
        if _traced.is_traced(picture) and low != high:
            note('How much `GaussianBlur` blurs')
        return f.gaussian_blur(picture, self.kernel_size, (low + high) / 2)


class ElasticTransform(ByChance):
    pass


class AutoAugment(ByChance):
    pass


class RandAugment(ByChance):
    pass


class TrivialAugmentWide(ByChance):
    pass


class AugMix(ByChance):
    pass
