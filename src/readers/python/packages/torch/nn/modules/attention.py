"""Multi-head attention (Vaswani et al. 2017)."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, ShapeMismatch, UnsupportedOp
from gradient_lens.value import Value

from ..._ops.random import dropout_value
from ..._tensor import Tensor, read, wrap
from .._functional.attention import attend
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
        if add_bias_kv or add_zero_attn:
            raise UnsupportedOp('MultiheadAttention with add_bias_kv or add_zero_attn')
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
        self.bias_k = self.bias_v = None
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

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | None = None, need_weights: bool = True,
        attn_mask: Tensor | None = None, average_attn_weights: bool = True, is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:  # fmt: skip
        single = query.ndim == 2
        parts = [self._batch_first(read(part), single) for part in (query, key, value)]
        q, k, v = self._projected(parts)
        mask = self._mask(key_padding_mask, attn_mask, q, k)
        causal = bool(is_causal) and mask is None
        rate = self.dropout if self.training else 0.0
        mixed = attend(q, k, v, mask, causal, None, rate)
        batch, _, steps, _ = mixed.shape
        joined = p.reshape(p.swap(mixed, 1, 2), (batch, steps, self.embed_dim))
        output = read(self.out_proj(wrap(joined, query.dtype)))
        weights = self._weights(q, k, mask, causal, rate, average_attn_weights, single) if need_weights else None
        return wrap(self._as_given(output, single), query.dtype), weights

    def _batch_first(self, value: Value, single: bool) -> Value:
        if len(value.shape) != (2 if single else 3):
            raise ShapeMismatch('query, key and value must all be 2-D (unbatched) or all 3-D (batched)')
        if single:
            return p.reshape(value, (1, *value.shape))
        return value if self.batch_first else p.swap(value, 0, 1)

    def _as_given(self, value: Value, single: bool) -> Value:
        if single:
            return p.reshape(value, value.shape[1:])
        return value if self.batch_first else p.swap(value, 0, 1)

    def _projected(self, parts: list[Value]) -> list[Value]:
        """[N, heads, L, head_dim] each."""
        bias = self.in_proj_bias
        width = self.embed_dim
        biases: list[Value | None] = [None] * 3
        if bias is not None:
            biases = [p.narrow(read(bias), 0, i * width, (i + 1) * width) for i in range(3)]
        if not self._qkv_same_embed_dim:
            names = ('q_proj_weight', 'k_proj_weight', 'v_proj_weight')
            weights = [read(self._parameters[name]) for name in names]  # type: ignore[arg-type]
        elif parts[0] is parts[1] is parts[2]:
            whole = p.linear(parts[0], read(self.in_proj_weight), None if bias is None else read(bias))
            return [self._heads(p.narrow(whole, 2, i * width, (i + 1) * width)) for i in range(3)]
        else:
            weights = [p.narrow(read(self.in_proj_weight), 0, i * width, (i + 1) * width) for i in range(3)]
        return [self._heads(p.linear(x, w, b)) for x, w, b in zip(parts, weights, biases)]

    def _heads(self, value: Value) -> Value:
        batch, steps, _ = value.shape
        return p.swap(p.reshape(value, (batch, steps, self.num_heads, self.head_dim)), 1, 2)

    def _mask(self, padding: Tensor | None, mask: Tensor | None, q: Value, k: Value) -> Value | None:
        """One float mask, added to the scores; here a boolean mask shuts out where it is true."""
        found: list[Value] = []
        if mask is not None:
            value = _additive(read(mask))
            if len(value.shape) == 3:
                value = p.reshape(value, (q.shape[0], self.num_heads, *value.shape[1:]))
            found.append(value)
        if padding is not None:
            value = _additive(read(padding))
            if len(value.shape) == 1:
                value = p.reshape(value, (1, *value.shape))
            found.append(p.reshape(value, (value.shape[0], 1, 1, value.shape[-1])))
        if not found:
            return None
        return found[0] if len(found) == 1 else p.binary('add', found[0], found[1])

    def _weights(
        self, q: Value, k: Value, mask: Value | None, causal: bool, rate: float, average: bool, single: bool
    ) -> Tensor:
        """The attention weights, written out; they drop out of the graph where nobody uses them."""
        scores = p.binary('mul', p.matmul(q, p.swap(k, 2, 3)), p.fill(1 / math.sqrt(self.head_dim), (), 'float'))
        if causal:
            above = p.same('triu', p.fill(True, scores.shape[-2:], 'bool'), {'diagonal': 1})
            scores = p.where(above, p.fill(-math.inf, (), 'float'), scores)
        if mask is not None:
            scores = p.binary('add', scores, mask)
        weights = p.unary('softmax', scores, {'axis': 3})
        if rate:
            weights = dropout_value(weights, rate, [])
        if average:
            weights = p.reduce('mean', weights, [1], False)
        return wrap(p.reshape(weights, weights.shape[1:]) if single else weights)


def _additive(mask: Value) -> Value:
    if mask.dtype != 'bool':
        return p.cast(mask, 'float')
    return p.where(mask, p.fill(-math.inf, (), 'float'), p.fill(0.0, (), 'float'))
