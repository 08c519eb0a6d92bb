"""Recurrent layers: one `recurrent` op a layer and direction."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, ShapeMismatch, UnsupportedOp
from gradient_lens.value import Value, emit_many

from ..._convert import size
from ..._ops.random import dropout_value
from ..._tensor import Tensor, read, wrap
from ..utils.rnn import PackedSequence
from .layer import Layer, parameter, uniform_contents

_GATES = {'rnn': 1, 'gru': 3, 'lstm': 4}


class RNNBase(Layer):
    """Stacked layers, one or both directions."""

    _cell = 'rnn'
    nonlinearity = 'tanh'

    def __init__(
        self, mode: str, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, proj_size: int = 0,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if proj_size:
            raise UnsupportedOp('an LSTM with proj_size')
        if hidden_size <= 0:
            raise BadArgument('hidden_size must be greater than zero')
        if num_layers <= 0:
            raise BadArgument('num_layers must be greater than zero')
        self.mode = mode
        self.input_size, self.hidden_size, self.num_layers = size(input_size), size(hidden_size), size(num_layers)
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional, self.proj_size = bidirectional, proj_size
        gates = _GATES[self._cell] * self.hidden_size
        directions = 2 if bidirectional else 1
        for layer in range(self.num_layers):
            fan = self.input_size if layer == 0 else self.hidden_size * directions
            for suffix in self._suffixes(layer):
                setattr(self, f'weight_ih_{suffix}', parameter((gates, fan)))
                setattr(self, f'weight_hh_{suffix}', parameter((gates, self.hidden_size)))
                if bias:
                    setattr(self, f'bias_ih_{suffix}', parameter((gates,)))
                    setattr(self, f'bias_hh_{suffix}', parameter((gates,)))
        self.reset_parameters()

    def _suffixes(self, layer: int) -> list[str]:
        return [f'l{layer}', f'l{layer}_reverse'] if self.bidirectional else [f'l{layer}']

    def reset_parameters(self) -> None:
        """U(-1/sqrt(hidden), 1/sqrt(hidden)) for all of them."""
        bound = 1 / math.sqrt(self.hidden_size)
        for name, held in self._parameters.items():
            if held is not None:
                self.start(name, uniform_contents(bound, tuple(held.shape)))

    def flatten_parameters(self) -> None:
        return None

    @property
    def all_weights(self) -> list[list[Any]]:
        return [
            [self._parameters[name] for name in self._names(suffix)]
            for layer in range(self.num_layers)
            for suffix in self._suffixes(layer)
        ]

    def _names(self, suffix: str) -> list[str]:
        names = [f'weight_ih_{suffix}', f'weight_hh_{suffix}']
        return names + [f'bias_ih_{suffix}', f'bias_hh_{suffix}'] if self.bias else names

    def forward(self, input: Any, hx: Any = None) -> Any:
        if isinstance(input, PackedSequence):
            output, state = self._padded(input.padded, hx, input.batch_first)
            return input.like(output), state
        return self._padded(input, hx, self.batch_first)

    def _padded(self, input: Tensor, hx: Any, batch_first: bool) -> Any:
        if input.ndim not in (2, 3):
            raise ShapeMismatch(f'{type(self).__name__}: Expected input to be 2D or 3D, got {input.ndim}D instead')
        if input.shape[-1] != self.input_size:
            raise ShapeMismatch(
                f'input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.shape[-1]}'
            )
        single = input.ndim == 2
        value = read(input)
        if single:
            value = p.reshape(value, (1, *value.shape))
        elif not batch_first:
            value = p.swap(value, 0, 1)
        starts = self._states(hx, value.shape[0], single)
        value, ends = self._layers(value, starts)
        if single:
            value = p.reshape(value, value.shape[1:])
        elif not batch_first:
            value = p.swap(value, 0, 1)
        finals = [self._stacked(parts, single) for parts in zip(*ends)]
        return wrap(value, input.dtype), tuple(finals) if self._cell == 'lstm' else finals[0]

    def _stacked(self, parts: Any, single: bool) -> Tensor:
        """[layers * directions, N, H]"""
        rows = [part if single else p.reshape(part, (1, *part.shape)) for part in parts]
        return wrap(p.concat(rows, 0))

    def _states(self, hx: Any, batch: int, single: bool) -> list[tuple[Value, ...]] | None:
        """The starting state of each layer and direction."""
        if hx is None:
            return None
        tensors = tuple(hx) if self._cell == 'lstm' else (hx,)
        count = self.num_layers * (2 if self.bidirectional else 1)
        for tensor in tensors:
            wanted = (count, self.hidden_size) if single else (count, batch, self.hidden_size)
            if tuple(tensor.shape) != wanted:
                raise ShapeMismatch(f'Expected hidden size {list(wanted)}, got {list(tensor.shape)}')
        return [
            tuple(
                p.reshape(p.narrow(read(tensor), 0, place, place + 1), (batch, self.hidden_size)) for tensor in tensors
            )
            for place in range(count)
        ]

    def _layers(
        self, value: Value, starts: list[tuple[Value, ...]] | None
    ) -> tuple[Value, list[tuple[Value, ...]]]:
        ends: list[tuple[Value, ...]] = []
        for layer in range(self.num_layers):
            if layer and self.dropout and self.training:
                value = dropout_value(value, self.dropout, [])
            outputs: list[Value] = []
            for reverse, suffix in enumerate(self._suffixes(layer)):
                start = starts[len(ends)] if starts is not None else ()
                sequence, *last = self._direction(value, start, suffix, bool(reverse))
                outputs.append(sequence)
                ends.append(tuple(last))
            value = p.concat(outputs, 2)
        return value, ends

    def _direction(self, value: Value, start: tuple[Value, ...], suffix: str, reverse: bool) -> list[Value]:
        weights = tuple(read(self._parameters[name]) for name in self._names(suffix))  # type: ignore[arg-type]
        batch, steps, _ = value.shape
        attributes = {
            'cell': self._cell,
            'framework': 'pytorch',
            'hidden': self.hidden_size,
            'reverse': reverse,
            'bias': bool(self.bias),
            'initialState': bool(start),
            'activation': self.nonlinearity,
            'gateActivation': 'sigmoid',
            'resetAfter': True,
        }
        state = ((batch, self.hidden_size), 'float')
        outputs = [((batch, steps, self.hidden_size), 'float'), state]
        if self._cell == 'lstm':
            outputs.append(state)
        return emit_many('recurrent', attributes, (value, *start, *weights), outputs)

    def extra_repr(self) -> str:
        text = f'{self.input_size}, {self.hidden_size}'
        if self.num_layers != 1:
            text += f', num_layers={self.num_layers}'
        if self.batch_first:
            text += ', batch_first=True'
        return text + (', bidirectional=True' if self.bidirectional else '')


class RNN(RNNBase):
    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = 'tanh', bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        if nonlinearity not in ('tanh', 'relu'):
            raise BadArgument(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(
            f'RNN_{nonlinearity.upper()}', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional
        )
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    _cell = 'lstm'

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, batch_first: bool = False,
        dropout: float = 0.0, bidirectional: bool = False, proj_size: int = 0, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(
            'LSTM', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size
        )


class GRU(RNNBase):
    _cell = 'gru'

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, batch_first: bool = False,
        dropout: float = 0.0, bidirectional: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__('GRU', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)


class RNNCellBase(Layer):
    """One step of a recurrent layer."""

    _cell = 'rnn'
    nonlinearity = 'tanh'

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.bias = size(input_size), size(hidden_size), bias
        gates = _GATES[self._cell] * self.hidden_size
        self.weight_ih = parameter((gates, self.input_size))
        self.weight_hh = parameter((gates, self.hidden_size))
        self.register_parameter('bias_ih', parameter((gates,)) if bias else None)
        self.register_parameter('bias_hh', parameter((gates,)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        bound = 1 / math.sqrt(self.hidden_size)
        for name, held in self._parameters.items():
            if held is not None:
                self.start(name, uniform_contents(bound, tuple(held.shape)))

    def _run(self, input: Tensor, state: tuple[Tensor, ...] | None) -> list[Tensor]:
        """The same op over a sequence of one step."""
        if input.shape[-1] != self.input_size or input.ndim not in (1, 2):
            raise ShapeMismatch(
                f'{type(self).__name__}: expected input of shape [N, {self.input_size}], got {list(input.shape)}'
            )
        value = read(input)
        batch = 1 if input.ndim == 1 else value.shape[0]
        start = tuple(p.reshape(read(part), (batch, self.hidden_size)) for part in state or ())
        weights = tuple(read(held) for held in self._parameters.values() if held is not None)
        attributes = {
            'cell': self._cell,
            'framework': 'pytorch',
            'hidden': self.hidden_size,
            'reverse': False,
            'bias': bool(self.bias),
            'initialState': bool(start),
            'activation': self.nonlinearity,
            'gateActivation': 'sigmoid',
            'resetAfter': True,
        }
        shape = (batch, self.hidden_size)
        outputs = [((batch, 1, self.hidden_size), 'float')] + [(shape, 'float')] * (2 if self._cell == 'lstm' else 1)
        sequence = p.reshape(value, (batch, 1, self.input_size))
        _, *last = emit_many('recurrent', attributes, (sequence, *start, *weights), outputs)
        if input.ndim == 1:
            last = [p.reshape(part, (self.hidden_size,)) for part in last]
        return [wrap(part, input.dtype) for part in last]

    def extra_repr(self) -> str:
        return f'{self.input_size}, {self.hidden_size}'


class RNNCell(RNNCellBase):
    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = 'tanh', device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        return self._run(input, None if hx is None else (hx,))[0]


class GRUCell(RNNCellBase):
    _cell = 'gru'

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        return self._run(input, None if hx is None else (hx,))[0]


class LSTMCell(RNNCellBase):
    _cell = 'lstm'

    def forward(self, input: Tensor, hx: Any = None) -> tuple[Tensor, ...]:
        return tuple(self._run(input, None if hx is None else tuple(hx)))
