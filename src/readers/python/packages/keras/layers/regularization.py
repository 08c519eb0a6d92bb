"""Dropout and noise: layers that act in training only."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.session import session
from gradient_lens.value import Value, emit

from .._ops.creation import random_value
from .._tensor import Tensor, operation, value_of, wrap
from .layer import Layer


def dropped(value: Value, rate: float, shared: list[int], alpha: bool = False) -> Value:
    """Inverted dropout; one draw is shared along `shared`."""
    if not 0 <= rate <= 1:
        raise BadArgument(f'Invalid value received for argument `rate`. Expected a float value between 0 and 1, got {rate}')
    value = p.cast(value, 'float')
    if rate == 0:
        return value
    draw = session.recorder.draw('dropout') if session.recorder is not None else 0
    attributes = {'rate': float(rate), 'sharedAxes': shared, 'alpha': alpha, 'draw': draw}
    return emit('dropout', attributes, (value,), value.shape, 'float')


@operation
def dropout(inputs: Any, rate: Any, noise_shape: Any = None, seed: Any = None) -> Tensor:
    """`keras.random.dropout`: acts whenever it is called."""
    return wrap(dropped(value_of(inputs), float(rate), [axis for axis, n in enumerate(noise_shape or ()) if n == 1]))


class Dropout(Layer):
    supports_masking = True

    def __init__(self, rate: float, noise_shape: Any = None, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate, self.noise_shape = float(rate), noise_shape

    def call(self, inputs: Any, training: Any = None) -> Any:
        if not training:
            return inputs
        shared = [axis for axis, n in enumerate(self.noise_shape or ()) if n == 1]
        return wrap(dropped(value_of(inputs), self.rate, shared))


class _SpatialDropout(Dropout):
    """Whole feature maps go."""

    count = 1

    def __init__(self, rate: float, seed: Any = None, data_format: Any = None, **kwargs: Any) -> None:
        super().__init__(rate, **kwargs)
        self.data_format = data_format

    def call(self, inputs: Any, training: Any = None) -> Any:
        if not training:
            return inputs
        first = 2 if self.data_format == 'channels_first' else 1
        return wrap(dropped(value_of(inputs), self.rate, list(range(first, first + self.count))))


class SpatialDropout1D(_SpatialDropout):
    count = 1


class SpatialDropout2D(_SpatialDropout):
    count = 2


class SpatialDropout3D(_SpatialDropout):
    count = 3


class AlphaDropout(Dropout):
    """Klambauer et al. 2017: keeps mean and variance of SELU units."""

    def call(self, inputs: Any, training: Any = None) -> Any:
        return wrap(dropped(value_of(inputs), self.rate, [], True)) if training else inputs


class GaussianNoise(Layer):
    def __init__(self, stddev: float, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stddev = float(stddev)

    def call(self, inputs: Any, training: Any = None) -> Any:
        value = value_of(inputs)
        if not training or self.stddev == 0:
            return inputs
        noise = p.binary('mul', random_value('normal', list(value.shape)), p.fill(self.stddev, (), 'float'))
        return wrap(p.binary('add', value, noise))


class GaussianDropout(Layer):
    """x * N(1, rate / (1 - rate)) (Srivastava et al. 2014)."""

    def __init__(self, rate: float, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = float(rate)

    def call(self, inputs: Any, training: Any = None) -> Any:
        value = value_of(inputs)
        if not training or self.rate == 0:
            return inputs
        deviation = math.sqrt(self.rate / (1 - self.rate))
        noise = p.binary('mul', random_value('normal', list(value.shape)), p.fill(deviation, (), 'float'))
        return wrap(p.binary('mul', value, p.binary('add', noise, p.fill(1.0, (), 'float'))))


class _Augmentation(Layer):
    """Changes pictures at random in training. Inputs that are drawn afresh are as good changed as unchanged, so they pass.

    What layers with weights have computed is another matter: a gradient would go back through the change.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(name=kwargs.get('name'), **{key: kwargs[key] for key in ('input_shape',) if key in kwargs})

    def call(self, inputs: Any, training: Any = None) -> Any:
        if training and session.recording and _hangs_on_weights(value_of(inputs)):
            raise UnsupportedOp(f'`{type(self).__name__}` behind layers with weights', 'put it before them')
        return inputs


def _hangs_on_weights(value: Value) -> bool:
    seen: set[int] = set()
    stack = [value.node]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            if node.op == 'parameter':
                return True
            stack.extend(source.node for source in node.inputs)
    return False


def _augmentation(name: str) -> Any:
    return type(name, (_Augmentation,), {'__module__': __name__, '__doc__': _Augmentation.__doc__})


(
    RandomFlip, RandomRotation, RandomZoom, RandomTranslation, RandomContrast, RandomBrightness, RandomSaturation, RandomHue,
    RandomShear, RandomGaussianBlur, RandomInvert, RandomGrayscale, RandomColorJitter, RandomErasing,
) = (
    _augmentation(name)
    for name in (
        'RandomFlip', 'RandomRotation', 'RandomZoom', 'RandomTranslation', 'RandomContrast', 'RandomBrightness',
        'RandomSaturation', 'RandomHue', 'RandomShear', 'RandomGaussianBlur', 'RandomInvert', 'RandomGrayscale',
        'RandomColorJitter', 'RandomErasing',
    )
)  # fmt: skip


class RandomCrop(Layer):
    def __init__(self, height: int, width: int, **kwargs: Any) -> None:
        super().__init__(name=kwargs.get('name'))
        self.height, self.width = height, width

    def call(self, inputs: Any, training: Any = None) -> Any:
        value = value_of(inputs)
        if len(value.shape) != 4 or value.shape[1] < self.height or value.shape[2] < self.width:
            raise UnsupportedOp('`RandomCrop` of pictures smaller than the crop')
        return wrap(p.narrow(p.narrow(value, 1, 0, self.height), 2, 0, self.width))
