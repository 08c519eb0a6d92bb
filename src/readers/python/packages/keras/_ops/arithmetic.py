"""Broadcasting pairs, comparisons and products."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, ShapeMismatch
from gradient_lens.value import Value, emit

from .._pixels import divided
from .._tensor import Tensor, operation, value_of, wrap
from .common import axis_of, pair

_ARITHMETIC = {
    'add': 'add', 'subtract': 'sub', 'multiply': 'mul', 'floor_divide': 'floorDiv', 'mod': 'mod', 'power': 'pow',
    'maximum': 'maximum', 'minimum': 'minimum', 'arctan2': 'atan2',
}  # fmt: skip
_COMPARISONS = {
    'equal': 'equal', 'not_equal': 'notEqual', 'less': 'less', 'less_equal': 'lessEqual', 'greater': 'greater',
    'greater_equal': 'greaterEqual',
}  # fmt: skip
_LOGICAL = {'logical_and': 'logicalAnd', 'logical_or': 'logicalOr', 'logical_xor': 'logicalXor'}


def _binary(name: str, op: str, kind: str | None = None, result: str | None = None) -> Any:
    def run(x1: Any, x2: Any, name: str | None = None) -> Tensor:
        a, b = pair(x1, x2)
        return wrap(p.binary(op, a, b, kind, result))

    run.__name__ = name
    return operation(run)


FUNCTIONS: dict[str, Any] = {name: _binary(name, op) for name, op in _ARITHMETIC.items()}
FUNCTIONS.update({name: _binary(name, op, None, 'bool') for name, op in _COMPARISONS.items()})
FUNCTIONS.update({name: _binary(name, op, 'bool', 'bool') for name, op in _LOGICAL.items()})


@operation
def divide(x1: Any, x2: Any, name: str | None = None) -> Tensor:
    a, b = pair(x1, x2)
    divided(value_of(x1), x2)
    return wrap(p.binary('div', a, b, 'float'))


@operation
def divide_no_nan(x1: Any, x2: Any, name: str | None = None) -> Tensor:
    a, b = (p.cast(value, 'float') for value in pair(x1, x2))
    zero = p.binary('equal', b, p.fill(0.0, (), 'float'), None, 'bool')
    safe = p.where(zero, p.fill(1.0, (), 'float'), b)
    return wrap(p.where(zero, p.fill(0.0, (), 'float'), p.binary('div', a, safe)))


@operation
def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    return wrap(p.same('square', p.binary('sub', *pair(x, y))))


@operation
def where(condition: Any, x1: Any = None, x2: Any = None, name: str | None = None) -> Tensor:
    if x1 is None or x2 is None:
        raise BadArgument('where with a condition alone gives places that hang on data')
    a, b = pair(x1, x2)
    return wrap(p.where(value_of(condition), a, b))


def matmul_value(a: Value, b: Value, transpose_a: bool = False, transpose_b: bool = False) -> Value:
    """NumPy's rule: vectors get an axis that goes away again. A weight matrix makes a linear layer."""
    if len(b.shape) == 2 and b.node.op == 'parameter' and len(a.shape) >= 2 and not transpose_a and not transpose_b:
        return p.linear(p.cast(a, 'float'), b, None, 'inOut')
    if len(a.shape) == 1 or len(b.shape) == 1:
        left = p.reshape(a, (1, *a.shape)) if len(a.shape) == 1 else a
        right = p.reshape(b, (*b.shape, 1)) if len(b.shape) == 1 else b
        product = p.matmul(left, right, transpose_a, transpose_b)
        shape = list(product.shape)
        if len(b.shape) == 1:
            del shape[-1]
        if len(a.shape) == 1:
            del shape[-1 if len(b.shape) == 1 else -2]
        return p.reshape(product, shape)
    return p.matmul(a, b, transpose_a, transpose_b)


@operation
def matmul(x1: Any, x2: Any, transpose_a: bool = False, transpose_b: bool = False, name: str | None = None) -> Tensor:
    return wrap(matmul_value(*pair(x1, x2), transpose_a, transpose_b))


@operation
def tensordot(x1: Any, x2: Any, axes: Any = 2, name: str | None = None) -> Tensor:
    a, b = pair(x1, x2)
    if isinstance(axes, int):
        left, right = list(range(len(a.shape) - axes, len(a.shape))), list(range(axes))
    else:
        left, right = ([item] if isinstance(item, int) else list(item) for item in axes)
    left = [axis_of(i, len(a.shape)) for i in left]
    right = [axis_of(i, len(b.shape)) for i in right]
    kept_a = [i for i in range(len(a.shape)) if i not in left]
    kept_b = [i for i in range(len(b.shape)) if i not in right]
    inner = math.prod(a.shape[i] for i in left)
    if inner != math.prod(b.shape[i] for i in right):
        raise ShapeMismatch(f'tensordot of shapes {list(a.shape)} and {list(b.shape)} over axes {left} and {right}')
    shape_a, shape_b = [a.shape[i] for i in kept_a], [b.shape[i] for i in kept_b]
    flat_a = p.reshape(p.permute(a, kept_a + left), (math.prod(shape_a), inner))
    flat_b = p.reshape(p.permute(b, right + kept_b), (inner, math.prod(shape_b)))
    return wrap(p.reshape(p.matmul(flat_a, flat_b), (*shape_a, *shape_b)))


@operation
def dot(x1: Any, x2: Any) -> Tensor:
    a, b = pair(x1, x2)
    if not a.shape or not b.shape:
        return wrap(p.binary('mul', a, b))
    return tensordot(x1, x2, [[-1], [0 if len(b.shape) == 1 else len(b.shape) - 2]])


def einsum_value(equation: str, operands: list[Value]) -> Value:
    """Ellipses and a missing arrow are written out first."""
    text = equation.replace(' ', '')
    left, arrow, right = text.partition('->')
    terms = left.split(',')
    if len(terms) != len(operands):
        raise BadArgument(f"einsum '{equation}' names {len(terms)} operands and gets {len(operands)}")
    free = [c for c in 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' if c not in text]
    widest = max((len(o.shape) - len(t.replace('...', '')) for t, o in zip(terms, operands) if '...' in t), default=0)
    extra = ''.join(free[:widest])
    terms = [
        t.replace('...', extra[widest - (len(o.shape) - len(t) + 3) :] if len(o.shape) - len(t) + 3 else '')
        for t, o in zip(terms, operands)
    ]
    if not arrow:
        joined = ''.join(terms)
        right = extra + ''.join(sorted(c for c in set(joined) if joined.count(c) == 1 and c not in extra))
    right = right.replace('...', extra)
    known: dict[str, int] = {}
    for term, operand in zip(terms, operands):
        if len(term) != len(operand.shape):
            raise ShapeMismatch(f"einsum '{equation}': '{term}' does not fit the shape {list(operand.shape)}")
        for letter, size in zip(term, operand.shape):
            if known.setdefault(letter, size) != size and 1 not in (known[letter], size):
                raise ShapeMismatch(f"einsum '{equation}': axis {letter} is {known[letter]} and {size}")
            known[letter] = max(known[letter], size)
    return emit('einsum', {'equation': f'{",".join(terms)}->{right}'}, tuple(operands), [known[c] for c in right], 'float')


@operation
def einsum(subscripts: str, *operands: Any, **_: Any) -> Tensor:
    return wrap(einsum_value(subscripts, [p.cast(value_of(item), 'float') for item in operands]))


FUNCTIONS.update({
    'divide': divide, 'true_divide': divide, 'divide_no_nan': divide_no_nan, 'where': where, 'matmul': matmul,
    'tensordot': tensordot, 'dot': dot, 'einsum': einsum, 'squared_difference': squared_difference,
})  # fmt: skip
