"""Layers of several inputs."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument
from gradient_lens.value import Value

from .._ops.arithmetic import einsum_value
from .._ops.reductions import l2_normalize
from .._tensor import value_of, wrap
from .._ops.common import axis_of
from .layer import Layer


class _Merge(Layer):
    op = 'add'
    supports_masking = True

    def call(self, inputs: Any) -> Any:
        if not isinstance(inputs, (list, tuple)) or not inputs:
            raise BadArgument(f'A merge layer should be called on a list of inputs. Received: {type(inputs).__name__}')
        return wrap(self.merged(_of_one_rank([p.cast(value_of(item), 'float') for item in inputs])))

    def merged(self, values: list[Value]) -> Value:
        total = values[0]
        for value in values[1:]:
            total = p.binary(self.op, total, value)
        return total


def _of_one_rank(values: list[Value]) -> list[Value]:
    """Lower ranks get axes of size 1 after the batch (Keras' `_Merge.call`)."""
    most = max(len(value.shape) for value in values)
    return [
        p.reshape(value, (value.shape[0], *[1] * (most - len(value.shape)), *value.shape[1:])) if value.shape else value
        for value in values
    ]


class Add(_Merge):
    op = 'add'


class Multiply(_Merge):
    op = 'mul'


class Maximum(_Merge):
    op = 'maximum'


class Minimum(_Merge):
    op = 'minimum'


class Subtract(_Merge):
    op = 'sub'

    def merged(self, values: list[Value]) -> Value:
        if len(values) != 2:
            raise BadArgument('A `Subtract` layer should be called on exactly 2 inputs')
        return super().merged(values)


class Average(_Merge):
    def merged(self, values: list[Value]) -> Value:
        return p.binary('div', super().merged(values), p.fill(float(len(values)), (), 'float'))


class Concatenate(Layer):
    supports_masking = True

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Any:
        values = [value_of(item) for item in inputs]
        return wrap(p.concat(values, axis_of(self.axis, len(values[0].shape))))


class Dot(Layer):
    """Batch-wise product over one axis of each input."""

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axes, self.normalize = axes, normalize

    def call(self, inputs: Any) -> Any:
        a, b = (p.cast(value_of(item), 'float') for item in inputs)
        axes = [self.axes, self.axes] if isinstance(self.axes, int) else list(self.axes)
        first, second = axis_of(axes[0], len(a.shape)), axis_of(axes[1], len(b.shape))
        if self.normalize:
            a, b = value_of(l2_normalize(wrap(a), first)), value_of(l2_normalize(wrap(b), second))
        left = ['n', *'abcdef'[: len(a.shape) - 1]]
        right = ['n', *'uvwxyz'[: len(b.shape) - 1]]
        right[second] = left[first]
        kept = ['n', *[c for i, c in enumerate(left) if i and i != first], *[c for i, c in enumerate(right) if i and i != second]]
        made = einsum_value(f'{"".join(left)},{"".join(right)}->{"".join(kept)}', [a, b])
        return wrap(p.reshape(made, (made.shape[0], 1)) if len(made.shape) == 1 else made)


def _function(cls: Any) -> Any:
    def run(inputs: Any, **kwargs: Any) -> Any:
        return cls(**kwargs)(inputs)

    run.__name__ = cls.__name__.lower()
    return run


add, multiply, maximum, minimum, subtract, average, concatenate = (
    _function(cls) for cls in (Add, Multiply, Maximum, Minimum, Subtract, Average, Concatenate)
)


def dot(inputs: Any, axes: Any = -1, **kwargs: Any) -> Any:
    return Dot(axes, **kwargs)(inputs)
