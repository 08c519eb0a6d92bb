"""The modules `keras_hub` and, under its older name, `keras_nlp`. What is not named here is unknown."""

from __future__ import annotations

from .._quiet import module
from . import preparing, presets, texts, transformers

_LAYERS = (
    transformers.TransformerEncoder, transformers.TransformerDecoder, transformers.PositionEmbedding, transformers.SinePositionEncoding,
    transformers.ReversibleEmbedding, transformers.TokenAndPositionEmbedding, preparing.ImageConverter, preparing.StartEndPacker,
)  # fmt: skip
_BACKBONES = (texts.BertBackbone, texts.RobertaBackbone, texts.DistilBertBackbone, texts.GPT2Backbone)
_MODELS = (presets.Backbone, presets.ImageClassifier, presets.TextClassifier, *_BACKBONES, preparing.Tokenizer)


def install() -> None:
    """Makes the modules."""
    for backbone in _BACKBONES:
        setattr(backbone, 'from_preset', presets.Backbone.from_preset)
    for name in ('keras_hub', 'keras_nlp'):
        module(name)
        module(f'{name}.layers', **{item.__name__: item for item in _LAYERS})
        module(f'{name}.models', **{item.__name__: item for item in _MODELS})
        module(f'{name}.tokenizers', Tokenizer=preparing.Tokenizer)
