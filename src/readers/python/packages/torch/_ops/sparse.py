"""Sparse tensors, as dense ones: the numbers and their gradients are the same, only the memory that they take differs."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import UnsupportedOp
from gradient_lens.inert import Inert, first_inert
from gradient_lens.session import session
from gradient_lens.value import source

from .._convert import as_tensor, sizes
from .._tensor import Tensor, wrap
from .._types import dtype as Dtype
from .._types import float32
from .creation import zeros
from .products import matmul


def to_sparse(input: Tensor, *args: Any, **options: Any) -> Tensor:
    return input


to_sparse_coo = to_sparse_csr = to_sparse_csc = to_dense = coalesce = to_sparse


def spmm(input: Tensor, mat2: Tensor) -> Tensor:
    return matmul(input, mat2)


def mm(mat1: Tensor, mat2: Tensor, reduce: str = 'sum') -> Tensor:
    """`torch.sparse.mm`"""
    if reduce != 'sum':
        raise UnsupportedOp(f"`torch.sparse.mm` with reduce='{reduce}'")
    return matmul(mat1, mat2)


def sparse_coo_tensor(
    indices: Any, values: Any = None, size: Any = None, *, dtype: Dtype | None = None, device: Any = None, **options: Any
) -> Any:
    """Values [n] at the places whose coordinates are the columns of `indices` [axes, n]; values of one place are added up."""
    unknown = first_inert((indices, values, size))
    if unknown is not None or size is None:
        if session.recording:
            raise UnsupportedOp('`torch.sparse_coo_tensor` of what is not known here')
        if size is None or first_inert(size) is not None:
            return Inert('torch.sparse_coo_tensor(...)')
        # Where the values lie is not known; how many there could be is.
        of = dtype or float32
        return wrap(source('input', {'index': 0}, sizes((size,)), of.kind, owner=None, live=False), of)
    places, held = as_tensor(indices), as_tensor(values, dtype)
    shape = sizes((size,))
    if held.ndim != 1 or places.ndim != 2 or places.shape[0] != len(shape):
        raise UnsupportedOp('`torch.sparse_coo_tensor` of rows, not of single numbers')
    flat: Any = 0
    for axis, length in enumerate(shape):
        flat = flat * length + places[axis]
    count = 1
    for length in shape:
        count *= length
    empty: Any = zeros(count, dtype=held.dtype)
    return empty.index_add(0, flat, held).reshape(shape)
