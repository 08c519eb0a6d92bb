"""Attention within shifted windows, with a bias by relative place (Liu et al. 2021)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F


def relative_positions(height: int, width: int) -> list[int]:
    """The row of a table of (2 height - 1)(2 width - 1) places for each pair of a window's cells, pair by pair."""
    cells = [(row, column) for row in range(height) for column in range(width)]
    return [
        (row - other_row + height - 1) * (2 * width - 1) + column - other_column + width - 1
        for row, column in cells
        for other_row, other_column in cells
    ]


class ShiftedWindowAttention(nn.Module):
    """Pictures [N, H, W, C] to the same, attending within windows; sizes are padded to whole windows."""

    def __init__(
        self, dim: int, window_size: Sequence[int], shift_size: Sequence[int], num_heads: int, qkv_bias: bool = True,
        proj_bias: bool = True, attention_dropout: float = 0.0, dropout: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.window_size, self.shift_size, self.num_heads = list(window_size), list(shift_size), num_heads
        self.attention_dropout, self.dropout = attention_dropout, dropout
        self.qkv = nn.Linear(dim, 3 * dim, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim, bias=proj_bias)
        self.define_relative_position_bias_table()
        self.register_buffer('relative_position_index', torch.tensor(relative_positions(*self.window_size)))

    def define_relative_position_bias_table(self) -> None:
        height, width = self.window_size
        rows = (2 * height - 1) * (2 * width - 1)
        self.relative_position_bias_table = nn.Parameter(torch.zeros(rows, self.num_heads))
        nn.init.trunc_normal_(self.relative_position_bias_table, std=0.02)

    def _bias(self, table: Any) -> Any:
        """[1, heads, cells, cells]"""
        cells = math.prod(self.window_size)
        return table[self.relative_position_index].view(cells, cells, -1).permute(2, 0, 1).unsqueeze(0)

    def get_relative_position_bias(self) -> Any:
        return self._bias(self.relative_position_bias_table)

    def _qkv_bias(self) -> Any:
        return self.qkv.bias

    def _scores(self, q: Any, k: Any) -> Any:
        return (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)

    def forward(self, x: Any) -> Any:
        batch, height, width, channels = x.shape
        rows, columns = self.window_size
        x = F.pad(x, (0, 0, 0, -width % columns, 0, -height % rows))
        high, wide = x.shape[1:3]
        # A window that covers the whole is not shifted.
        shift = [0 if own >= size else by for own, size, by in zip(self.window_size, (high, wide), self.shift_size)]
        if any(shift):
            x = torch.roll(x, (-shift[0], -shift[1]), (1, 2))
        down, across, heads = high // rows, wide // columns, self.num_heads
        x = x.view(batch, down, rows, across, columns, channels).permute(0, 1, 3, 2, 4, 5)
        x = x.reshape(batch * down * across, rows * columns, channels)
        qkv = F.linear(x, self.qkv.weight, self._qkv_bias())
        q, k, v = qkv.reshape(x.shape[0], x.shape[1], 3, heads, channels // heads).permute(2, 0, 3, 1, 4).unbind(0)
        scores = self._scores(q, k) + self.get_relative_position_bias()
        if any(shift):
            apart = self._apart(high, wide, shift)
            scores = scores.view(batch, down * across, heads, *scores.shape[-2:]) + apart[None, :, None]
            scores = scores.view(-1, heads, *scores.shape[-2:])
        attention = F.dropout(scores.softmax(-1), self.attention_dropout, self.training)
        x = (attention @ v).transpose(1, 2).reshape(x.shape[0], x.shape[1], channels)
        x = F.dropout(self.proj(x), self.dropout, self.training)
        x = x.view(batch, down, across, rows, columns, channels).permute(0, 1, 3, 2, 4, 5)
        x = x.reshape(batch, high, wide, channels)
        if any(shift):
            x = torch.roll(x, (shift[0], shift[1]), (1, 2))
        return x[:, :height, :width, :].contiguous()

    def _apart(self, high: int, wide: int, shift: list[int]) -> Any:
        """-100 between cells that the shift brought together from opposite edges: [windows, cells, cells]."""
        rows, columns = self.window_size

        def region(place: int, size: int, window: int, by: int) -> int:
            return 0 if place < size - window else 1 if place < size - by else 2

        areas = [
            [3 * region(r, high, rows, shift[0]) + region(c, wide, columns, shift[1]) for c in range(wide)]
            for r in range(high)
        ]
        windows = [
            [areas[top + r][left + c] for r in range(rows) for c in range(columns)]
            for top in range(0, high, rows)
            for left in range(0, wide, columns)
        ]
        marks = torch.tensor(windows)
        return (marks.unsqueeze(1) != marks.unsqueeze(2)).float() * -100.0


class ShiftedWindowAttentionV2(ShiftedWindowAttention):
    """Cosine scores with a learned scale; the bias is computed from logarithmic distances."""

    def __init__(self, dim: int, window_size: Sequence[int], shift_size: Sequence[int], num_heads: int, **options: Any) -> None:
        super().__init__(dim, window_size, shift_size, num_heads, **options)
        self.logit_scale = nn.Parameter(torch.log(10 * torch.ones(num_heads, 1, 1)))
        self.cpb_mlp = nn.Sequential(nn.Linear(2, 512), nn.ReLU(inplace=True), nn.Linear(512, num_heads, bias=False))

    def define_relative_position_bias_table(self) -> None:
        height, width = self.window_size
        table = [
            [[_logarithmic(row, height - 1), _logarithmic(column, width - 1)] for column in range(1 - width, width)]
            for row in range(1 - height, height)
        ]
        self.register_buffer('relative_coords_table', torch.tensor([table]))

    def get_relative_position_bias(self) -> Any:
        table = self.cpb_mlp(self.relative_coords_table).view(-1, self.num_heads)
        return 16 * torch.sigmoid(self._bias(table))

    def _qkv_bias(self) -> Any:
        """The keys' bias is held at nought."""
        bias = self.qkv.bias
        if bias is None:
            return None
        queries, keys, values = bias.chunk(3)
        return torch.cat([queries, torch.zeros_like(keys), values])

    def _scores(self, q: Any, k: Any) -> Any:
        cosines = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        return cosines * self.logit_scale.clamp(max=math.log(100.0)).exp()


def _logarithmic(distance: int, largest: int) -> float:
    """sign(d) log2(1 + |d|) / 3, d in eighths of the largest distance."""
    scaled = 8 * distance / largest
    return math.copysign(math.log2(abs(scaled) + 1) / 3.0, scaled)
