"""Methods about type, device and memory: casts, fills, copies. Devices change nothing."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.concrete import known
from gradient_lens.errors import BadType, DataDependent, UnsupportedOp
from gradient_lens.session import session
from gradient_lens.shapes import broadcast
from gradient_lens.value import constant

from .._complex import as_complex
from .._convert import as_tensor
from .._tensor import Tensor, assign, read, touch, wrap
from .._types import (
    bool_,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
)
from .._types import bfloat16 as _bfloat16
from .._types import dtype as Dtype
from .shaping import permute, squeeze, transpose, unsqueeze


def _cast(input: Tensor, of: Dtype) -> Tensor:
    if input.dtype is of:
        return input
    if of.is_complex:
        return as_complex(input)
    if input.dtype.kind == of.kind and input._record is not None:
        # Number formats of one kind are not told apart: a parameter stays itself.
        return input
    return wrap(p.cast(read(input), of.kind), of)


def to(
    input: Tensor, *args: Any, device: Any = None, dtype: Any = None, non_blocking: Any = False, copy: Any = False,
    memory_format: Any = None,
) -> Tensor:  # fmt: skip
    for argument in (*args, dtype):
        if isinstance(argument, Dtype):
            return _cast(input, argument)
        if isinstance(argument, Tensor):
            return _cast(input, argument.dtype)
    return wrap(read(input), input.dtype) if copy else input


def cuda(input: Tensor, device: Any = None, non_blocking: Any = False, memory_format: Any = None) -> Tensor:
    return input


def cpu(input: Tensor, memory_format: Any = None) -> Tensor:
    return input


xpu = cuda


def pin_memory(input: Tensor, device: Any = None) -> Tensor:
    return input


def share_memory_(input: Tensor) -> Tensor:
    return input


def record_stream(input: Tensor, stream: Any) -> None:
    return None


def float(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, float32)


def double(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, float64)


def half(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, float16)


def bfloat16(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, _bfloat16)


def long(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, int64)


def int(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, int32)


def short(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, int16)


def byte(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, uint8)


def char(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, int8)


def bool(input: Tensor, memory_format: Any = None) -> Tensor:
    return _cast(input, bool_)


_TYPE_NAMES = {
    'torch.FloatTensor': float32,
    'torch.cuda.FloatTensor': float32,
    'torch.LongTensor': int64,
    'torch.cuda.LongTensor': int64,
    'torch.IntTensor': int32,
    'torch.DoubleTensor': float64,
    'torch.HalfTensor': float16,
    'torch.ByteTensor': uint8,
    'torch.BoolTensor': bool_,
}


def type(input: Tensor, dtype: Any = None, non_blocking: Any = False) -> Any:
    if dtype is None:
        return next((name for name, of in _TYPE_NAMES.items() if of is input.dtype), 'torch.FloatTensor')
    if isinstance(dtype, Dtype):
        return _cast(input, dtype)
    name = dtype if isinstance(dtype, str) else f'torch.{getattr(dtype, "__name__", "")}'
    if name not in _TYPE_NAMES:
        raise BadType(f'invalid type: {name!r}')
    return _cast(input, _TYPE_NAMES[name])


def type_as(input: Tensor, other: Tensor) -> Tensor:
    return _cast(input, other.dtype)


def numpy(input: Tensor, *, force: Any = False) -> Any:
    """An array of the NumPy stand-in; its elements are unknown where the tensor's are."""
    import numpy

    if session.recording and not read(input).static:
        raise DataDependent('What .numpy() gives')
    elements = known(read(input))
    if elements is not None and len(elements) == 1:
        elements = elements * input.numel()
    return numpy.ndarray._make(tuple(input.shape), input.dtype.kind, elements)


def contains(self: Tensor, item: Any) -> Any:
    return (self == item).any().item()


def transposed(self: Tensor) -> Tensor:
    return permute(self, *reversed(range(self.ndim)))


def matrix_transposed(self: Tensor) -> Tensor:
    return transpose(self, -2, -1)


# ---- in place ----


def fill_(self: Tensor, value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return assign(self, p.broadcast_to(p.cast(read(value), self.dtype.kind), self.shape))
    return assign(self, p.fill(value, self.shape, self.dtype.kind))


def zero_(self: Tensor) -> Tensor:
    return assign(self, p.fill(0, self.shape, self.dtype.kind))


def copy_(self: Tensor, src: Any, non_blocking: Any = False) -> Tensor:
    value = p.cast(read(as_tensor(src)), self.dtype.kind)
    broadcast(value.shape, tuple(self.shape))
    return assign(self, p.broadcast_to(value, self.shape))


set_ = copy_


def fill_diagonal_(self: Tensor, fill_value: Any, wrap: Any = False) -> Tensor:
    if self.ndim != 2:
        raise UnsupportedOp('fill_diagonal_ of a tensor that is not a matrix')
    rows, columns = self.shape
    mask = constant([i == j for i in range(rows) for j in range(columns)], (rows, columns), 'bool')
    return assign(self, p.where(mask, p.fill(fill_value, (), self.dtype.kind), read(self)))


def masked_fill_(self: Tensor, mask: Tensor, value: Any) -> Tensor:
    from .arithmetic import masked_fill

    return assign(self, read(masked_fill(self, mask, value)))


def index_put_(self: Tensor, indices: Any, values: Any, accumulate: Any = False) -> Tensor:
    if accumulate:
        raise UnsupportedOp('index_put_ with accumulate=True')
    self[tuple(indices)] = values
    return self


def index_fill(self: Tensor, dim: Any, index: Tensor, value: Any) -> Tensor:
    result = wrap(read(self), self.dtype)
    moved = result.movedim(dim, 0)
    moved[index] = value
    return moved.movedim(0, dim)


def masked_scatter(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    raise UnsupportedOp('Tensor.masked_scatter')


def _becomes(self: Tensor, other: Tensor) -> Tensor:
    """In-place changes of shape: the tensor turns into a view of what it was."""
    before = wrap(read(self), self.dtype)
    before._strides = self._strides
    self._value, self.shape, self._strides = read(other), other.shape, other._strides
    touch(self)
    return self


def unsqueeze_(self: Tensor, dim: Any) -> Tensor:
    return _becomes(self, unsqueeze(self, dim))


def squeeze_(self: Tensor, dim: Any = None) -> Tensor:
    return _becomes(self, squeeze(self, dim))


def transpose_(self: Tensor, dim0: Any, dim1: Any) -> Tensor:
    return _becomes(self, transpose(self, dim0, dim1))


def t_(self: Tensor) -> Tensor:
    return transpose_(self, 0, 1)


def new(self: Tensor, *args: Any) -> Tensor:
    from .creation import legacy_value

    return wrap(legacy_value(args, self.dtype.kind), self.dtype)


def where(self: Tensor, condition: Tensor, other: Any) -> Tensor:
    from .arithmetic import where as choose

    return choose(condition, self, other)
