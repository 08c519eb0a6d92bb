"""Batch, layer, group and RMS normalisation, and the preprocessing layers that scale."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.shapes import axes_of, axis_of
from gradient_lens.session import session
from gradient_lens.value import emit

from .. import initializers
from .._ops import neural
from .._pixels import divided
from .._ops.reductions import l2_normalize
from .._tensor import read, value_of, wrap
from .layer import Layer


class _Normalization(Layer):
    """gamma and beta that may be left off."""

    supports_masking = True

    def __init__(self, *, center: bool, scale: bool, beta_initializer: Any, gamma_initializer: Any, **kwargs: Any) -> None:
        for option in ('beta_regularizer', 'gamma_regularizer', 'beta_constraint', 'gamma_constraint'):
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.gamma = self.beta = None

    def start(self, shape: tuple[int, ...]) -> None:
        if self.scale:
            self.gamma = self.weight('gamma', shape, self.gamma_initializer, 'ones')
        if self.center:
            self.beta = self.weight('beta', shape, self.beta_initializer, 'zeros')
        self.built = True

    def scaling(self) -> tuple[Any, Any]:
        return (None if self.gamma is None else read(self.gamma), None if self.beta is None else read(self.beta))


class BatchNormalization(_Normalization):
    """Statistics of the batch; fixed ones where it is frozen or called with training=False."""

    _reads_mask = True

    def __init__(
        self, axis: Any = -1, momentum: float = 0.99, epsilon: float = 1e-3, center: bool = True, scale: bool = True,
        beta_initializer: Any = 'zeros', gamma_initializer: Any = 'ones', moving_mean_initializer: Any = 'zeros',
        moving_variance_initializer: Any = 'ones', synchronized: bool = False, renorm: bool = False, fused: Any = None,
        virtual_batch_size: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            center=center, scale=scale, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer, **kwargs
        )
        if renorm or virtual_batch_size:
            raise UnsupportedOp('batch renormalisation')
        self.axis = int(axis[0] if isinstance(axis, (list, tuple)) else axis)
        self.momentum, self.epsilon = momentum, float(epsilon)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)

    def build(self, input_shape: Any) -> None:
        size = input_shape[axis_of(self.axis, len(input_shape))]
        self.start((size,))
        self.moving_mean = self.add_weight((size,), self.moving_mean_initializer, trainable=False, name='moving_mean')
        self.moving_variance = self.add_weight((size,), self.moving_variance_initializer, trainable=False, name='moving_variance')

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        value = value_of(inputs)
        attributes = {'axis': axis_of(self.axis, len(value.shape)), 'epsilon': self.epsilon}
        if training and self.trainable:
            return wrap(neural.normalise('batchNorm', value, attributes, *self.scaling()))
        fixed = (read(self.moving_mean), read(self.moving_variance))
        return wrap(neural.normalise('batchNormFixed', value, attributes, *self.scaling(), fixed))


class LayerNormalization(_Normalization):
    def __init__(
        self, axis: Any = -1, epsilon: float = 1e-3, center: bool = True, scale: bool = True, beta_initializer: Any = 'zeros',
        gamma_initializer: Any = 'ones', rms_scaling: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            center=center, scale=scale, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer, **kwargs
        )
        self.axis, self.epsilon, self.rms_scaling = axis, float(epsilon), rms_scaling

    def build(self, input_shape: Any) -> None:
        self.start(tuple(input_shape[axis] for axis in axes_of(self.axis, len(input_shape))))

    def call(self, inputs: Any) -> Any:
        value = value_of(inputs)
        axes = axes_of(self.axis, len(value.shape))
        if self.rms_scaling:
            return wrap(_rms(value, axes, self.epsilon, self.scaling()[0]))
        return wrap(neural.normalise('layerNorm', value, {'axes': axes, 'epsilon': self.epsilon}, *self.scaling()))


def _rms(value: Any, axes: list[int], epsilon: float, gamma: Any) -> Any:
    attributes = {'axes': axes, 'epsilon': epsilon, 'scale': gamma is not None}
    return emit('rmsNorm', attributes, (value,) if gamma is None else (value, gamma), value.shape, 'float')


class RMSNormalization(_Normalization):
    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, scale: bool = True, **kwargs: Any) -> None:
        super().__init__(center=False, scale=scale, beta_initializer='zeros', gamma_initializer='ones', **kwargs)
        self.axis, self.epsilon = axis, float(epsilon)

    def build(self, input_shape: Any) -> None:
        shape = tuple(input_shape[axis] for axis in axes_of(self.axis, len(input_shape)))
        if self.scale:
            self.gamma = self.weight('scale', shape, self.gamma_initializer, 'ones')
        self.built = True

    def call(self, inputs: Any) -> Any:
        value = p.cast(value_of(inputs), 'float')
        return wrap(_rms(value, axes_of(self.axis, len(value.shape)), self.epsilon, self.scaling()[0]))


class GroupNormalization(_Normalization):
    """`groups=-1` is one group a channel."""

    def __init__(
        self, groups: int = 32, axis: int = -1, epsilon: float = 1e-3, center: bool = True, scale: bool = True,
        beta_initializer: Any = 'zeros', gamma_initializer: Any = 'ones', **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            center=center, scale=scale, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer, **kwargs
        )
        self.groups, self.axis, self.epsilon = groups, axis, float(epsilon)

    def build(self, input_shape: Any) -> None:
        size = input_shape[axis_of(self.axis, len(input_shape))]
        if self.groups == -1:
            self.groups = size
        if size % self.groups:
            raise BadArgument(f'Number of groups ({self.groups}) must be a divisor of the number of channels ({size})')
        self.start((size,))

    def call(self, inputs: Any) -> Any:
        value = value_of(inputs)
        attributes = {'axis': axis_of(self.axis, len(value.shape)), 'groups': self.groups, 'epsilon': self.epsilon}
        return wrap(neural.normalise('groupNorm', value, attributes, *self.scaling()))


class UnitNormalization(Layer):
    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Any:
        return l2_normalize(inputs, self.axis, 1e-12)


class Rescaling(Layer):
    """x * scale + offset."""

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor, self.offset = scale, offset

    def call(self, inputs: Any) -> Any:
        if isinstance(self.factor, (int, float)) and self.factor:
            divided(value_of(inputs), 1 / self.factor)
        value = p.binary('mul', p.cast(value_of(inputs), 'float'), value_of(self.factor, 'float'))
        return wrap(p.binary('add', value, value_of(self.offset, 'float')) if self.offset != 0 else value)


class Normalization(Layer):
    """(x - mean) / sqrt(variance), with statistics that are given, or those of the made-up data that `adapt` would see.

    Inputs are drawn with mean 0 and variance 1, and whole numbers below n evenly, with mean (n - 1) / 2 and variance (n^2 - 1) / 12.
    """

    def __init__(self, axis: Any = -1, mean: Any = None, variance: Any = None, invert: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis, self.mean, self.variance, self.invert = axis, mean, variance, invert

    def build(self, input_shape: Any) -> None:
        axes = [] if self.axis is None else axes_of(self.axis, len(input_shape))
        shape = tuple(input_shape[axis] for axis in axes)
        if self.mean is None and None not in shape:
            kept = {'trainable': False}
            self.adapt_mean = self.add_weight(shape, 'zeros', name='mean', **kept)
            self.adapt_variance = self.add_weight(shape, 'ones', name='variance', **kept)
            self.count = self.add_weight((), 'zeros', dtype='int', name='count', **kept)
        self.built = True

    def adapt(self, *_: Any, **__: Any) -> None:
        return

    def _of_data(self, value: Any) -> Any:
        """The value under the statistics of the data that are made up for it."""
        drawn = value.node.inputs[0] if value.node.op == 'cast' else value
        if drawn.node.op != 'input':
            if session.recorder is not None:
                session.recorder.guess(f'What goes into `{self.name}` is taken to be normalised already.', self._span)
            return value
        limits = session.recorder.limits(drawn) if session.recorder is not None else None
        if limits is None:
            return value
        low, high, count = limits
        variance = ((high - low) ** 2 - 1 if count else (high - low) ** 2) / 12
        mean = (low + high - 1) / 2 if count else (low + high) / 2
        centred = p.binary('sub', value, p.fill(mean, (), 'float'))
        return p.binary('div', centred, p.fill(max(variance, 1e-14) ** 0.5, (), 'float'))

    def call(self, inputs: Any) -> Any:
        value = p.cast(value_of(inputs), 'float')
        if self.mean is None or self.variance is None:
            return wrap(self._of_data(value))
        mean = value_of(self.mean, 'float')
        deviation = p.unary('sqrt', p.binary('maximum', p.cast(value_of(self.variance, 'float'), 'float'), p.fill(1e-14, (), 'float')))
        if self.invert:
            return wrap(p.binary('add', p.binary('mul', value, deviation), p.cast(mean, 'float')))
        return wrap(p.binary('div', p.binary('sub', value, p.cast(mean, 'float')), deviation))
