"""`keras.layers.GroupQueryAttention` (Ainslie et al. 2023): several heads of queries share one of keys and values."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.value import Value

from .attention import MultiHeadAttention


class GroupedQueryAttention(MultiHeadAttention):
    """Query kernel [in, query heads, size], kernels of key and value [in, key heads, size], output kernel [query heads, size, out]."""

    def __init__(
        self, head_dim: int, num_query_heads: int, num_key_value_heads: int, dropout: float = 0.0, use_bias: bool = True,
        sliding_window: int | None = None, flash_attention: Any = None, kernel_initializer: Any = 'glorot_uniform',
        bias_initializer: Any = 'zeros', use_gate: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            num_query_heads, head_dim, dropout=dropout, use_bias=use_bias, kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer, **kwargs,
        )  # fmt: skip
        if num_query_heads % num_key_value_heads:
            raise BadArgument('`num_query_heads` must be divisible by `num_key_value_heads`.')
        if sliding_window is not None or use_gate:
            raise UnsupportedOp('`sliding_window` and `use_gate` of GroupQueryAttention')
        self.key_heads = num_key_value_heads

    def _heads(self, x: Value) -> Value:
        """[N, L, heads * size] to [N, query heads, L, size]; each head of keys or values as often as it is shared."""
        if len(x.shape) != 3:
            raise UnsupportedOp('GroupQueryAttention over more than one axis')
        batch, length, width = x.shape
        own = width // self.key_dim
        parted = p.permute(p.reshape(x, (batch, length, own, self.key_dim)), [0, 2, 1, 3])
        shared = self.num_heads // own
        if shared == 1:
            return parted
        spread = p.broadcast_to(p.reshape(parted, (batch, own, 1, length, self.key_dim)), (batch, own, shared, length, self.key_dim))
        return p.reshape(spread, (batch, self.num_heads, length, self.key_dim))


GroupQueryAttention = GroupedQueryAttention
