"""Multi-head attention (Vaswani et al. 2017)."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import BadArgument
from gradient_lens.value import drawn

from ..._tensor import Tensor
from .._functional.heads import attention_of
from .layer import Layer, filled, parameter, uniform_contents
from .linear import NonDynamicallyQuantizableLinear


class MultiheadAttention(Layer):
    """Projections of query, key and value (one matrix where their sizes agree), heads side by side, output projection."""

    def __init__(
        self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True, add_bias_kv: bool = False,
        add_zero_attn: bool = False, kdim: int | None = None, vdim: int | None = None, batch_first: bool = False,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if embed_dim <= 0 or num_heads <= 0:
            raise BadArgument(
                f'embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and num_heads={num_heads} instead'
            )
        if embed_dim % num_heads:
            raise BadArgument('embed_dim must be divisible by num_heads')
        self.embed_dim, self.num_heads, self.dropout, self.batch_first = embed_dim, num_heads, dropout, batch_first
        self.head_dim = embed_dim // num_heads
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        same = self._qkv_same_embed_dim
        self.register_parameter('q_proj_weight', None if same else parameter((embed_dim, embed_dim)))
        self.register_parameter('k_proj_weight', None if same else parameter((embed_dim, self.kdim)))
        self.register_parameter('v_proj_weight', None if same else parameter((embed_dim, self.vdim)))
        self.register_parameter('in_proj_weight', parameter((3 * embed_dim, embed_dim)) if same else None)
        self.register_parameter('in_proj_bias', parameter((3 * embed_dim,)) if bias else None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias=bias)
        self.add_zero_attn = add_zero_attn
        self.register_parameter('bias_k', parameter((1, 1, embed_dim)) if add_bias_kv else None)
        self.register_parameter('bias_v', parameter((1, 1, embed_dim)) if add_bias_kv else None)
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        """Projections Glorot uniform, biases nought; the output projection's weight keeps the default of `Linear`."""
        for name in ('in_proj_weight', 'q_proj_weight', 'k_proj_weight', 'v_proj_weight'):
            held = self._parameters[name]
            if held is not None:
                fan_out, fan_in = held.shape
                held.start(uniform_contents(math.sqrt(6 / (fan_in + fan_out)), tuple(held.shape)))
        self.start('in_proj_bias', filled(0, (3 * self.embed_dim,)))
        if self.out_proj.bias is not None:
            self.out_proj.start('bias', filled(0, (self.embed_dim,)))
        for name in ('bias_k', 'bias_v'):
            # xavier_normal_: as a [1, 1, d] tensor its fans are d both.
            std = math.sqrt(2 / (2 * self.embed_dim))
            self.start(name, drawn({'kind': 'normal', 'mean': 0.0, 'std': std}, (1, 1, self.embed_dim)))

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | None = None, need_weights: bool = True,
        attn_mask: Tensor | None = None, average_attn_weights: bool = True, is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:  # fmt: skip
        return attention_of(
            query, key, value, self.embed_dim, self.num_heads, self.in_proj_weight, self.in_proj_bias, self.bias_k, self.bias_v,
            self.add_zero_attn, self.dropout, self.out_proj, self.training, key_padding_mask, need_weights, attn_mask,
            not self._qkv_same_embed_dim, self.q_proj_weight, self.k_proj_weight, self.v_proj_weight, average_attn_weights,
            bool(is_causal), self.batch_first,
        )  # fmt: skip
