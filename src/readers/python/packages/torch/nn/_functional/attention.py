"""Scaled dot-product attention (Vaswani et al. 2017)."""

from __future__ import annotations

import math

from gradient_lens import primitives as p
from gradient_lens.errors import ShapeMismatch
from gradient_lens.shapes import broadcast
from gradient_lens.value import Value, emit

from ..._tensor import Tensor, read, wrap


def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, dropout_p: float = 0.0,
    is_causal: bool = False, scale: float | None = None, enable_gqa: bool = False,
) -> Tensor:  # fmt: skip
    """softmax(q k^T scale + mask) v; a boolean mask keeps where true, a float one is added."""
    if enable_gqa:
        groups = query.shape[-3] // key.shape[-3]
        key, value = key.repeat_interleave(groups, -3), value.repeat_interleave(groups, -3)
    mask = None if attn_mask is None else read(attn_mask)
    result = attend(read(query), read(key), read(value), mask, is_causal, scale, dropout_p)
    return wrap(result, query.dtype)


def attend(
    query: Value, key: Value, value: Value, mask: Value | None, causal: bool, scale: float | None, dropout: float
) -> Value:
    """q [..., L, E], k [..., S, E], v [..., S, V] to [..., L, V]."""
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise ShapeMismatch(
            f'attention: query {list(query.shape)}, key {list(key.shape)} and value {list(value.shape)} do not fit'
        )
    lead = broadcast(broadcast(query.shape[:-2], key.shape[:-2]), value.shape[:-2])
    query, key, value = (p.broadcast_to(part, lead + part.shape[-2:]) for part in (query, key, value))
    attributes = {
        'causal': bool(causal),
        'scale': 1 / math.sqrt(query.shape[-1]) if scale is None else float(scale),
        'dropout': float(dropout),
        'mask': mask is not None,
    }
    inputs = (query, key, value)
    if mask is not None:
        broadcast(mask.shape, lead + (query.shape[-2], key.shape[-2]))
        inputs = (*inputs, mask)
    return emit('attention', attributes, inputs, lead + (query.shape[-2], value.shape[-1]), 'float')
