"""Attention layers."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import UnsupportedOp
from gradient_lens.value import Value, constant, emit

from .. import initializers
from .._context import context
from .._ops.elementwise import softmax_value
from .._masks import keeps_all
from .._tensor import read, value_of, wrap
from .layer import Layer
from .regularization import dropped


def scaled(q: Value, k: Value, v: Value, mask: Value | None, scale: float, dropout: float, causal: bool) -> Value:
    """[..., L, E] each: softmax(q k^T * scale) v (Vaswani et al. 2017)."""
    shape = (*q.shape[:-1], v.shape[-1])
    attributes = {'causal': causal, 'scale': scale, 'dropout': dropout, 'mask': mask is not None}
    return emit('attention', attributes, (q, k, v) if mask is None else (q, k, v, mask), shape, 'float')


def causal_mask(rows: int, columns: int) -> Value:
    return constant([j <= i for i in range(rows) for j in range(columns)], (rows, columns), 'bool')


class _Projection(Layer):
    """One of the four dense maps of attention: x [..., in] by kernel [in, heads, size]."""

    _is_part = True

    def __init__(self, name: str, kernel: tuple[int, ...], rows: int, use_bias: bool, start: tuple[Any, Any]) -> None:
        super().__init__(name=name)
        self.sizes, self.rows, self.use_bias = kernel, rows, use_bias
        self.kernel_start, self.bias_start = start

    def build(self, input_shape: Any = None) -> None:
        fans = math.prod(self.sizes[: self.rows]), math.prod(self.sizes[self.rows :])
        self.kernel = self.weight('kernel', self.sizes, initializers.Contracted(self.kernel_start, *fans), 'glorot_uniform')
        self.bias = self.weight('bias', self.sizes[self.rows :], self.bias_start, 'zeros') if self.use_bias else None
        self.built = True

    def apply(self, x: Value) -> Value:
        """x [..., in] to [..., out], heads side by side."""
        if not self.built:
            with context.inside(self.name):
                self.build()
        fan_in = math.prod(self.sizes[: self.rows])
        out = math.prod(self.sizes[self.rows :])
        bias = None if self.bias is None else p.reshape(read(self.bias), (out,))
        return p.linear(p.cast(x, 'float'), p.reshape(read(self.kernel), (fan_in, out)), bias, 'inOut')


class MultiHeadAttention(Layer):
    """keras.layers.MultiHeadAttention: kernels [in, heads, size], output kernel [heads, size, out]."""

    _data_axes = 2
    supports_masking = True

    def __init__(
        self, num_heads: int, key_dim: int, value_dim: int | None = None, dropout: float = 0.0, use_bias: bool = True,
        output_shape: Any = None, attention_axes: Any = None, flash_attention: Any = None,
        kernel_initializer: Any = 'glorot_uniform', bias_initializer: Any = 'zeros', **kwargs: Any,
    ) -> None:  # fmt: skip
        for option in ('kernel_regularizer', 'bias_regularizer', 'kernel_constraint', 'bias_constraint', 'seed'):
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        if attention_axes is not None:
            raise UnsupportedOp('MultiHeadAttention over other axes')
        self.num_heads, self.key_dim, self.value_dim = num_heads, key_dim, value_dim or key_dim
        #: Heads of keys and values.
        self.key_heads = num_heads
        self.dropout, self.use_bias, self.out = float(dropout), use_bias, output_shape
        self.starts = (initializers.get(kernel_initializer), initializers.get(bias_initializer))

    def build(self, query_shape: Any, value_shape: Any = None, key_shape: Any = None) -> None:
        value_shape = value_shape or query_shape
        key_shape = key_shape or value_shape
        out = query_shape[-1] if self.out is None else self.out if isinstance(self.out, int) else tuple(self.out)[-1]

        def made(name: str, kernel: tuple[int, ...], rows: int = 1) -> _Projection:
            layer = _Projection(name, kernel, rows, self.use_bias, self.starts)
            layer.__dict__['_span'] = self._span
            with context.inside(name):
                layer.build()
            return layer

        self.query_dense = made('query', (query_shape[-1], self.num_heads, self.key_dim))
        self.key_dense = made('key', (key_shape[-1], self.key_heads, self.key_dim))
        self.value_dense = made('value', (value_shape[-1], self.key_heads, self.value_dim))
        self.output_dense = made('attention_output', (self.num_heads, self.value_dim, out), 2)
        self.built = True

    def _build_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = dict(zip(('query', 'value', 'key'), args)) | kwargs
        shapes = [tuple(value_of(given[name]).shape) if given.get(name) is not None else None for name in ('query', 'value', 'key')]
        self.build(*shapes)

    def call(
        self, query: Any, value: Any, key: Any = None, query_mask: Any = None, value_mask: Any = None, key_mask: Any = None,
        attention_mask: Any = None, return_attention_scores: bool = False, training: Any = None, use_causal_mask: bool = False,
    ) -> Any:  # fmt: skip
        key = value if key is None else key
        q, k, v = (
            self._heads(layer.apply(value_of(item)))
            for layer, item in ((self.query_dense, query), (self.key_dense, key), (self.value_dense, value))
        )
        mask = None if keeps_all(attention_mask) else self._mask(p.cast(value_of(attention_mask), 'bool'))
        for given, axis in ((query_mask, 2), (value_mask, 1), (key_mask, 1)):
            if not keeps_all(given):
                # [N, T] stands for rows (queries) or columns (keys) of [N, heads, T, S].
                held = p.cast(value_of(given), 'bool')
                spread = p.reshape(held, (held.shape[0], 1, *((held.shape[1], 1) if axis == 2 else (1, held.shape[1]))))
                mask = spread if mask is None else p.binary('logicalAnd', mask, spread, 'bool', 'bool')
        plain = use_causal_mask and mask is None and not return_attention_scores
        if use_causal_mask and not plain:
            causal = causal_mask(q.shape[-2], k.shape[-2])
            mask = causal if mask is None else p.binary('logicalAnd', mask, causal, 'bool', 'bool')
        scale = 1 / math.sqrt(self.key_dim)
        rate = self.dropout if training else 0.0
        scores = None
        if return_attention_scores:
            scores, made = _spelt_out(q, k, v, mask, scale, rate)
        else:
            made = scaled(q, k, v, mask, scale, rate, plain)
        joined = p.permute(made, [0, 2, 1, 3])
        flat = p.reshape(joined, (*joined.shape[:2], joined.shape[2] * joined.shape[3]))
        output = wrap(self.output_dense.apply(flat))
        return (output, wrap(scores)) if scores is not None else output

    def _heads(self, x: Value) -> Value:
        """[N, L, heads * size] to [N, heads, L, size]."""
        if len(x.shape) != 3:
            raise UnsupportedOp('MultiHeadAttention over more than one axis')
        return p.permute(p.reshape(x, (*x.shape[:2], self.num_heads, x.shape[2] // self.num_heads)), [0, 2, 1, 3])

    def _mask(self, mask: Value) -> Value:
        """[N, T, S] gets an axis for the heads."""
        return p.reshape(mask, (mask.shape[0], 1, *mask.shape[1:])) if len(mask.shape) == 3 else mask


def _spelt_out(q: Value, k: Value, v: Value, mask: Value | None, scale: float, rate: float) -> tuple[Value, Value]:
    """The weights as well."""
    scores = p.binary('mul', p.matmul(q, k, False, True), p.fill(scale, (), 'float'))
    if mask is not None:
        scores = p.binary('add', scores, p.where(mask, p.fill(0.0, (), 'float'), p.fill(-3e38, (), 'float')))
    weights = softmax_value(scores, -1)
    used = dropped(weights, rate, []) if rate else weights
    return weights, p.matmul(used, v)


class Attention(Layer):
    """Dot-product attention; inputs [query, value] or [query, value, key]."""

    _reads_mask = True

    def __init__(self, use_scale: bool = False, score_mode: str = 'dot', dropout: float = 0.0, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_scale, self.score_mode, self.dropout = use_scale, score_mode, float(dropout)

    def build(self, input_shape: Any) -> None:
        if self.use_scale:
            self.scale = self.add_weight((), 'ones', name='scale')
        if self.score_mode == 'concat':
            self.concat_score_weight = self.add_weight((), 'ones', name='concat_score_weight')
        self.built = True

    def scores(self, q: Value, k: Value) -> Value:
        if self.score_mode == 'dot':
            made = p.matmul(q, k, False, True)
            return p.binary('mul', made, read(self.scale)) if self.use_scale else made
        return p.binary('mul', self.additive(q, k, read(self.scale) if self.use_scale else None), read(self.concat_score_weight))

    def additive(self, q: Value, k: Value, scale: Value | None) -> Value:
        total = p.binary(
            'add', p.reshape(q, (*q.shape[:-1], 1, q.shape[-1])), p.reshape(k, (*k.shape[:-2], 1, *k.shape[-2:]))
        )
        if scale is not None and not scale.shape:
            total = p.binary('mul', total, scale)
        made = p.unary('tanh', total)
        if scale is not None and scale.shape:
            made = p.binary('mul', made, scale)
        return p.reduce('sum', made, [len(made.shape) - 1], False)

    def call(
        self, inputs: Any, mask: Any = None, training: Any = None, return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:  # fmt: skip
        if mask is not None and not all(keeps_all(item) for item in mask):
            raise UnsupportedOp('a mask given to attention')
        values = [p.cast(value_of(item), 'float') for item in inputs]
        q, v = values[0], values[1]
        k = values[2] if len(values) > 2 else v
        made = self.scores(q, k)
        if use_causal_mask:
            kept = causal_mask(q.shape[-2], k.shape[-2])
            made = p.binary('add', made, p.where(kept, p.fill(0.0, (), 'float'), p.fill(-1e9, (), 'float')))
        weights = softmax_value(made, -1)
        used = dropped(weights, self.dropout, []) if training and self.dropout else weights
        output = wrap(p.matmul(used, v))
        return (output, wrap(weights)) if return_attention_scores else output


class AdditiveAttention(Attention):
    """Bahdanau et al. 2015: sum(scale * tanh(q + k))."""

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(use_scale, 'dot', dropout, **kwargs)

    def build(self, input_shape: Any) -> None:
        if self.use_scale:
            self.scale = self.add_weight((input_shape[0][-1],), 'glorot_uniform', name='scale')
        self.built = True

    def scores(self, q: Value, k: Value) -> Value:
        return self.additive(q, k, read(self.scale) if self.use_scale else None)
