"""Makes the ops of `_ops` methods of `Tensor`, with their in-place forms and Python's operators."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Callable

from gradient_lens.errors import UnsupportedOp


from ._convert import is_operand
from ._ops import arithmetic, creation, elementwise, further, gathering, indexing, moving, products, random, rearranging, reductions, sparse
from ._ops.erfinv import erfinv
from ._ops import shaping
from ._tensor import Tensor, assign, read

_ELEMENTWISE = (
    'exp expm1 exp2 log log1p log2 log10 sqrt rsqrt reciprocal sin cos tan asin arcsin acos arccos atan arctan sinh cosh '
    'tanh sigmoid erf erfc neg negative abs absolute sign sgn square relu floor ceil round trunc fix frac deg2rad rad2deg '
    'logit clamp clip clamp_min clamp_max logical_not bitwise_not nan_to_num'
)
_PAIRS = (
    'add sub mul div floor_divide remainder fmod pow float_power atan2 arctan2 lerp addcmul addcdiv subtract multiply '
    'divide true_divide logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor eq ne lt le gt ge masked_fill '
    'hypot'
)
_INDEXED = 'scatter scatter_add index_add index_copy'
_COMPARED = 'less less_equal greater greater_equal not_equal'
_SHAPED = 'tril triu cumsum cumprod addmm addmv baddbmm'

_ONLY_METHODS: dict[Any, str] = {
    elementwise: 'isnan isinf isfinite clone positive softmax log_softmax',
    arithmetic: 'maximum minimum fmax fmin isclose equal allclose not_equal less less_equal greater greater_equal '
    'logaddexp',
    reductions: 'sum nansum mean prod logsumexp var std norm amax amin aminmax argmax argmin max min any all count_nonzero '
    'sort argsort topk kthvalue median diff dist',
    shaping: 'reshape view view_as reshape_as contiguous flatten ravel unflatten permute transpose swapaxes swapdims t '
    'movedim moveaxis squeeze unsqueeze expand expand_as broadcast_to repeat tile repeat_interleave narrow select unbind '
    'split split_with_sizes chunk tensor_split',
    rearranging: 'flip fliplr flipud rot90 roll unfold diagonal diag diag_embed trace',
    gathering: 'index_select take gather masked_select nonzero',
    products: 'matmul mm bmm mv dot outer ger inner kron',
    sparse: 'to_sparse to_sparse_coo to_sparse_csr to_sparse_csc to_dense coalesce',
    creation: 'new_zeros new_ones new_empty new_full new_tensor',
    random: 'normal_ uniform_ bernoulli bernoulli_ random_ exponential_ cauchy_ log_normal_ geometric_ multinomial',
    moving: 'to cuda cpu float double half bfloat16 long int short byte char bool type type_as numpy pin_memory '
    'share_memory_ record_stream xpu fill_ zero_ copy_ fill_diagonal_ unsqueeze_ squeeze_ t_ transpose_ set_ '
    'new where index_fill masked_scatter index_put_ masked_fill_',
}

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    'add': arithmetic.add,
    'sub': arithmetic.sub,
    'mul': arithmetic.mul,
    'truediv': arithmetic.div,
    'floordiv': arithmetic.floor_divide,
    'mod': arithmetic.remainder,
    'pow': arithmetic.pow,
    'and': arithmetic.bitwise_and,
    'or': arithmetic.bitwise_or,
    'xor': arithmetic.bitwise_xor,
    'matmul': products.matmul,
}
_COMPARISONS = {name: getattr(arithmetic, name) for name in ('eq', 'ne', 'lt', 'le', 'gt', 'ge')}


def in_place(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The form that writes its result into the tensor."""

    @functools.wraps(function)
    def wrapped(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return assign(self, read(function(self, *args, **kwargs)))

    return wrapped


def _forward(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def operator(self: Tensor, other: Any) -> Any:
        return function(self, other) if is_operand(other) else NotImplemented

    return operator


def _reflected(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def operator(self: Tensor, other: Any) -> Any:
        return function(other, self) if is_operand(other) else NotImplemented

    return operator


def _augmented(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def operator(self: Tensor, other: Any) -> Any:
        return assign(self, read(function(self, other))) if is_operand(other) else NotImplemented

    return operator


def bind() -> None:
    """Puts all methods on `Tensor`."""
    both: dict[Any, str] = {elementwise: _ELEMENTWISE, arithmetic: _PAIRS, gathering: _INDEXED}
    for module, names in both.items():
        for name in names.split():
            _bind_both(module, name)
    for name in f'{further.BOTH} {further.METHODS}'.split():
        setattr(Tensor, name, getattr(further, name))
    for name in further.IN_PLACE.split():
        setattr(Tensor, f'{name}_', in_place(getattr(further, name)))
    for name in _COMPARED.split():
        setattr(Tensor, f'{name}_', in_place(getattr(arithmetic, name)))
    for name in ('index_fill', 'masked_scatter'):
        setattr(Tensor, f'{name}_', in_place(getattr(moving, name)))
    setattr(Tensor, 'take_along_dim', gathering.take_along_dim)
    setattr(Tensor, 'erfinv', erfinv)
    for name in ('swapaxes_', 'swapdims_'):
        setattr(Tensor, name, moving.transpose_)
    for name in _SHAPED.split():
        homes: list[Any] = [rearranging, reductions, products]
        home = next(module for module in homes if hasattr(module, name))
        _bind_both(home, name)
    for module, names in _ONLY_METHODS.items():
        for name in names.split():
            setattr(Tensor, name, getattr(module, name))
    for name, function in _OPERATORS.items():
        setattr(Tensor, f'__{name}__', _forward(function))
        setattr(Tensor, f'__r{name}__', _reflected(function))
        setattr(Tensor, f'__i{name}__', _augmented(function))
    for name, function in _COMPARISONS.items():
        setattr(Tensor, f'__{name}__', _forward(function))
    for name, function in (
        ('__neg__', elementwise.neg),
        ('__pos__', elementwise.positive),
        ('__abs__', elementwise.abs),
        ('__invert__', elementwise.bitwise_not),
        ('__getitem__', indexing.getitem),
        ('__setitem__', indexing.setitem),
        ('__contains__', moving.contains),
    ):
        setattr(Tensor, name, function)
    for name, function in (
        ('T', moving.transposed),
        ('mT', moving.matrix_transposed),
        ('H', moving.matrix_transposed),
        ('mH', moving.matrix_transposed),
    ):
        setattr(Tensor, name, property(function))
    setattr(Tensor, 'real', property(elementwise.positive))
    setattr(Tensor, 'imag', property(_refuse('Tensor.imag')))


def _bind_both(module: ModuleType, name: str) -> None:
    function = getattr(module, name)
    setattr(Tensor, name, function)
    setattr(Tensor, f'{name}_', in_place(function))


def _refuse(name: str) -> Callable[[Tensor], Any]:
    def refuse(self: Tensor) -> Any:
        raise UnsupportedOp(name)

    return refuse



