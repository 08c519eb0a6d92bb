"""Grids and files of pictures: nothing is drawn or written."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert


def make_grid(tensor: Any, *arguments: Any, **options: Any) -> Any:
    return Inert('torchvision.utils.make_grid(...)')


def save_image(tensor: Any, fp: Any, *arguments: Any, **options: Any) -> None:
    return


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.utils.{name}')
