"""`from_preset`: backbones by the names of their presets, and the heads that tasks put on them."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument
from gradient_lens.inert import Inert

from .. import layers as L
from ..initializers import TruncatedNormal
from ..models import Model
from . import images, texts


def _started_elsewhere(model: Model, load_weights: bool, trainable: bool) -> Model:
    """Weights of a preset start as nobody here knows; such a model is not the file's own."""
    for held in model.weights if load_weights else ():
        held._record.origin = 'checkpoint'
    model.trainable = trainable
    model.__dict__['_ready_made'] = True
    return model


def _backbone(preset: str, load_weights: bool, trainable: bool, **options: Any) -> Model | None:
    if preset in images.PRESETS:
        start, end = images.PRESETS[preset]()
        return _started_elsewhere(Model(start, end, name='backbone'), load_weights, trainable)
    if preset in texts.PRESETS:
        kind, (vocabulary, layers, heads, hidden, between) = texts.PRESETS[preset]
        return _started_elsewhere(kind(vocabulary, layers, heads, hidden, between, **options), load_weights, trainable)
    return None


def _unknown(task: str) -> Inert:
    return Inert(f'keras_hub.models.{task}.from_preset(...)')


class Backbone(Model):
    """Root class of backbones that users write, and where presets are asked for."""

    @classmethod
    def from_preset(cls, preset: Any, load_weights: bool = True, trainable: bool = True, **options: Any) -> Any:
        made = _backbone(preset, load_weights, trainable, **options) if isinstance(preset, str) else None
        return _unknown(cls.__name__) if made is None else made


class _Task(Model):
    """A backbone with a head. What prepares its data is not followed."""

    backbone: Model
    preprocessor: Any

    def __getattr__(self, name: str) -> Any:
        if name == 'preprocessor':
            return Inert(f'{type(self).__name__}.preprocessor')
        raise AttributeError(name)


class ImageClassifier(_Task):
    def __init__(
        self, backbone: Any, num_classes: int, preprocessor: Any = None, pooling: str = 'avg', activation: Any = None, dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        if pooling not in ('avg', 'max'):
            raise BadArgument(f"Unknown `pooling` type. Pooling should be either `'avg'` or `'max'`. Received: pooling={pooling}.")
        inputs = backbone.input
        x = (L.GlobalAveragePooling2D if pooling == 'avg' else L.GlobalMaxPooling2D)(name='pooler')(backbone(inputs))
        x = L.Dropout(dropout, name='output_dropout')(x)
        super().__init__(inputs, L.Dense(num_classes, activation=activation, name='predictions')(x), **kwargs)
        self.backbone = backbone

    @classmethod
    def from_preset(cls, preset: Any, load_weights: bool = True, num_classes: int | None = None, **options: Any) -> Any:
        if preset not in images.PRESETS:
            return _unknown(cls.__name__)
        # The head of the preset is that of ImageNet; one of other classes is new.
        made = cls(_backbone(preset, load_weights, True), num_classes or 1000, **options)
        return _started_elsewhere(made, True, True) if load_weights and num_classes is None else made


class TextClassifier(_Task):
    """The first step of the backbone, or what BERT makes of it, and a dense layer; RoBERTa and DistilBERT have one more before."""

    def __init__(
        self, backbone: Any, num_classes: int, preprocessor: Any = None, activation: Any = None, hidden_dim: int | None = None,
        dropout: float | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        pooled = isinstance(backbone, texts.BertBackbone)
        rate = (0.1 if pooled else 0.0 if isinstance(backbone, texts.RobertaBackbone) else 0.2) if dropout is None else dropout
        inputs, start = backbone.input, TruncatedNormal(stddev=0.02)
        x = backbone.first_step(backbone(inputs))
        if not pooled:
            x = L.Dropout(rate, name='pooled_dropout')(x) if isinstance(backbone, texts.RobertaBackbone) else x
            roberta = isinstance(backbone, texts.RobertaBackbone)
            x = L.Dense(
                hidden_dim or backbone.hidden_dim, activation='tanh' if roberta else 'relu', name='pooled_dense',
                kernel_initializer='glorot_uniform' if roberta else start,
            )(x)  # fmt: skip
        x = L.Dropout(rate, name='classifier_dropout' if pooled else 'output_dropout')(x)
        super().__init__(inputs, L.Dense(num_classes, kernel_initializer=start, activation=activation, name='logits')(x), **kwargs)
        self.backbone = backbone

    @classmethod
    def from_preset(cls, preset: Any, num_classes: int = 2, load_weights: bool = True, **options: Any) -> Any:
        if preset not in texts.PRESETS or preset.startswith('gpt2'):
            return _unknown(cls.__name__)
        return cls(_backbone(preset, load_weights, True), num_classes, **options)
