"""Multi-head attention as a function: projections, heads side by side, output projection (Vaswani et al. 2017)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, ShapeMismatch, UnsupportedOp
from gradient_lens.value import Value

from ..._ops.random import dropout_value
from ..._tensor import Tensor, read, wrap
from .attention import attend
from .common import optional
from .linear import linear


def multi_head_attention_forward(
    query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: int, num_heads: int, in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None, bias_k: Tensor | None, bias_v: Tensor | None, add_zero_attn: bool, dropout_p: float,
    out_proj_weight: Tensor, out_proj_bias: Tensor | None, training: bool = True, key_padding_mask: Tensor | None = None,
    need_weights: bool = True, attn_mask: Tensor | None = None, use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None, k_proj_weight: Tensor | None = None, v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None, static_v: Tensor | None = None, average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:  # fmt: skip
    """query [L, N, E], key and value [S, N, ...] to [L, N, out]."""
    if static_k is not None or static_v is not None:
        raise UnsupportedOp('multi_head_attention_forward with static_k or static_v')
    return attention_of(
        query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn,
        dropout_p, lambda x: linear(x, out_proj_weight, out_proj_bias), training, key_padding_mask, need_weights, attn_mask,
        use_separate_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight, average_attn_weights, is_causal,
    )  # fmt: skip


def attention_of(
    query: Tensor, key: Tensor, value: Tensor, width: int, heads: int, in_weight: Tensor | None, in_bias: Tensor | None,
    bias_k: Tensor | None, bias_v: Tensor | None, add_zero: bool, dropout: float, project: Callable[[Tensor], Tensor],
    training: bool, padding: Tensor | None, need_weights: bool, mask: Tensor | None, separate: bool,
    q_weight: Tensor | None, k_weight: Tensor | None, v_weight: Tensor | None, average: bool, is_causal: bool,
    batch_first: bool = False,
) -> tuple[Tensor, Tensor | None]:  # fmt: skip
    single = query.ndim == 2
    if query.shape[-1] != width:
        raise ShapeMismatch(f'was expecting embedding dimension of {width}, but got {query.shape[-1]}')
    parts = _batch_first((query, key, value), single, batch_first)
    weights: list[Any] = [q_weight, k_weight, v_weight] if separate else [in_weight]
    if any(weight is None for weight in weights):
        raise BadArgument('multi_head_attention_forward: the projections of query, key and value are missing')
    q, k, v = _projected(parts, [read(weight) for weight in weights], optional(in_bias), width)
    extra = 0
    if bias_k is not None and bias_v is not None:
        k, v = (_longer(part, read(bias)) for part, bias in ((k, bias_k), (v, bias_v)))
        extra += 1
    q, k, v = (_heads(part, heads) for part in (q, k, v))
    if add_zero:
        none = p.fill(0.0, (*k.shape[:2], 1, k.shape[3]), 'float')
        k, v = p.concat([k, none], 2), p.concat([v, none], 2)
        extra += 1
    bias = _mask(padding, mask, q, heads, extra)
    causal = is_causal and bias is None
    rate = dropout if training else 0.0
    mixed = attend(q, k, v, bias, causal, None, rate)
    batch, _, steps, _ = mixed.shape
    joined = p.reshape(p.swap(mixed, 1, 2), (batch, steps, width))
    output = read(project(wrap(joined, query.dtype)))
    if single:
        output = p.reshape(output, output.shape[1:])
    elif not batch_first:
        output = p.swap(output, 0, 1)
    seen = _weights(q, k, bias, causal, rate, average, single) if need_weights else None
    return wrap(output, query.dtype), seen


def _batch_first(parts: tuple[Tensor, ...], single: bool, already: bool) -> list[Value]:
    """[N, L, E] each; what is one tensor stays one value."""
    found: dict[int, Value] = {}
    for part in parts:
        if part.ndim != (2 if single else 3):
            raise ShapeMismatch('query, key and value must all be 2-D (unbatched) or all 3-D (batched)')
        if id(part) not in found:
            value = read(part)
            if single:
                value = p.reshape(value, (1, *value.shape))
            found[id(part)] = value if single or already else p.swap(value, 0, 1)
    return [found[id(part)] for part in parts]


def _projected(parts: list[Value], weights: list[Value], bias: Value | None, width: int) -> list[Value]:
    """[N, L, E] each."""
    biases: list[Value | None] = [None] * 3
    if len(weights) == 1 and parts[0] is parts[1] is parts[2]:
        whole = p.linear(parts[0], weights[0], bias)
        return [p.narrow(whole, 2, i * width, (i + 1) * width) for i in range(3)]
    if bias is not None:
        biases = [p.narrow(bias, 0, i * width, (i + 1) * width) for i in range(3)]
    if len(weights) == 1:
        weights = [p.narrow(weights[0], 0, i * width, (i + 1) * width) for i in range(3)]
    return [p.linear(x, w, b) for x, w, b in zip(parts, weights, biases)]


def _longer(value: Value, step: Value) -> Value:
    """One step more for every sample; [1, 1, E]."""
    batch, _, width = value.shape
    return p.concat([value, p.broadcast_to(p.reshape(step, (1, 1, width)), (batch, 1, width))], 1)


def _heads(value: Value, heads: int) -> Value:
    batch, steps, width = value.shape
    if width % heads:
        raise ShapeMismatch(f'embed_dim {width} not divisible by num_heads {heads}')
    return p.swap(p.reshape(value, (batch, steps, heads, width // heads)), 1, 2)


def _mask(padding: Tensor | None, mask: Tensor | None, q: Value, heads: int, extra: int) -> Value | None:
    """One float mask, added to the scores; a boolean one shuts out where it is true. Steps put in are never shut out."""
    found: list[Value] = []
    if mask is not None:
        value = _additive(read(mask), extra)
        if len(value.shape) == 3:
            value = p.reshape(value, (q.shape[0], heads, *value.shape[1:]))
        found.append(value)
    if padding is not None:
        value = _additive(read(padding), extra)
        if len(value.shape) == 1:
            value = p.reshape(value, (1, *value.shape))
        found.append(p.reshape(value, (value.shape[0], 1, 1, value.shape[-1])))
    if not found:
        return None
    return found[0] if len(found) == 1 else p.binary('add', found[0], found[1])


def _additive(mask: Value, extra: int) -> Value:
    if mask.dtype != 'bool':
        mask = p.cast(mask, 'float')
    else:
        mask = p.where(mask, p.fill(-math.inf, (), 'float'), p.fill(0.0, (), 'float'))
    return p.concat([mask, p.fill(0.0, (*mask.shape[:-1], extra), 'float')], len(mask.shape) - 1) if extra else mask


def _weights(
    q: Value, k: Value, mask: Value | None, causal: bool, rate: float, average: bool, single: bool
) -> Tensor:
    """The attention weights, written out; they drop out of the graph where nobody uses them."""
    scores = p.binary('mul', p.matmul(q, p.swap(k, 2, 3)), p.fill(1 / math.sqrt(q.shape[3]), (), 'float'))
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
