"""timm's small layers that other people's models import; what is not here is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from typing import Any

from gradient_lens.inert import Inert
from torch import nn
from torch.nn.init import trunc_normal_ as trunc_normal_
from torchvision.ops.stochastic_depth import stochastic_depth


def _to_n(count: int) -> Any:
    def parse(x: Any) -> Any:
        return tuple(x) if isinstance(x, Iterable) and not isinstance(x, str) else tuple(repeat(x, count))

    return parse


to_1tuple, to_2tuple, to_3tuple, to_4tuple = _to_n(1), _to_n(2), _to_n(3), _to_n(4)
to_ntuple = _to_n


def make_divisible(v: float, divisor: int = 8, min_value: int | None = None, round_limit: float = 0.9) -> int:
    """The nearest multiple, but no less than `round_limit` of the value."""
    found = max(min_value or divisor, int(v + divisor / 2) // divisor * divisor)
    return found + divisor if found < round_limit * v else found


def drop_path(x: Any, drop_prob: float = 0.0, training: bool = False, scale_by_keep: bool = True) -> Any:
    """Whole samples dropped at random (Huang et al. 2016, arXiv:1603.09382)."""
    dropped = stochastic_depth(x, drop_prob, 'row', training)
    return dropped if scale_by_keep or not training else dropped * (1 - drop_prob)


class DropPath(nn.Module):
    def __init__(self, drop_prob: float | None = 0.0, scale_by_keep: bool = True) -> None:
        super().__init__()
        self.drop_prob, self.scale_by_keep = drop_prob or 0.0, scale_by_keep

    def forward(self, x: Any) -> Any:
        return drop_path(x, self.drop_prob, self.training, self.scale_by_keep)


class Mlp(nn.Module):
    """Linear, activation, dropout, norm, linear, dropout."""

    def __init__(
        self, in_features: int, hidden_features: int | None = None, out_features: int | None = None,
        act_layer: Any = nn.GELU, norm_layer: Any = None, bias: Any = True, drop: Any = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        hidden, out = hidden_features or in_features, out_features or in_features
        biases, rates = to_2tuple(bias), to_2tuple(drop)
        self.fc1 = nn.Linear(in_features, hidden, bias=biases[0])
        self.act = act_layer()
        self.drop1 = nn.Dropout(rates[0])
        self.norm = nn.Identity() if norm_layer is None else norm_layer(hidden)
        self.fc2 = nn.Linear(hidden, out, bias=biases[1])
        self.drop2 = nn.Dropout(rates[1])

    def forward(self, x: Any) -> Any:
        return self.drop2(self.fc2(self.norm(self.drop1(self.act(self.fc1(x))))))


class PatchEmbed(nn.Module):
    """Pictures [N, C, H, W] to patches [N, L, width]."""

    def __init__(
        self, img_size: Any = 224, patch_size: Any = 16, in_chans: int = 3, embed_dim: int = 768, norm_layer: Any = None,
        flatten: bool = True, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.img_size, self.patch_size = to_2tuple(img_size), to_2tuple(patch_size)
        self.grid_size = tuple(size // patch for size, patch in zip(self.img_size, self.patch_size))
        self.num_patches = self.grid_size[0] * self.grid_size[1]
        self.flatten = flatten
        self.proj = nn.Conv2d(in_chans, embed_dim, self.patch_size, self.patch_size, bias=bias)
        self.norm = nn.Identity() if norm_layer is None else norm_layer(embed_dim)

    def forward(self, x: Any) -> Any:
        x = self.proj(x)
        return self.norm(x.flatten(2).transpose(1, 2) if self.flatten else x)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'timm.layers.{name}')
