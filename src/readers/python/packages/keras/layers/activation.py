"""Activations as layers."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.value import emit

from .. import activations, initializers
from .._ops import elementwise
from .._tensor import read, value_of, wrap
from .layer import Layer


class ReLU(Layer):
    supports_masking = True

    def __init__(self, max_value: float | None = None, negative_slope: float = 0.0, threshold: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_value, self.negative_slope, self.threshold = max_value, negative_slope, threshold

    def call(self, inputs: Any) -> Any:
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)


class LeakyReLU(Layer):
    """Slope 0.3 unless given; Keras 2 calls it `alpha`."""

    supports_masking = True

    def __init__(self, negative_slope: float = 0.3, alpha: float | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.negative_slope = float(negative_slope if alpha is None else alpha)

    def call(self, inputs: Any) -> Any:
        return elementwise.leaky_relu(inputs, self.negative_slope)


class ELU(Layer):
    supports_masking = True

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs: Any) -> Any:
        return elementwise.elu(inputs, self.alpha)


class ThresholdedReLU(Layer):
    def __init__(self, theta: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.theta = theta

    def call(self, inputs: Any) -> Any:
        return elementwise.threshold(inputs, self.theta, 0.0)


class Softmax(Layer):
    _reads_mask = True

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is not None:
            penalty = p.where(value_of(mask), p.fill(0.0, (), 'float'), p.fill(-3e38, (), 'float'))
            inputs = wrap(p.binary('add', value_of(inputs), penalty))
        return elementwise.softmax(inputs, self.axis)


class PReLU(Layer):
    """Slope `alpha` of each unit, shared along `shared_axes`."""

    def __init__(
        self, alpha_initializer: Any = 'zeros', alpha_regularizer: Any = None, alpha_constraint: Any = None,
        shared_axes: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.shared_axes = [shared_axes] if isinstance(shared_axes, int) else list(shared_axes or ())

    def build(self, input_shape: Any) -> None:
        shape = [1 if axis + 1 in self.shared_axes else n for axis, n in enumerate(input_shape[1:])]
        self.alpha = self.weight('alpha', tuple(shape), self.alpha_initializer, 'zeros')
        self.built = True

    def call(self, inputs: Any) -> Any:
        value = p.cast(value_of(inputs), 'float')
        return wrap(emit('prelu', {}, (value, read(self.alpha)), value.shape, 'float'))
