"""Recurrent cells: they hold the weights of a recurrent layer, and run over a sequence or a single step."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import ShapeMismatch, UnsupportedOp
from gradient_lens.value import Value, emit_many

from .. import activations, initializers
from .._tensor import Tensor, flatten, read, value_of, wrap
from .layer import Layer
from .regularization import dropped

#: Activations that the recurrent op computes, by Keras' names.
_GATES = frozenset(('linear', 'relu', 'sigmoid', 'tanh', 'hard_sigmoid', 'softsign', 'softplus', 'elu', 'silu', 'exponential'))


class RecurrentCell(Layer):
    """One of Keras' own cells. Gates lie side by side in the weights: LSTM i, f, c, o; GRU z, r, h."""

    cell = 'rnn'
    gates = 1
    #: Its weights are shown as those of the layer around it.
    _is_part = True

    def __init__(
        self, units: int, activation: Any = 'tanh', recurrent_activation: Any = 'sigmoid', use_bias: bool = True,
        kernel_initializer: Any = 'glorot_uniform', recurrent_initializer: Any = 'orthogonal', bias_initializer: Any = 'zeros',
        unit_forget_bias: bool = True, reset_after: bool = True, dropout: float = 0.0, recurrent_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        for option in (
            'kernel_regularizer', 'recurrent_regularizer', 'bias_regularizer', 'kernel_constraint', 'recurrent_constraint',
            'bias_constraint', 'seed',
        ):  # fmt: skip
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        self.units = int(units)
        self.activation = activations.get(activation)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.use_bias, self.reset_after, self.unit_forget_bias = use_bias, reset_after, unit_forget_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.dropout, self.recurrent_dropout = float(dropout), float(recurrent_dropout)

    @property
    def state_size(self) -> Any:
        return [self.units, self.units] if self.cell == 'lstm' else self.units

    output_size = property(lambda self: self.units)

    def build(self, input_shape: Any) -> None:
        wide = self.gates * self.units
        self.kernel = self.weight('kernel', (input_shape[-1], wide), self.kernel_initializer, 'glorot_uniform')
        self.recurrent_kernel = self.weight('recurrent_kernel', (self.units, wide), self.recurrent_initializer, 'orthogonal')
        if self.use_bias:
            shape = (2, wide) if self.cell == 'gru' and self.reset_after else (wide,)
            start = self.bias_initializer
            self.bias = self.weight('bias', shape, start, 'zeros')
            if self.cell == 'lstm' and self.unit_forget_bias:
                self.bias._record.contents = value_of(initializers.UnitForgetBias(start)(shape))
        self.built = True

    def sequence(self, x: Value, states: list[Value], reverse: bool, training: Any) -> tuple[Value, list[Value]]:
        """The states of all steps in the order of x, and the last ones."""
        if len(x.shape) != 3:
            raise ShapeMismatch(f'A recurrent layer expects an input of 3 axes, found {len(x.shape)}: shape {list(x.shape)}')
        fan_in = read(self.kernel).shape[0]
        if x.shape[2] != fan_in:
            raise ShapeMismatch(f'The recurrent layer takes {fan_in} features, its input has {x.shape[2]}', fan_in, x.shape[2])
        names = [activations.name_of(item) for item in (self.activation, self.recurrent_activation)]
        for name in names:
            if name not in _GATES:
                raise UnsupportedOp(f"the activation '{name}' in a recurrent layer")
        x = p.cast(x, 'float')
        masks: list[Value] = []
        # With recurrent dropout Keras computes gate by gate (`implementation=1`), and each gate's operands have masks of their own.
        apart = bool(training and self.recurrent_dropout)
        if training and self.dropout:
            if apart:
                masks.append(self._mask_of(x.shape[0], fan_in, self.dropout))
            else:
                x = dropped(x, self.dropout, [1])
        if apart:
            masks.append(self._mask_of(x.shape[0], self.units, self.recurrent_dropout))
        attributes = {
            'cell': self.cell, 'framework': 'keras', 'hidden': self.units, 'reverse': reverse, 'bias': self.use_bias,
            'initialState': bool(states), 'activation': names[0], 'gateActivation': names[1], 'resetAfter': self.reset_after,
            **({'inputMask': len(masks) > 1, 'recurrentMask': True} if apart else {}),
        }  # fmt: skip
        weights = [self.kernel, self.recurrent_kernel, *([self.bias] if self.use_bias else [])]
        last = (x.shape[0], self.units)
        outputs = [((x.shape[0], x.shape[1], self.units), 'float'), (last, 'float')]
        if self.cell == 'lstm':
            outputs.append((last, 'float'))
        inputs = (x, *(p.cast(state, 'float') for state in states), *masks, *(read(held) for held in weights))
        made = emit_many('recurrent', attributes, inputs, outputs)
        return made[0], made[1:]

    def _mask_of(self, rows: int, width: int, rate: float) -> Value:
        """A mask [gates, rows, width], the same at every step. Keras' simple cell has one as well."""
        return dropped(p.fill(1.0, (self.gates, rows, width), 'float'), rate, [])

    def call(self, inputs: Any, states: Any = None, training: Any = None) -> Any:
        """One step."""
        value = value_of(inputs)
        given = [value_of(item) for item in flatten(states) if isinstance(item, Tensor)]
        step = p.reshape(value, (value.shape[0], 1, value.shape[-1]))
        _, last = self.sequence(step, given, False, training)
        ends = [wrap(item) for item in last]
        return ends[0], ends if isinstance(states, (list, tuple)) or len(ends) > 1 else ends[0]

    def get_initial_state(self, batch_size: Any = None, **_: Any) -> Any:
        zero = [wrap(p.fill(0.0, (int(batch_size), self.units), 'float')) for _ in range(2 if self.cell == 'lstm' else 1)]
        return zero


class SimpleRNNCell(RecurrentCell):
    cell = 'rnn'


class LSTMCell(RecurrentCell):
    cell = 'lstm'
    gates = 4


class GRUCell(RecurrentCell):
    cell = 'gru'
    gates = 3
