"""Convolutional LSTM of one to three spatial dims: Shi et al. 2015 (arXiv:1506.04214) without peepholes, as Keras has it."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import ShapeMismatch, UnsupportedOp
from gradient_lens.value import Value

from .. import activations, initializers
from .._context import context
from .._masks import keeps_all
from .._ops import neural
from .._ops.joining import stacked
from .._tensor import Tensor, flatten, read, value_of, wrap
from .layer import Layer
from .regularization import dropped

#: Every step is written out: longer sequences are not read.
_MOST_STEPS = 200


class _ConvLSTM(Layer):
    """Input [N, T, ...picture, C]; kernel [...size, C, 4 filters], recurrent kernel [...size, filters, 4 filters], gates i, f, c, o."""

    _reads_mask = True
    supports_masking = True
    count = 2

    @property
    def _data_axes(self) -> int | None:  # type: ignore[override]
        return self.count + 2

    def __init__(
        self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = 'valid', data_format: Any = None,
        dilation_rate: Any = 1, activation: Any = 'tanh', recurrent_activation: Any = 'sigmoid', use_bias: bool = True,
        kernel_initializer: Any = 'glorot_uniform', recurrent_initializer: Any = 'orthogonal', bias_initializer: Any = 'zeros',
        unit_forget_bias: bool = True, dropout: float = 0.0, recurrent_dropout: float = 0.0, return_sequences: bool = False,
        return_state: bool = False, go_backwards: bool = False, stateful: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        given = {name: item for name, item in locals().items() if name not in ('self', 'kwargs', 'go_backwards', '__class__')}
        for option in (
            'kernel_regularizer', 'recurrent_regularizer', 'bias_regularizer', 'kernel_constraint', 'recurrent_constraint',
            'bias_constraint', 'seed',
        ):  # fmt: skip
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        if stateful:
            raise UnsupportedOp('`stateful=True`', 'its states come from the batch before')
        self.filters = int(filters)
        self.kernel_size = neural.tuple_of(kernel_size, self.count, 'kernel_size')
        self.strides = neural.tuple_of(strides, self.count, 'strides')
        self.dilation_rate = neural.tuple_of(dilation_rate, self.count, 'dilation_rate')
        self.padding, self.layout = padding.lower(), neural.layout_of(data_format)
        self.activation, self.recurrent_activation = activations.get(activation), activations.get(recurrent_activation)
        self.use_bias, self.unit_forget_bias = use_bias, unit_forget_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.dropout, self.recurrent_dropout = float(dropout), float(recurrent_dropout)
        self.return_sequences, self.return_state, self.go_backwards = return_sequences, return_state, go_backwards
        self.__dict__['_made_with'] = given

    def mirrored(self, name: str) -> _ConvLSTM:
        """The same layer with fresh weights, running the other way."""
        twin = type(self)(**self.__dict__['_made_with'], go_backwards=not self.go_backwards, name=name)
        twin.__dict__['_span'] = self._span
        return twin

    def build(self, input_shape: Any) -> None:
        if len(input_shape) != self.count + 3:
            raise ShapeMismatch(
                f'`{type(self).__name__}` expects an input of {self.count + 3} axes (batch, time, picture, channels), '
                f'found {len(input_shape)}: shape {list(input_shape)}'
            )
        channels = input_shape[-1] if self.layout == neural.LAST else input_shape[2]
        wide = 4 * self.filters
        with context.inside('conv_lstm_cell'):
            self.kernel = self.weight('kernel', (*self.kernel_size, channels, wide), self.kernel_initializer, 'glorot_uniform')
            self.recurrent_kernel = self.weight(
                'recurrent_kernel', (*self.kernel_size, self.filters, wide), self.recurrent_initializer, 'orthogonal'
            )
            self.bias = self.weight('bias', (wide,), self.bias_initializer, 'zeros') if self.use_bias else None
        if self.bias is not None and self.unit_forget_bias:
            self.bias._record.contents = value_of(initializers.UnitForgetBias(self.bias_initializer)((wide,)))
        self.built = True

    def call(self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None) -> Any:
        if isinstance(sequences, (list, tuple)):
            sequences, initial_state = sequences[0], list(sequences[1:])
        if not all(keeps_all(item) for item in flatten(mask)):
            raise UnsupportedOp('a mask given to a recurrent layer')
        x = p.cast(value_of(sequences), 'float')
        steps = x.shape[1]
        if steps > _MOST_STEPS:
            raise UnsupportedOp(f'`{type(self).__name__}` over {steps} steps', f'up to {_MOST_STEPS} are read')
        if training and self.dropout:
            # One draw for all steps.
            x = dropped(x, self.dropout, [1])
        h, c = self._starts(x, [value_of(item) for item in flatten(initial_state) if isinstance(item, Tensor)])
        kept = dropped(p.fill(1.0, h.shape, 'float'), self.recurrent_dropout, []) if training and self.recurrent_dropout else None
        outputs: list[Value] = []
        for step in range(steps)[:: -1 if self.go_backwards else 1]:
            frame = p.reshape(p.narrow(x, 1, step, step + 1), (x.shape[0], *x.shape[2:]))
            h, c = self._step(frame, h if kept is None else p.binary('mul', h, kept), c)
            outputs.append(h)
        output = wrap(stacked(outputs, 1) if self.return_sequences else h)
        return [output, wrap(h), wrap(c)] if self.return_state else output

    def _starts(self, x: Value, given: list[Value]) -> tuple[Value, Value]:
        if given:
            return p.cast(given[0], 'float'), p.cast(given[1], 'float')
        picture = neural.spatial_of((x.shape[0], *x.shape[2:]), self.layout)
        sizes, _ = neural.window(picture, self.kernel_size, self.strides, self.dilation_rate, self.padding)
        shape = neural.with_spatial(x.shape[0], self.filters, sizes, self.layout)
        return p.fill(0.0, shape, 'float'), p.fill(0.0, shape, 'float')

    def _step(self, frame: Value, h: Value, c: Value) -> tuple[Value, Value]:
        bias = None if self.bias is None else read(self.bias)
        fresh = neural.conv(frame, read(self.kernel), bias, self.strides, self.padding, self.dilation_rate, 1, self.layout)
        held = neural.conv(h, read(self.recurrent_kernel), None, 1, 'same', 1, 1, self.layout)
        gates = p.binary('add', fresh, held)
        axis = len(gates.shape) - 1 if self.layout == neural.LAST else 1

        def under(function: Any, part: int) -> Value:
            return value_of(function(wrap(p.narrow(gates, axis, part * self.filters, (part + 1) * self.filters))))

        entering = p.binary('mul', under(self.recurrent_activation, 0), under(self.activation, 2))
        c = p.binary('add', p.binary('mul', under(self.recurrent_activation, 1), c), entering)
        return p.binary('mul', under(self.recurrent_activation, 3), value_of(self.activation(wrap(c)))), c

    def reset_states(self, states: Any = None) -> None:
        return

    reset_state = reset_states


class ConvLSTM1D(_ConvLSTM):
    count = 1


class ConvLSTM2D(_ConvLSTM):
    count = 2


class ConvLSTM3D(_ConvLSTM):
    count = 3
