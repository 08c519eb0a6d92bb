"""MaxViT: Tu et al. 2022 (arXiv:2204.01697)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from gradient_lens.errors import ShapeMismatch
from torch import nn

from ..ops import Conv2dNormActivation, SqueezeExcitation, StochasticDepth
from ._weights import builder
from ._windows import relative_positions


class MBConv(nn.Module):
    def __init__(
        self, in_channels: int, out_channels: int, expansion_ratio: float, squeeze_ratio: float, stride: int,
        activation_layer: Callable[..., Any], norm_layer: Callable[..., Any], p_stochastic_dropout: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        shortcut: list[nn.Module] = []
        if stride == 2:
            shortcut.append(nn.AvgPool2d(3, stride, 1))
        if stride != 1 or in_channels != out_channels:
            shortcut.append(nn.Conv2d(in_channels, out_channels, 1))
        self.proj = nn.Sequential(*shortcut) if shortcut else nn.Identity()
        wide, squeezed = int(out_channels * expansion_ratio), int(out_channels * squeeze_ratio)
        self.stochastic_depth = StochasticDepth(p_stochastic_dropout, 'row') if p_stochastic_dropout else nn.Identity()
        unit: Any = partial(Conv2dNormActivation, activation_layer=activation_layer, norm_layer=norm_layer, inplace=None)
        layers: OrderedDict[str, Any] = OrderedDict()
        layers['pre_norm'] = norm_layer(in_channels)
        layers['conv_a'] = unit(in_channels, wide, kernel_size=1, stride=1, padding=0)
        layers['conv_b'] = unit(wide, wide, kernel_size=3, stride=stride, padding=1, groups=wide)
        layers['squeeze_excitation'] = SqueezeExcitation(wide, squeezed, activation=nn.SiLU)
        layers['conv_c'] = nn.Conv2d(wide, out_channels, 1)
        self.layers = nn.Sequential(layers)

    def forward(self, x: Any) -> Any:
        return self.proj(x) + self.stochastic_depth(self.layers(x))


class RelativePositionalMultiHeadAttention(nn.Module):
    """[N, groups, cells, dim] to the same."""

    def __init__(self, feat_dim: int, head_dim: int, max_seq_len: int) -> None:
        super().__init__()
        if feat_dim % head_dim:
            raise ShapeMismatch(f'feat_dim: {feat_dim} must be divisible by head_dim: {head_dim}')
        self.n_heads, self.head_dim = feat_dim // head_dim, head_dim
        self.size, self.max_seq_len = round(max_seq_len**0.5), max_seq_len
        self.to_qkv = nn.Linear(feat_dim, 3 * self.n_heads * head_dim)
        self.scale_factor = feat_dim**-0.5
        self.merge = nn.Linear(head_dim * self.n_heads, feat_dim)
        self.relative_position_bias_table = nn.Parameter(torch.empty((2 * self.size - 1) ** 2, self.n_heads))
        places = torch.tensor(relative_positions(self.size, self.size)).view(max_seq_len, max_seq_len)
        self.register_buffer('relative_position_index', places)
        nn.init.trunc_normal_(self.relative_position_bias_table, std=0.02)

    def forward(self, x: Any) -> Any:
        batch, groups, cells, dim = x.shape
        parts = self.to_qkv(x).chunk(3, -1)
        q, k, v = (part.reshape(batch, groups, cells, self.n_heads, self.head_dim).transpose(2, 3) for part in parts)
        bias = self.relative_position_bias_table[self.relative_position_index.view(-1)]
        bias = bias.view(cells, cells, -1).permute(2, 0, 1).unsqueeze(0)
        attention = (q @ (k * self.scale_factor).transpose(-2, -1) + bias).softmax(-1)
        return self.merge((attention @ v).transpose(2, 3).reshape(batch, groups, cells, dim))


class SwapAxes(nn.Module):
    def __init__(self, a: int, b: int) -> None:
        super().__init__()
        self.a, self.b = a, b

    def forward(self, x: Any) -> Any:
        return x.swapaxes(self.a, self.b)


class WindowPartition(nn.Module):
    """[N, C, H, W] to [N, windows, cells, C]."""

    def forward(self, x: Any, p: int) -> Any:
        batch, channels, height, width = x.shape
        x = x.reshape(batch, channels, height // p, p, width // p, p).permute(0, 2, 4, 3, 5, 1)
        return x.reshape(batch, height // p * (width // p), p * p, channels)


class WindowDepartition(nn.Module):
    def forward(self, x: Any, p: int, h_partitions: int, w_partitions: int) -> Any:
        batch, _, _, channels = x.shape
        x = x.reshape(batch, h_partitions, w_partitions, p, p, channels).permute(0, 5, 1, 3, 2, 4)
        return x.reshape(batch, channels, h_partitions * p, w_partitions * p)


class PartitionAttentionLayer(nn.Module):
    """Attention within windows, or over a grid that takes one cell of each window."""

    def __init__(
        self, in_channels: int, head_dim: int, partition_size: int, partition_type: str, grid_size: tuple[int, int],
        mlp_ratio: int, activation_layer: Callable[..., Any], norm_layer: Callable[..., Any], attention_dropout: float,
        mlp_dropout: float, p_stochastic_dropout: float,
    ) -> None:  # fmt: skip
        super().__init__()
        across = grid_size[0] // partition_size
        grid = partition_type == 'grid'
        self.p, self.g = (across, partition_size) if grid else (partition_size, across)
        self.partition_op, self.departition_op = WindowPartition(), WindowDepartition()
        self.partition_swap = SwapAxes(-2, -3) if grid else nn.Identity()
        self.departition_swap = SwapAxes(-2, -3) if grid else nn.Identity()
        self.attn_layer = nn.Sequential(
            norm_layer(in_channels), RelativePositionalMultiHeadAttention(in_channels, head_dim, partition_size**2),
            nn.Dropout(attention_dropout),
        )  # fmt: skip
        self.mlp_layer = nn.Sequential(
            nn.LayerNorm(in_channels), nn.Linear(in_channels, in_channels * mlp_ratio), activation_layer(),
            nn.Linear(in_channels * mlp_ratio, in_channels), nn.Dropout(mlp_dropout),
        )  # fmt: skip
        self.stochastic_dropout = StochasticDepth(p_stochastic_dropout, 'row')

    def forward(self, x: Any) -> Any:
        down, across = x.shape[2] // self.p, x.shape[3] // self.p
        if x.shape[2] % self.p or x.shape[3] % self.p:
            raise ShapeMismatch(f'MaxViT: a map of {list(x.shape[2:])} does not divide into windows of {self.p}')
        x = self.partition_swap(self.partition_op(x, self.p))
        x = x + self.stochastic_dropout(self.attn_layer(x))
        x = x + self.stochastic_dropout(self.mlp_layer(x))
        return self.departition_op(self.departition_swap(x), self.p, down, across)


class MaxVitLayer(nn.Module):
    def __init__(self, channels: int, out: int, stride: int, grid_size: tuple[int, int], rate: float, options: dict[str, Any]) -> None:
        super().__init__()
        shared = {key: options[key] for key in ('head_dim', 'partition_size', 'mlp_ratio', 'activation_layer')}
        attend = partial(
            PartitionAttentionLayer, out, grid_size=grid_size, norm_layer=nn.LayerNorm, p_stochastic_dropout=rate,
            attention_dropout=options['attention_dropout'], mlp_dropout=options['mlp_dropout'], **shared,
        )  # fmt: skip
        layers: OrderedDict[str, Any] = OrderedDict()
        layers['MBconv'] = MBConv(
            channels, out, options['expansion_ratio'], options['squeeze_ratio'], stride, options['activation_layer'],
            options['norm_layer'], rate,
        )  # fmt: skip
        layers['window_attention'] = attend(partition_type='window')
        layers['grid_attention'] = attend(partition_type='grid')
        self.layers = nn.Sequential(layers)

    def forward(self, x: Any) -> Any:
        return self.layers(x)


class MaxVitBlock(nn.Module):
    def __init__(
        self, channels: int, out: int, grid: tuple[int, int], rates: Sequence[float], options: dict[str, Any]
    ) -> None:
        super().__init__()
        self.grid_size = (-(-grid[0] // 2), -(-grid[1] // 2))
        self.layers = nn.ModuleList(
            MaxVitLayer(out if place else channels, out, 1 if place else 2, self.grid_size, rate, options)
            for place, rate in enumerate(rates)
        )

    def forward(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x


class MaxVit(nn.Module):
    def __init__(
        self, input_size: tuple[int, int], stem_channels: int, partition_size: int, block_channels: Sequence[int],
        block_layers: Sequence[int], head_dim: int, stochastic_depth_prob: float, norm_layer: Any = None,
        activation_layer: Any = nn.GELU, squeeze_ratio: float = 0.25, expansion_ratio: float = 4, mlp_ratio: int = 4,
        mlp_dropout: float = 0.0, attention_dropout: float = 0.0, num_classes: int = 1000,
    ) -> None:  # fmt: skip
        super().__init__()
        norm_layer = norm_layer or partial(nn.BatchNorm2d, eps=1e-3, momentum=0.01)
        self.partition_size = partition_size
        unit = partial(Conv2dNormActivation, kernel_size=3, inplace=None)
        self.stem = nn.Sequential(
            unit(3, stem_channels, stride=2, norm_layer=norm_layer, activation_layer=activation_layer, bias=False),
            unit(stem_channels, stem_channels, stride=1, norm_layer=None, activation_layer=None, bias=True),
        )
        options: dict[str, Any] = {
            'head_dim': head_dim, 'partition_size': partition_size, 'mlp_ratio': mlp_ratio, 'norm_layer': norm_layer,
            'activation_layer': activation_layer, 'squeeze_ratio': squeeze_ratio, 'expansion_ratio': expansion_ratio,
            'mlp_dropout': mlp_dropout, 'attention_dropout': attention_dropout,
        }  # fmt: skip
        rates = torch.linspace(0, stochastic_depth_prob, sum(block_layers)).tolist()
        grid = (-(-input_size[0] // 2), -(-input_size[1] // 2))
        self.blocks = nn.ModuleList()
        channels, done = stem_channels, 0
        for out, count in zip(block_channels, block_layers):
            block = MaxVitBlock(channels, out, grid, rates[done : done + count], options)
            self.blocks.append(block)
            grid, channels, done = block.grid_size, out, done + count
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(channels), nn.Linear(channels, channels), nn.Tanh(),
            nn.Linear(channels, num_classes, bias=False),
        )  # fmt: skip
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.classifier(x)


def _made(input_size: tuple[int, int] = (224, 224), **options: Any) -> MaxVit:
    own: dict[str, Any] = {
        'stem_channels': 64, 'partition_size': 7, 'block_channels': [64, 128, 256, 512], 'block_layers': [2, 2, 5, 2],
        'head_dim': 32, 'stochastic_depth_prob': 0.2,
    }  # fmt: skip
    return MaxVit(input_size, **{**own, **options})


maxvit_t = builder('maxvit_t', _made)
