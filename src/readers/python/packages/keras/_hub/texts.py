"""Backbones of texts: BERT (Devlin et al. 2019), RoBERTa (Liu et al. 2019), DistilBERT (Sanh et al. 2019), GPT-2 (Radford et al. 2019)."""

from __future__ import annotations

from typing import Any

from .. import activations
from .. import layers as L
from ..initializers import RandomNormal, TruncatedNormal
from ..models import Model
from .transformers import PositionEmbedding, ReversibleEmbedding, TokenAndPositionEmbedding, TransformerDecoder, TransformerEncoder


def _gelu_by_tanh(x: Any) -> Any:
    return activations.gelu(x, approximate=True)


def _tokens(*names: str) -> dict[str, Any]:
    return {name: L.Input(shape=(None,), dtype='int32', name=name) for name in names}


class TextBackbone(Model):
    """Root class: what tasks ask of a backbone."""

    hidden_dim: int
    #: The step that stands for the whole text.
    start_token_index = 0

    def first_step(self, outputs: Any) -> Any:
        return outputs[:, self.start_token_index, :]


class BertBackbone(TextBackbone):
    def __init__(
        self, vocabulary_size: int, num_layers: int, num_heads: int, hidden_dim: int, intermediate_dim: int, dropout: float = 0.1,
        max_sequence_length: int = 512, num_segments: int = 2, **kwargs: Any,
    ) -> None:  # fmt: skip
        start = TruncatedNormal(stddev=0.02)
        inputs = _tokens('token_ids', 'segment_ids', 'padding_mask')
        tokens = ReversibleEmbedding(vocabulary_size, hidden_dim, embeddings_initializer=start, name='token_embedding')(inputs['token_ids'])
        places = PositionEmbedding(max_sequence_length, start, name='position_embedding')(tokens)
        segments = L.Embedding(num_segments, hidden_dim, start, name='segment_embedding')(inputs['segment_ids'])
        x = L.Add(name='embeddings_add')([tokens, places, segments])
        x = L.Dropout(dropout, name='embeddings_dropout')(L.LayerNormalization(epsilon=1e-12, name='embeddings_layer_norm')(x))
        for i in range(num_layers):
            block = TransformerEncoder(
                intermediate_dim, num_heads, dropout, _gelu_by_tanh, 1e-12, start, name=f'transformer_layer_{i}'
            )
            x = block(x, padding_mask=inputs['padding_mask'])
        pooled = L.Dense(hidden_dim, activation='tanh', kernel_initializer=start, name='pooled_dense')(x[:, 0, :])
        super().__init__(inputs=inputs, outputs={'sequence_output': x, 'pooled_output': pooled}, **kwargs)
        self.__dict__['hidden_dim'] = hidden_dim

    def first_step(self, outputs: Any) -> Any:
        return outputs['pooled_output']


class _PlainEncoder(TextBackbone):
    """RoBERTa and DistilBERT: an encoder without segments."""

    _embedding, _epsilon = 'embeddings', 1e-5

    def __init__(
        self, vocabulary_size: int, num_layers: int, num_heads: int, hidden_dim: int, intermediate_dim: int, dropout: float = 0.1,
        max_sequence_length: int = 512, **kwargs: Any,
    ) -> None:  # fmt: skip
        start = TruncatedNormal(stddev=0.02)
        inputs = _tokens('token_ids', 'padding_mask')
        embedding = TokenAndPositionEmbedding(
            vocabulary_size, max_sequence_length, hidden_dim, embeddings_initializer=start, name=self._embedding
        )
        x = L.LayerNormalization(epsilon=self._epsilon, name='embeddings_layer_norm')(embedding(inputs['token_ids']))
        x = L.Dropout(dropout, name='embeddings_dropout')(x)
        for i in range(num_layers):
            block = TransformerEncoder(
                intermediate_dim, num_heads, dropout, 'gelu', self._epsilon, start, name=f'transformer_layer_{i}'
            )
            x = block(x, padding_mask=inputs['padding_mask'])
        super().__init__(inputs=inputs, outputs=x, **kwargs)
        self.__dict__['hidden_dim'] = hidden_dim


class RobertaBackbone(_PlainEncoder):
    pass


class DistilBertBackbone(_PlainEncoder):
    _embedding, _epsilon = 'token_and_position_embedding', 1e-12


class GPT2Backbone(TextBackbone):
    def __init__(
        self, vocabulary_size: int, num_layers: int, num_heads: int, hidden_dim: int, intermediate_dim: int, dropout: float = 0.1,
        max_sequence_length: int = 1024, **kwargs: Any,
    ) -> None:  # fmt: skip
        start = RandomNormal(stddev=0.02)
        inputs = _tokens('token_ids', 'padding_mask')
        table = ReversibleEmbedding(vocabulary_size, hidden_dim, embeddings_initializer=RandomNormal(stddev=0.01), name='token_embedding')
        tokens = table(inputs['token_ids'])
        x = L.Add(name='embeddings_add')([tokens, PositionEmbedding(max_sequence_length, start, name='position_embedding')(tokens)])
        x = L.Dropout(dropout, name='embeddings_dropout')(x)
        for i in range(num_layers):
            block = TransformerDecoder(
                intermediate_dim, num_heads, dropout, _gelu_by_tanh, 1e-5, start, normalize_first=True, name=f'transformer_layer_{i}'
            )
            x = block(x, decoder_padding_mask=inputs['padding_mask'])
        x = L.LayerNormalization(epsilon=1e-5, name='layer_norm')(x)
        super().__init__(inputs=inputs, outputs=x, **kwargs)
        self.__dict__['hidden_dim'] = hidden_dim


#: Class, then vocabulary, layers, heads, features, features in between (the papers; vocabularies as published).
PRESETS: dict[str, tuple[type[TextBackbone], tuple[int, int, int, int, int]]] = {
    'bert_tiny_en_uncased': (BertBackbone, (30_522, 2, 2, 128, 512)),
    'bert_small_en_uncased': (BertBackbone, (30_522, 4, 8, 512, 2048)),
    'bert_medium_en_uncased': (BertBackbone, (30_522, 8, 8, 512, 2048)),
    'bert_base_en_uncased': (BertBackbone, (30_522, 12, 12, 768, 3072)),
    'bert_base_en': (BertBackbone, (28_996, 12, 12, 768, 3072)),
    'bert_base_zh': (BertBackbone, (21_128, 12, 12, 768, 3072)),
    'bert_base_multi': (BertBackbone, (119_547, 12, 12, 768, 3072)),
    'bert_large_en_uncased': (BertBackbone, (30_522, 24, 16, 1024, 4096)),
    'bert_large_en': (BertBackbone, (28_996, 24, 16, 1024, 4096)),
    'roberta_base_en': (RobertaBackbone, (50_265, 12, 12, 768, 3072)),
    'roberta_large_en': (RobertaBackbone, (50_265, 24, 16, 1024, 4096)),
    'distil_bert_base_en_uncased': (DistilBertBackbone, (30_522, 6, 12, 768, 3072)),
    'distil_bert_base_en': (DistilBertBackbone, (28_996, 6, 12, 768, 3072)),
    'distil_bert_base_multi': (DistilBertBackbone, (119_547, 6, 12, 768, 3072)),
    'gpt2_base_en': (GPT2Backbone, (50_257, 12, 12, 768, 3072)),
    'gpt2_medium_en': (GPT2Backbone, (50_257, 24, 16, 1024, 4096)),
    'gpt2_large_en': (GPT2Backbone, (50_257, 36, 20, 1280, 5120)),
}  # fmt: skip
