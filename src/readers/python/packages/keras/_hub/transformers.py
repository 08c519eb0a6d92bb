"""`keras_hub.layers`: blocks of transformers and embeddings with positions."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import UnsupportedOp

from .. import activations, initializers
from .. import layers as L
from .._masks import keeps_all, of_tokens
from .._ops import arithmetic, creation, indexing, joining
from .._tensor import Tensor, value_of
from ..layers.layer import Layer

_add: Any = arithmetic.FUNCTIONS['add']


def _without_padding(mask: Any, name: str) -> None:
    """Made-up data holds no padding: a mask of the model's own input leaves nothing out."""
    if mask is not None and not keeps_all(of_tokens(mask)):
        raise UnsupportedOp(f'`{name}` that the model computes', 'leave it out, or make it an input of the model')


class _Block(Layer):
    """What encoder and decoder share: attention and two dense layers, each with a normalisation and a shortcut."""

    supports_masking = True
    _feedforward_layer_norm: Any

    def __init__(
        self, intermediate_dim: int, num_heads: int, dropout: float = 0.0, activation: Any = 'relu', layer_norm_epsilon: float = 1e-5,
        kernel_initializer: Any = 'glorot_uniform', bias_initializer: Any = 'zeros', normalize_first: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.intermediate_dim, self.num_heads, self.dropout = int(intermediate_dim), int(num_heads), float(dropout)
        self.activation, self.epsilon, self.normalize_first = activations.get(activation), layer_norm_epsilon, normalize_first
        self._dropped = L.Dropout(self.dropout, name='dropout')
        self.starts: dict[str, Any] = {
            'kernel_initializer': initializers.get(kernel_initializer), 'bias_initializer': initializers.get(bias_initializer),
        }  # fmt: skip

    def _attention(self, hidden: int, name: str) -> Any:
        return L.MultiHeadAttention(self.num_heads, hidden // self.num_heads, dropout=self.dropout, name=name, **self.starts)

    def _norm(self, name: str) -> Any:
        return L.LayerNormalization(epsilon=self.epsilon, name=name)

    def _dense(self, hidden: int) -> None:
        self._feedforward_intermediate_dense = L.Dense(
            self.intermediate_dim, activation=self.activation, name='feedforward_intermediate_dense', **self.starts
        )
        self._feedforward_output_dense = L.Dense(hidden, name='feedforward_output_dense', **self.starts)

    def _drop(self, x: Any) -> Any:
        return self._dropped(x) if self.dropout else x

    def _around(self, x: Any, norm: Any, step: Any) -> Any:
        """A step with its shortcut; the normalisation stands before the step or after the sum."""
        made = _add(self._drop(step(norm(x) if self.normalize_first else x)), x)
        return made if self.normalize_first else norm(made)

    def _fed_forward(self, x: Any) -> Any:
        def step(item: Any) -> Any:
            return self._feedforward_output_dense(self._feedforward_intermediate_dense(item))

        return self._around(x, self._feedforward_layer_norm, step)


class TransformerEncoder(_Block):
    def build(self, input_shape: Any) -> None:
        hidden = input_shape[-1]
        self._self_attention_layer = self._attention(hidden, 'self_attention_layer')
        self._self_attention_layer_norm = self._norm('self_attention_layer_norm')
        self._feedforward_layer_norm = self._norm('feedforward_layer_norm')
        self._dense(hidden)
        self.built = True

    def call(self, inputs: Any, padding_mask: Any = None, attention_mask: Any = None, training: Any = None) -> Any:
        _without_padding(padding_mask, 'padding_mask')

        def attend(x: Any) -> Any:
            return self._self_attention_layer(x, x, attention_mask=attention_mask)

        return self._fed_forward(self._around(inputs, self._self_attention_layer_norm, attend))


class TransformerDecoder(_Block):
    """Attends to what comes before, and to an encoder's sequence where it is given one."""

    _crosses = False

    def _build_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = dict(zip(('decoder_sequence', 'encoder_sequence'), args)) | kwargs
        self._crosses = given.get('encoder_sequence') is not None
        self.build(tuple(value_of(given['decoder_sequence']).shape))

    def build(self, input_shape: Any) -> None:
        hidden = input_shape[-1]
        self._self_attention_layer = self._attention(hidden, 'self_attention')
        self._self_attention_layer_norm = self._norm('self_attention_layer_norm')
        if self._crosses:
            self._cross_attention_layer = self._attention(hidden, 'cross_attention')
            self._cross_attention_layer_norm = self._norm('cross_attention_layer_norm')
        self._dense(hidden)
        self._feedforward_layer_norm = self._norm('feedforward_layer_norm')
        self.built = True

    def call(
        self, decoder_sequence: Any, encoder_sequence: Any = None, decoder_padding_mask: Any = None, decoder_attention_mask: Any = None,
        encoder_padding_mask: Any = None, encoder_attention_mask: Any = None, self_attention_cache: Any = None,
        self_attention_cache_update_index: Any = None, cross_attention_cache: Any = None, cross_attention_cache_update_index: Any = None,
        use_causal_mask: bool = True, training: Any = None,
    ) -> Any:  # fmt: skip
        if self_attention_cache is not None or cross_attention_cache is not None:
            raise UnsupportedOp('the cache of a TransformerDecoder')
        _without_padding(decoder_padding_mask, 'decoder_padding_mask')
        _without_padding(encoder_padding_mask, 'encoder_padding_mask')

        def attend(x: Any) -> Any:
            return self._self_attention_layer(x, x, attention_mask=decoder_attention_mask, use_causal_mask=use_causal_mask)

        def cross(x: Any) -> Any:
            return self._cross_attention_layer(x, encoder_sequence, attention_mask=encoder_attention_mask)

        x = self._around(decoder_sequence, self._self_attention_layer_norm, attend)
        if self._crosses:
            x = self._around(x, self._cross_attention_layer_norm, cross)
        return self._fed_forward(x)


class PositionEmbedding(Layer):
    """A learned row for each place of a sequence [..., length, features], as many as there are steps."""

    supports_masking = True

    def __init__(self, sequence_length: int, initializer: Any = 'glorot_uniform', **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sequence_length, self.initializer = int(sequence_length), initializers.get(initializer)

    def build(self, input_shape: Any) -> None:
        self.position_embeddings = self.weight('embeddings', (self.sequence_length, input_shape[-1]), self.initializer, 'glorot_uniform')
        self.built = True

    def call(self, inputs: Any, start_index: int = 0) -> Any:
        shape = tuple(value_of(inputs).shape)
        rows = indexing.slice_(self.position_embeddings, (start_index, 0), (shape[-2], shape[-1]))
        return joining.broadcast_to(rows, shape)


class SinePositionEncoding(Layer):
    """Vaswani et al. 2017, section 3.5: sines at even features, cosines at odd ones."""

    supports_masking = True

    def __init__(self, max_wavelength: float = 10_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_wavelength = float(max_wavelength)

    def call(self, inputs: Any, start_index: int = 0) -> Any:
        shape = tuple(value_of(inputs).shape)
        length, size = shape[-2:]
        rates = [self.max_wavelength ** -(2 * (i // 2) / size) for i in range(size)]
        table = [
            [math.cos(place * rate) if i % 2 else math.sin(place * rate) for i, rate in enumerate(rates)]
            for place in range(start_index, start_index + length)
        ]
        return joining.broadcast_to(creation.convert_to_tensor(table), shape)


class ReversibleEmbedding(L.Embedding):
    """An embedding whose table also leads back, from features to words."""

    def __init__(
        self, input_dim: int, output_dim: int, tie_weights: bool = True, embeddings_initializer: Any = 'uniform', mask_zero: bool = False,
        reverse_dtype: Any = None, logit_soft_cap: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(input_dim, output_dim, embeddings_initializer, mask_zero=mask_zero, **kwargs)
        if logit_soft_cap is not None:
            raise UnsupportedOp('`logit_soft_cap` of ReversibleEmbedding')
        self.tie_weights = tie_weights

    def build(self, input_shape: Any = None) -> None:
        super().build(input_shape)
        if not self.tie_weights:
            shape = (self.output_dim, self.input_dim)
            self.reverse_embeddings = self.weight('reverse_embeddings', shape, self.embeddings_initializer, 'uniform')

    def call(self, inputs: Any, reverse: bool = False, training: Any = None) -> Any:
        if not reverse:
            return super().call(inputs)
        table = joining.transpose(self.embeddings) if self.tie_weights else self.reverse_embeddings
        return arithmetic.matmul(inputs, table)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return super().compute_mask(inputs, previous_mask) if value_of(inputs).dtype != 'float' else previous_mask


class TokenAndPositionEmbedding(Layer):
    """The sum of a token's row and its place's."""

    supports_masking = True

    def __init__(
        self, vocabulary_size: int, sequence_length: int, embedding_dim: int, tie_weights: bool = True,
        embeddings_initializer: Any = 'uniform', mask_zero: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.vocabulary_size, self.sequence_length, self.embedding_dim = vocabulary_size, sequence_length, embedding_dim
        start = initializers.get(embeddings_initializer)
        self.token_embedding = ReversibleEmbedding(
            vocabulary_size, embedding_dim, tie_weights, start, mask_zero, name='token_embedding'
        )
        self.position_embedding = PositionEmbedding(sequence_length, start, name='position_embedding')

    def call(self, inputs: Any, start_index: int = 0) -> Any:
        tokens = self.token_embedding(inputs)
        made = _add(tokens, self.position_embedding(tokens, start_index=start_index))
        if isinstance(made, Tensor):
            made._mask = tokens._mask
        return made
