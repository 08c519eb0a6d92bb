"""ConvNeXt (Liu et al. 2022)."""

from __future__ import annotations

from typing import Any

from .. import initializers
from .. import layers as L
from .frame import CLASSES, begin, finish

_MEAN, _DEVIATION = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)


class LayerScale(L.Layer):
    """x * gamma, which starts near 0 (Touvron et al. 2021)."""

    def __init__(self, init_values: float, projection_dim: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.init_values, self.projection_dim = init_values, projection_dim

    def build(self, input_shape: Any) -> None:
        start = initializers.Constant(self.init_values)
        self.gamma = self.add_weight(shape=(self.projection_dim,), initializer=start, name='gamma')
        self.built = True

    def call(self, x: Any) -> Any:
        return x * self.gamma


def _block(x: Any, width: int, name: str) -> Any:
    made = L.Conv2D(width, 7, padding='same', groups=width, name=f'{name}_depthwise_conv')(x)
    made = L.LayerNormalization(epsilon=1e-6, name=f'{name}_layernorm')(made)
    made = L.Dense(4 * width, name=f'{name}_pointwise_conv_1')(made)
    made = L.Activation('gelu', name=f'{name}_gelu')(made)
    made = L.Dense(width, name=f'{name}_pointwise_conv_2')(made)
    return L.Add()([x, LayerScale(1e-6, width, name=f'{name}_layer_scale')(made)])


def _convnext(name: str, depths: tuple[int, ...], widths: tuple[int, ...]) -> Any:
    def build(
        include_top: bool = True, include_preprocessing: bool = True, weights: Any = 'imagenet', input_tensor: Any = None,
        input_shape: Any = None, pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax',
        name: str = name,
    ) -> Any:  # fmt: skip
        x = start = begin(input_shape, input_tensor, 224, include_top)
        if include_preprocessing:
            x = L.Normalization(mean=_MEAN, variance=[item**2 for item in _DEVIATION], name=f'{name}_prestem_normalization')(x)
        for stage, (depth, width) in enumerate(zip(depths, widths)):
            if stage == 0:
                x = L.Conv2D(width, 4, strides=4, name=f'{name}_stem_conv')(x)
                x = L.LayerNormalization(epsilon=1e-6, name=f'{name}_stem_layernorm')(x)
            else:
                x = L.LayerNormalization(epsilon=1e-6, name=f'{name}_downsampling_layernorm_{stage - 1}')(x)
                x = L.Conv2D(width, 2, strides=2, name=f'{name}_downsampling_conv_{stage - 1}')(x)
            for number in range(depth):
                x = _block(x, width, f'{name}_stage_{stage}_block_{number}')
        if include_top:
            x = L.LayerNormalization(epsilon=1e-6, name=f'{name}_head_layernorm')(L.GlobalAveragePooling2D(name=f'{name}_head_gap')(x))
            x = L.Dense(classes, activation=classifier_activation, name=f'{name}_head_dense')(x)
        else:
            if pooling is not None:
                x = (L.GlobalAveragePooling2D if pooling == 'avg' else L.GlobalMaxPooling2D)()(x)
            x = L.LayerNormalization(epsilon=1e-6)(x)
        return finish(start, x, weights, name)

    return build


_TINY, _DEEP = (3, 3, 9, 3), (3, 3, 27, 3)
ConvNeXtTiny, ConvNeXtSmall = (_convnext(name, depths, (96, 192, 384, 768)) for name, depths in (('convnext_tiny', _TINY), ('convnext_small', _DEEP)))
ConvNeXtBase, ConvNeXtLarge, ConvNeXtXLarge = (
    _convnext(name, _DEEP, (n, 2 * n, 4 * n, 8 * n)) for name, n in (('convnext_base', 128), ('convnext_large', 192), ('convnext_xlarge', 256))
)
