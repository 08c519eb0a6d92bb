"""Dense, Embedding, Lambda and other plain layers."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, ShapeMismatch, UnsupportedOp
from gradient_lens.session import session
from gradient_lens.value import emit

from .. import activations, initializers
from .._ops.arithmetic import einsum_value
from .._masks import keeping, of_tokens
from .._tensor import Tensor, flatten, read, value_of, wrap
from .layer import Layer


def activated(layer: Layer, result: Tensor) -> Any:
    """The result under the layer's `activation=`."""
    function = getattr(layer, 'activation', None)
    return result if function is None or function is activations.linear else function(result)


class Dense(Layer):
    """x @ kernel + bias; kernel [in, out]."""

    supports_masking = True

    def __init__(
        self, units: int, activation: Any = None, use_bias: bool = True, kernel_initializer: Any = 'glorot_uniform',
        bias_initializer: Any = 'zeros', kernel_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.units = int(units)
        if self.units < 1:
            raise BadArgument(f'Received an invalid value for `units`, expected a positive integer. Received: units={units}')
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.bias = None

    def build(self, input_shape: Any) -> None:
        self.kernel = self.weight('kernel', (input_shape[-1], self.units), self.kernel_initializer, 'glorot_uniform')
        if self.use_bias:
            self.bias = self.weight('bias', (self.units,), self.bias_initializer, 'zeros')
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> Any:
        value = p.cast(value_of(inputs), 'float')
        fan_in = read(self.kernel).shape[0]
        if not value.shape or value.shape[-1] != fan_in:
            last = value.shape[-1] if value.shape else 1
            raise ShapeMismatch(f'Dense takes {fan_in} features, its input has {last} (shape {list(value.shape)})', fan_in, last)
        bias = None if self.bias is None else read(self.bias)
        return activated(self, wrap(p.linear(value, read(self.kernel), bias, 'inOut')))


class EinsumDense(Layer):
    def __init__(
        self, equation: str, output_shape: Any, activation: Any = None, bias_axes: str | None = None,
        kernel_initializer: Any = 'glorot_uniform', bias_initializer: Any = 'zeros', kernel_regularizer: Any = None,
        bias_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.equation, self.bias_axes = equation, bias_axes
        self.partial_output_shape: list[Any] = [output_shape] if isinstance(output_shape, int) else list(output_shape)
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.bias = None

    def build(self, input_shape: Any) -> None:
        if '...' in self.equation:
            raise UnsupportedOp('EinsumDense with an ellipsis')
        left, _, right = self.equation.replace(' ', '').partition('->')
        source, kernel = left.split(',')
        sizes = dict(zip(source, input_shape))
        for letter, size in zip(reversed(right), reversed(self.partial_output_shape)):
            if size is not None:
                sizes[letter] = size
        fans = (math.prod(sizes[c] for c in kernel if c not in right), math.prod(sizes[c] for c in kernel if c in right))
        start = initializers.Contracted(self.kernel_initializer, *fans)
        self.kernel = self.weight('kernel', tuple(sizes[c] for c in kernel), start, 'glorot_uniform')
        if self.bias_axes:
            first = min(right.index(c) for c in self.bias_axes)
            shape = tuple(sizes[c] if c in self.bias_axes else 1 for c in right[first:])
            self.bias = self.weight('bias', shape, self.bias_initializer, 'zeros')
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> Any:
        value = einsum_value(self.equation, [p.cast(value_of(inputs), 'float'), read(self.kernel)])
        if self.bias is not None:
            value = p.binary('add', value, read(self.bias))
        return activated(self, wrap(value))


class Embedding(Layer):
    """Rows of a table [input_dim, output_dim]."""

    def __init__(
        self, input_dim: int, output_dim: int, embeddings_initializer: Any = 'uniform', embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None, mask_zero: bool = False, weights: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.input_dim, self.output_dim, self.mask_zero = int(input_dim), int(output_dim), mask_zero
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.given = weights

    def build(self, input_shape: Any = None) -> None:
        self.embeddings = self.weight('embeddings', (self.input_dim, self.output_dim), self.embeddings_initializer, 'uniform')
        if self.given is not None:
            # Weights that the file hands over: how they came about is its own matter.
            self.embeddings._record.origin = 'checkpoint'
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> Any:
        indices = p.cast(value_of(inputs), 'int')
        table = read(self.embeddings)
        made = wrap(emit('embedding', {'paddingIndex': None}, (table, indices), (*indices.shape, self.output_dim), 'float'))
        return made

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return of_tokens(inputs) if self.mask_zero else None


class Activation(Layer):
    supports_masking = True

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Any, training: Any = None) -> Any:
        return activated(self, wrap(value_of(inputs)))


class Identity(Layer):
    supports_masking = True

    def call(self, inputs: Any, training: Any = None) -> Any:
        return inputs


class Masking(Layer):
    """Leaves out steps of which every feature is `mask_value`: no step of an input whose numbers are drawn afresh."""

    supports_masking = True

    def __init__(self, mask_value: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value

    def call(self, inputs: Any, training: Any = None) -> Any:
        value = value_of(inputs)
        if value.node.op != 'input' and session.recording:
            raise UnsupportedOp('`Masking` of what layers compute', 'which steps it leaves out hangs on the data')
        made = wrap(value)
        made._mask = keeping(value.shape[:-1])
        return made


class Lambda(Layer):
    """A function of the user's, traced through."""

    def __init__(self, function: Any, output_shape: Any = None, mask: Any = None, arguments: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.function = function
        self.arguments = arguments or {}

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        found = self.function(inputs, **self.arguments)
        if not any(isinstance(leaf, Tensor) for leaf in flatten(found)):
            raise BadArgument(f'The Lambda layer `{self.name}` gives no tensor back')
        return found


class ActivityRegularization(Identity):
    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
