"""Functions with weights that multiply: linear, bilinear, embedding."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadState, ShapeMismatch, UnsupportedOp
from gradient_lens.value import emit

from ..._ops.products import einsum
from ..._tensor import Tensor, read, wrap
from .common import floating, optional


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x @ weight.T + bias, weight [out, in]."""
    kernel = read(weight)
    if len(kernel.shape) == 1:
        kernel = p.reshape(kernel, (1, *kernel.shape))
        result = p.linear(floating(input, 'linear'), kernel, None)
        value = p.reshape(result, result.shape[:-1])
        return wrap(value if bias is None else p.binary('add', value, read(bias)), input.dtype)
    return wrap(p.linear(floating(input, 'Linear'), kernel, optional(bias)), input.dtype)


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x1^T W x2 + bias, weight [out, in1, in2]."""
    _, first, second = weight.shape
    if input1.shape[-1] != first or input2.shape[-1] != second:
        raise ShapeMismatch(
            f'bilinear(): the inputs\' last dims ({input1.shape[-1]} and {input2.shape[-1]}) do not fit the weight '
            f'({first} and {second})'
        )
    result = einsum('...i,oij,...j->...o', input1, weight, input2)
    return result if bias is None else result + bias


def embedding(
    input: Tensor, weight: Tensor, padding_idx: int | None = None, max_norm: float | None = None, norm_type: float = 2.0,
    scale_grad_by_freq: bool = False, sparse: bool = False,
) -> Tensor:  # fmt: skip
    """Rows of weight [n, d] by index; the padding row gets no gradient."""
    if max_norm is not None:
        raise UnsupportedOp('an embedding with max_norm')
    if scale_grad_by_freq:
        raise UnsupportedOp('an embedding with scale_grad_by_freq')
    indices = read(input)
    if indices.dtype == 'float':
        raise BadState(
            f'Expected tensor for argument #1 \'indices\' to have one of the following scalar types: Long, Int; but got '
            f'{input.dtype} instead (while checking arguments for embedding)'
        )
    table = read(weight)
    row = None if padding_idx is None else padding_idx % table.shape[0]
    value = emit(
        'embedding', {'paddingIndex': row}, (table, p.cast(indices, 'int')), indices.shape + table.shape[1:], 'float'
    )
    return wrap(value, weight.dtype)


def embedding_bag(
    input: Tensor, weight: Tensor, offsets: Any = None, max_norm: Any = None, norm_type: float = 2,
    scale_grad_by_freq: bool = False, mode: str = 'mean', sparse: bool = False, per_sample_weights: Any = None,
    include_last_offset: bool = False, padding_idx: int | None = None,
) -> Tensor:  # fmt: skip
    """The sum, mean or maximum of each bag's rows; bags are the rows of a matrix of indices."""
    if input.ndim != 2 or offsets is not None:
        raise UnsupportedOp('an embedding bag with offsets', 'give it a matrix of indices, one row a bag')
    if padding_idx is not None and mode != 'sum':
        raise UnsupportedOp('an embedding bag with padding_idx and a mean or maximum')
    rows = embedding(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.unsqueeze(-1)
    if mode == 'sum':
        return rows.sum(1)
    return rows.mean(1) if mode == 'mean' else rows.amax(1)
