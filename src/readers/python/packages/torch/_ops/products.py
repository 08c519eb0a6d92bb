"""Matrix products and einsum."""

from __future__ import annotations

import string
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadState, BadType, ShapeMismatch
from gradient_lens.value import Value, emit

from .._convert import pair
from .._tensor import Tensor, read, wrap
from .arithmetic import add, mul


def matmul(input: Any, other: Any) -> Tensor:
    """Products of vectors and (batches of) matrices; vectors are one-row or one-column matrices on the way."""
    if not isinstance(other, Tensor) or not isinstance(input, Tensor):
        raise BadType(f'matmul(): argument must be Tensor, not {type(other).__name__}')
    a, b, result = pair(input, other)
    if not a.shape or not b.shape:
        raise BadState('both arguments to matmul need to be at least 1D, but they are 0D and 1D')
    left = p.reshape(a, (1, *a.shape)) if len(a.shape) == 1 else a
    right = p.reshape(b, (*b.shape, 1)) if len(b.shape) == 1 else b
    value = p.matmul(left, right)
    rows = value.shape[-2:-1] if len(a.shape) > 1 else ()
    columns = value.shape[-1:] if len(b.shape) > 1 else ()
    shape = value.shape[:-2] + rows + columns
    return wrap(p.reshape(value, shape), result)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    _ranks('mm', (input, 2), (mat2, 2))
    return matmul(input, mat2)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    _ranks('bmm', (input, 3), (mat2, 3))
    if input.shape[0] != mat2.shape[0]:
        raise ShapeMismatch(
            f'Expected size for first two dimensions of batch2 tensor to be: [{input.shape[0]}, {input.shape[2]}] but got: '
            f'[{mat2.shape[0]}, {mat2.shape[1]}].'
        )
    return matmul(input, mat2)


def mv(input: Tensor, vec: Tensor) -> Tensor:
    _ranks('mv', (input, 2), (vec, 1))
    return matmul(input, vec)


def dot(input: Tensor, other: Tensor) -> Tensor:
    _ranks('dot', (input, 1), (other, 1))
    return matmul(input, other)


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    return mul(input.reshape(-1, 1), vec2.reshape(1, -1))


ger = outer


def _ranks(name: str, *operands: tuple[Tensor, int]) -> None:
    for tensor, rank in operands:
        if tensor.ndim != rank:
            raise ShapeMismatch(f'{name}: expected a {rank}-D tensor, but got a tensor of shape {list(tensor.shape)}')


def _plus(input: Any, product: Tensor, beta: Any, alpha: Any) -> Tensor:
    scaled = product if alpha == 1 else mul(product, alpha)
    return scaled if beta == 0 else add(scaled, input if beta == 1 else mul(input, beta))


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    return _plus(input, mm(mat1, mat2), beta, alpha)


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    return _plus(input, mv(mat, vec), beta, alpha)


def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    return _plus(input, bmm(batch1, batch2), beta, alpha)


def chain_matmul(*matrices: Tensor) -> Tensor:
    result = matrices[0]
    for matrix in matrices[1:]:
        result = matmul(result, matrix)
    return result


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    if isinstance(dims, int):
        left = list(range(a.ndim - dims, a.ndim))
        right = list(range(dims))
    else:
        left, right = ([int(axis) % t.ndim for axis in axes] for axes, t in zip(dims, (a, b)))
    letters = iter(string.ascii_letters)
    first = [next(letters) for _ in range(a.ndim)]
    second = [next(letters) for _ in range(b.ndim)]
    for i, j in zip(left, right):
        second[j] = first[i]
    kept = [c for i, c in enumerate(first) if i not in left] + [c for i, c in enumerate(second) if i not in right]
    return einsum(f'{"".join(first)},{"".join(second)}->{"".join(kept)}', a, b)


def inner(input: Tensor, other: Tensor) -> Tensor:
    return tensordot(input, other, ([input.ndim - 1], [other.ndim - 1]))


def kron(input: Tensor, other: Tensor) -> Tensor:
    if input.ndim != other.ndim:
        raise ShapeMismatch('kron of tensors of different rank')
    a = input.reshape(*(n for size in input.shape for n in (size, 1)))
    b = other.reshape(*(n for size in other.shape for n in (1, size)))
    return mul(a, b).reshape(*(m * n for m, n in zip(input.shape, other.shape)))


def einsum(equation: Any, *operands: Any) -> Tensor:
    if not isinstance(equation, str):
        raise BadType('einsum(): the sublist format is not followed; write the equation as a string')
    tensors = list(operands[0]) if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else list(operands)
    spelled, shape = _equation(equation.replace(' ', ''), [tuple(t.shape) for t in tensors])
    result = tensors[0].dtype
    values: list[Value] = []
    for tensor in tensors:
        _, _, result = pair(tensors[0], tensor)
        values.append(read(tensor))
    values = [p.cast(value, result.kind) for value in values]
    return wrap(emit('einsum', {'equation': spelled}, tuple(values), shape, result.kind), result)


def _equation(equation: str, shapes: list[tuple[int, ...]]) -> tuple[str, list[int]]:
    """The equation with an explicit arrow and without ellipsis, and the shape it gives."""
    left, arrow, right = equation.partition('->')
    terms = left.split(',')
    if len(terms) != len(shapes):
        raise BadState('einsum(): more operands were provided than specified in the equation')
    spare = [c for c in string.ascii_letters if c not in equation]
    dots = max((len(shape) - len(term.replace('...', '')) for term, shape in zip(terms, shapes) if '...' in term), default=0)
    ellipsis = ''.join(spare[:dots])
    full: list[str] = []
    sizes: dict[str, int] = {}
    for number, (term, shape) in enumerate(zip(terms, shapes)):
        if '...' in term:
            own = len(shape) - len(term.replace('...', ''))
            term = term.replace('...', ellipsis[dots - own :] if own else '')
        if len(term) != len(shape):
            raise ShapeMismatch(
                f'einsum(): the number of subscripts in the equation ({len(term)}) does not match the number of dimensions '
                f'({len(shape)}) for operand {number}'
            )
        for letter, n in zip(term, shape):
            if sizes.get(letter, 1) != 1 and n not in (1, sizes[letter]):
                raise ShapeMismatch(
                    f'einsum(): operands do not broadcast: subscript {letter!r} is {sizes[letter]} and {n} '
                    f'(equation {equation!r}, shapes {[list(s) for s in shapes]})'
                )
            sizes[letter] = max(n, sizes.get(letter, 1))
        full.append(term)
    if arrow:
        right = right.replace('...', ellipsis)
    else:
        joined = ''.join(full)
        right = ellipsis + ''.join(sorted(c for c in set(joined) if joined.count(c) == 1 and c not in ellipsis))
    unknown = [letter for letter in right if letter not in sizes]
    if unknown:
        raise BadState(f'einsum(): output subscript {unknown[0]} does not appear in the equation for any input operand')
    return f'{",".join(full)}->{right}', [sizes[letter] for letter in right]
