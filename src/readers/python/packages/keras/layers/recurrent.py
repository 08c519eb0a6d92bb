"""Recurrent layers and their wrappers."""

from __future__ import annotations

import inspect
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.value import Value

from .._context import context
from .._ops.joining import stacked
from .._masks import keeps_all
from .._tensor import Tensor, flatten, value_of, wrap
from .convolutional_recurrent import _ConvLSTM
from .cells import GRUCell, LSTMCell, RecurrentCell, SimpleRNNCell
from .layer import Layer


def _shape(value: Value) -> tuple[Any, ...]:
    return (None, *value.shape[1:])


class RNN(Layer):
    """A cell, or several on top of each other, over a sequence [N, T, F]."""

    _data_axes = 2
    _reads_mask = True
    supports_masking = True

    def __init__(
        self, cell: Any, return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        stateful: bool = False, unroll: bool = False, zero_output_for_mask: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        self.return_sequences, self.return_state, self.go_backwards = return_sequences, return_state, go_backwards
        if stateful:
            raise UnsupportedOp('`stateful=True`', 'its states come from the batch before')

    def build(self, input_shape: Any) -> None:
        self.built = True

    def call(self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None) -> Any:
        if isinstance(sequences, (list, tuple)):
            sequences, initial_state = sequences[0], list(sequences[1:])
        if not all(keeps_all(item) for item in flatten(mask)):
            raise UnsupportedOp('a mask given to a recurrent layer')
        states = [value_of(item) for item in flatten(initial_state) if isinstance(item, Tensor)]
        value = p.cast(value_of(sequences), 'float')
        made, last = run_cell(self.cell, value, states, self.go_backwards, training)
        if self.return_sequences:
            # Keras gives the steps in the order in which they were taken.
            output = p.same('flip', made, {'axes': [1]}) if self.go_backwards else made
        else:
            step = 0 if self.go_backwards else made.shape[1] - 1
            output = last[0] if isinstance(self.cell, RecurrentCell) else p.reshape(
                p.narrow(made, 1, step, step + 1), (made.shape[0], *made.shape[2:])
            )  # fmt: skip
        return [wrap(output), *(wrap(item) for item in last)] if self.return_state else wrap(output)

    def reset_states(self, states: Any = None) -> None:
        return

    reset_state = reset_states


def run_cell(cell: Any, x: Value, states: list[Value], reverse: bool, training: Any) -> tuple[Value, list[Value]]:
    """All steps of a cell: (outputs in the order of x, last states)."""
    if isinstance(cell, RecurrentCell):
        if not cell.built:
            with context.inside(cell.name):
                cell.build(_shape(x))
        return cell.sequence(x, states, reverse, training)
    if isinstance(cell, StackedRNNCells):
        last: list[Value] = []
        for inner in cell.cells:
            own = 2 if getattr(inner, 'cell', '') == 'lstm' else 1
            given, states = states[:own], states[own:]
            x, ends = run_cell(inner, x, given, reverse, training)
            last.extend(ends)
        return x, last
    return _unrolled(cell, x, states, reverse)


def _unrolled(cell: Any, x: Value, states: list[Value], reverse: bool) -> tuple[Value, list[Value]]:
    """A cell of the user's, step by step."""
    if not states:
        sizes = cell.state_size if isinstance(cell.state_size, (list, tuple)) else [cell.state_size]
        states = [p.fill(0.0, (x.shape[0], *((n,) if isinstance(n, int) else n)), 'float') for n in sizes]
    outputs: list[Value] = []
    held: Any = [wrap(item) for item in states]
    for step in range(x.shape[1])[:: -1 if reverse else 1]:
        output, held = cell(wrap(p.reshape(p.narrow(x, 1, step, step + 1), (x.shape[0], *x.shape[2:]))), held)
        held = list(held) if isinstance(held, (list, tuple)) else [held]
        outputs.append(value_of(output))
    return stacked(outputs[::-1] if reverse else outputs, 1), [value_of(item) for item in held]


class StackedRNNCells(Layer):
    _is_part = True

    def __init__(self, cells: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cells = list(cells)

    @property
    def state_size(self) -> Any:
        return [cell.state_size for cell in self.cells]


class _Recurrent(RNN):
    """LSTM, GRU and SimpleRNN: their cell is called `lstm_cell` and so on."""

    cell_class: type[RecurrentCell] = SimpleRNNCell
    cell_name = 'simple_rnn_cell'

    def __init__(
        self, units: int, *args: Any, return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        stateful: bool = False, unroll: bool = False, time_major: bool = False, name: str | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        if time_major:
            raise UnsupportedOp('`time_major=True`')
        if 'input_shape' not in kwargs and ('input_dim' in kwargs or 'input_length' in kwargs):
            # As Keras 2 reads them: steps and features of a sequence.
            kwargs['input_shape'] = (kwargs.pop('input_length', None), kwargs.pop('input_dim', None))
        outer = {
            key: kwargs.pop(key)
            for key in ('input_shape', 'batch_input_shape', 'input_dim', 'trainable', 'dtype', 'activity_regularizer',
                        'implementation', 'use_cudnn', 'batch_size')
            if key in kwargs
        }  # fmt: skip
        kept = {'return_sequences': return_sequences, 'return_state': return_state, **kwargs}
        cell = self.cell_class(units, *args, name=self.cell_name, **kwargs)
        cell.__dict__['_span'] = self._span
        super().__init__(
            cell, return_sequences=return_sequences, return_state=return_state, go_backwards=go_backwards, stateful=stateful,
            name=name, **outer,
        )  # fmt: skip
        self.__dict__['_made_with'] = ((units, *args), kept)
        self.units = int(units)

    def mirrored(self, name: str) -> _Recurrent:
        """The same layer with fresh weights, running the other way."""
        args, kwargs = self.__dict__['_made_with']
        twin = type(self)(*args, go_backwards=not self.go_backwards, name=name, **kwargs)
        twin.__dict__['_span'] = twin.cell.__dict__['_span'] = self._span
        return twin


class SimpleRNN(_Recurrent):
    def __init__(self, units: int, activation: Any = 'tanh', use_bias: bool = True, **kwargs: Any) -> None:
        super().__init__(units, activation=activation, use_bias=use_bias, **kwargs)


class LSTM(_Recurrent):
    cell_class = LSTMCell
    cell_name = 'lstm_cell'


class GRU(_Recurrent):
    cell_class = GRUCell
    cell_name = 'gru_cell'


class Bidirectional(Layer):
    """A recurrent layer and its mirror image; both results in the order of the input."""

    _data_axes = 2
    supports_masking = True

    def __init__(
        self, layer: Any, merge_mode: str | None = 'concat', weights: Any = None, backward_layer: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if not isinstance(layer, (_Recurrent, _ConvLSTM)):
            raise UnsupportedOp(f'`Bidirectional` of `{type(layer).__name__}`')
        if merge_mode not in ('concat', 'sum', 'mul', 'ave', None):
            raise BadArgument(f'Invalid merge mode. Received: {merge_mode}')
        self.merge_mode = merge_mode
        self.__dict__['layer'] = layer
        if self._input_shape is None:
            self.__dict__['_input_shape'] = layer._input_shape
        plain = layer.name
        layer.__dict__['name'] = f'forward_{plain}'
        self.forward_layer = layer
        self.backward_layer = backward_layer if backward_layer is not None else layer.mirrored(f'backward_{plain}')
        self.return_state, self.return_sequences = layer.return_state, layer.return_sequences

    def build(self, sequences_shape: Any) -> None:
        self.built = True

    def call(self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None) -> Any:
        states = flatten(initial_state) if initial_state is not None else []
        half = len(states) // 2
        forward = self.forward_layer(sequences, initial_state=states[:half] or None, training=training)
        backward = self.backward_layer(sequences, initial_state=states[half:] or None, training=training)
        ends: list[Any] = []
        if self.return_state:
            ends = [*forward[1:], *backward[1:]]
            forward, backward = forward[0], backward[0]
        a, b = value_of(forward), value_of(backward)
        if self.return_sequences:
            # The mirror image gives its steps in the order taken; back in that of the input.
            b = b.node.inputs[0] if b.node.op == 'flip' else p.same('flip', b, {'axes': [1]})
        if self.merge_mode is None:
            return [wrap(a), wrap(b), *ends]
        if self.merge_mode == 'concat':
            merged = p.concat([a, b], len(a.shape) - 1)
        elif self.merge_mode == 'mul':
            merged = p.binary('mul', a, b)
        else:
            merged = p.binary('add', a, b)
            if self.merge_mode == 'ave':
                merged = p.binary('div', merged, p.fill(2.0, (), 'float'))
        return [wrap(merged), *ends] if self.return_state else wrap(merged)


class TimeDistributed(Layer):
    """A layer at each step of [N, T, ...]."""

    supports_masking = True

    @property
    def _data_axes(self) -> int | None:  # type: ignore[override]
        inner = self.__dict__.get('layer')
        return inner._data_axes + 1 if isinstance(inner, Layer) and inner._data_axes is not None else None

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(layer, Layer):
            raise BadArgument(f'Please initialize `TimeDistributed` layer with a `keras.layers.Layer` instance: {layer!r}')
        self.layer = layer

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        value = value_of(inputs)
        options = {'training': training} if 'training' in inspect.signature(type(self.layer).call).parameters else {}
        if any(type(item).__name__ == 'BatchNormalization' for item in self.layer._deep()):
            # Statistics are those of one step each.
            steps = [
                self.layer(wrap(p.reshape(p.narrow(value, 1, t, t + 1), (value.shape[0], *value.shape[2:]))), **options)
                for t in range(value.shape[1])
            ]
            return wrap(stacked([value_of(item) for item in steps], 1))
        flat = p.reshape(value, (value.shape[0] * value.shape[1], *value.shape[2:]))
        made = value_of(self.layer(wrap(flat), **options))
        return wrap(p.reshape(made, (*value.shape[:2], *made.shape[1:])))


class Wrapper(Layer):
    def __init__(self, layer: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.layer = layer
