"""`torch.linalg`: norms and products; factorisations are not followed."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import UnsupportedOp

from ._ops.further import cross as _cross
from ._ops.further import matrix_power as matrix_power
from ._ops.products import matmul as matmul
from ._ops.rearranging import diagonal as _diagonal
from ._ops.reductions import norm as _norm
from ._tensor import Tensor


def norm(A: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The vector norm; for matrices only the Frobenius norm."""
    rank = A.ndim if dim is None else len(dim) if isinstance(dim, (tuple, list)) else 1
    if rank != 1 and ord not in (None, 'fro'):
        raise UnsupportedOp(f'linalg.norm of a matrix with ord={ord!r}')
    return _norm(A, 2 if ord in (None, 'fro') else ord, dim, keepdim, dtype)


def vector_norm(x: Tensor, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    return _norm(x, ord, dim, keepdim, dtype)


def matrix_norm(A: Tensor, ord: Any = 'fro', dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    if ord != 'fro':
        raise UnsupportedOp(f'linalg.matrix_norm with ord={ord!r}')
    return _norm(A, 2, dim, keepdim, dtype)


def multi_dot(tensors: Any) -> Tensor:
    result, *rest = tensors
    for tensor in rest:
        result = matmul(result, tensor)
    return result


def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    return _cross(input, other, dim)


def vecdot(x: Any, y: Any, *, dim: int = -1) -> Tensor:
    return (x * y).sum(dim)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    return _diagonal(A, offset, dim1, dim2)


def __getattr__(name: str) -> Any:
    if name.startswith('_'):
        raise AttributeError(name)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise UnsupportedOp(f'torch.linalg.{name}')

    return refuse
