"""Functions with weights that multiply: linear, bilinear, embedding."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.concrete import known
from gradient_lens.errors import BadState, ShapeMismatch, UnsupportedOp
from gradient_lens.session import session
from gradient_lens.spans import here
from gradient_lens.value import emit

from ..._ops.creation import tensor, zeros
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
    if input.ndim == 1 and offsets is not None:
        rows = embedding(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
        return _bags(rows, offsets, mode, per_sample_weights, include_last_offset, padding_idx)
    if input.ndim != 2 or offsets is not None:
        raise ShapeMismatch('embedding_bag: a matrix of indices takes no offsets, a row of them needs some')
    if padding_idx is not None and mode != 'sum':
        raise UnsupportedOp('an embedding bag with padding_idx and a mean or maximum')
    rows = embedding(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.unsqueeze(-1)
    if mode == 'sum':
        return rows.sum(1)
    return rows.mean(1) if mode == 'mean' else rows.amax(1)


def _bags(rows: Any, offsets: Any, mode: str, shares: Any, last: bool, padding_idx: int | None) -> Tensor:
    """Rows [n, d] added up from each offset to the next; the offsets have to be known, or to be an input."""
    starts = known(read(offsets)) or _evenly(offsets, rows.shape[0], last)
    if starts is None or mode not in ('sum', 'mean') or (padding_idx is not None and mode == 'mean'):
        raise UnsupportedOp(
            'an embedding bag with these offsets', 'sums and means over offsets that are an input, or fixed by the model itself, are followed'
        )
    starts = [int(n) for n in starts][: -1 if last else None]
    stops = [*starts[1:], rows.shape[0]]
    numbers = [bag for bag, (start, stop) in enumerate(zip(starts, stops)) for _ in range(start, stop)]
    if shares is not None:
        rows = rows * shares.unsqueeze(-1)
    empty: Any = zeros(len(starts), rows.shape[1], dtype=rows.dtype)
    total = empty.index_add(0, tensor(numbers), rows)
    if mode == 'sum':
        return total
    return total / tensor([[float(max(1, stop - start))] for start, stop in zip(starts, stops)])


def _evenly(offsets: Tensor, length: int, last: bool) -> list[int] | None:
    """Offsets that are an input: made-up ones, of bags that are equally full as far as that goes."""
    value, recorder = read(offsets), session.recorder
    while value.node.op in ('cast', 'identity', 'detach'):
        value = value.node.inputs[0]
    if recorder is None or value.node.op != 'input' or value.node.owner is not recorder or len(value.shape) != 1:
        return None
    bags = value.shape[0] - (1 if last else 0)
    if bags < 1:
        return None
    recorder.guess(
        f'Which of the {length} looked-up rows belong together depends on the data; {bags} bags of equal size are taken.', here()
    )
    return [bag * length // bags for bag in range(value.shape[0])]
