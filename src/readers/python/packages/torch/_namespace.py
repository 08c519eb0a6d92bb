"""The functions of `torch` itself."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

from gradient_lens.errors import BadState
from gradient_lens.shapes import broadcast_all

from . import _types
from ._ops import arithmetic, creation, elementwise, further, gathering, joining, products, random, rearranging, reductions, shaping
from ._ops import sparse as sparse_ops
from ._ops.creation import typed_tensor
from ._ops.erfinv import erfinv as erfinv
from ._tensor import Tensor
from ._types import Size, bool_, dtype, float16, float32, float64, int8, int32, int64, promote, short, uint8

inf, nan, pi, e = math.inf, math.nan, math.pi, math.e

_FUNCTIONS = {
    elementwise: 'exp expm1 exp2 log log1p log2 log10 sqrt rsqrt reciprocal sin cos tan asin arcsin acos arccos atan '
    'arctan sinh cosh tanh sigmoid erf erfc neg negative abs absolute sign sgn square relu floor ceil round trunc fix frac '
    'deg2rad rad2deg logit clamp clip clamp_min clamp_max logical_not bitwise_not isnan isinf isfinite nan_to_num clone '
    'positive softmax log_softmax',
    arithmetic: 'add sub rsub mul div floor_divide remainder fmod pow float_power maximum minimum fmax fmin atan2 arctan2 '
    'hypot lerp addcmul addcdiv logaddexp eq ne not_equal lt less le less_equal gt greater ge greater_equal logical_and '
    'logical_or logical_xor bitwise_and bitwise_or bitwise_xor where masked_fill isclose equal allclose subtract multiply '
    'divide true_divide',
    reductions: 'sum nansum mean prod logsumexp var std var_mean std_mean norm amax amin aminmax argmax argmin max min any '
    'all count_nonzero cumsum cumprod sort argsort topk kthvalue median diff dist',
    shaping: 'reshape flatten ravel unflatten permute transpose swapaxes swapdims t movedim moveaxis squeeze unsqueeze '
    'broadcast_to tile repeat_interleave narrow select unbind split chunk tensor_split',
    rearranging: 'flip fliplr flipud rot90 roll tril triu diagonal diag diag_embed trace pixel_shuffle pixel_unshuffle '
    'channel_shuffle',
    joining: 'cat concat concatenate stack hstack vstack row_stack dstack column_stack meshgrid cartesian_prod '
    'broadcast_tensors block_diag numel',
    products: 'matmul mm bmm mv dot outer ger inner addmm addmv baddbmm chain_matmul tensordot kron einsum',
    creation: 'zeros ones full empty zeros_like ones_like empty_like full_like tensor from_numpy asarray scalar_tensor '
    'arange linspace logspace eye tril_indices triu_indices hann_window hamming_window',
    gathering: 'index_select take gather take_along_dim scatter scatter_add index_add index_copy masked_select nonzero',
    random: 'randn rand randn_like rand_like randint randint_like randperm normal bernoulli multinomial poisson',
    sparse_ops: 'spmm sparse_coo_tensor',
    further: f'{further.BOTH} {further.FUNCTIONS}',
}
for _module, _names in _FUNCTIONS.items():
    for _name in _names.split():
        globals()[_name] = getattr(_module, _name)

as_tensor = creation.as_tensor_of
_TYPES = (
    'Generator bfloat16 cdouble cfloat channels_last channels_last_3d complex64 complex128 '
    'contiguous_format double finfo float16 float32 float64 half iinfo int8 int16 int32 int64 layout long '
    'memory_format preserve_format short strided uint8'
)
for _name in _TYPES.split():
    globals()[_name] = getattr(_types, _name)
_IN_PLACE = 'relu sigmoid tanh exp sqrt abs neg clamp'.split()


def _in_place_function(name: str) -> Any:
    def function(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return getattr(input, name)(*args, **kwargs)

    function.__name__ = name
    return function


for _name in _IN_PLACE:
    globals()[f'{_name}_'] = _in_place_function(f'{_name}_')

FloatTensor = typed_tensor('FloatTensor', float32)
DoubleTensor = typed_tensor('DoubleTensor', float64)
HalfTensor = typed_tensor('HalfTensor', float16)
LongTensor = typed_tensor('LongTensor', int64)
IntTensor = typed_tensor('IntTensor', int32)
ShortTensor = typed_tensor('ShortTensor', short)
ByteTensor = typed_tensor('ByteTensor', uint8)
CharTensor = typed_tensor('CharTensor', int8)
BoolTensor = typed_tensor('BoolTensor', bool_)


def range(start: Any, end: Any, step: Any = 1, **options: Any) -> Tensor:  # noqa: A001
    """Deprecated in PyTorch: includes the end."""
    return creation.arange(float(start), end + step, step, **options)


def is_tensor(obj: Any) -> bool:
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> bool:
    return input.is_floating_point()


def is_complex(input: Tensor) -> bool:
    return input.is_complex()


def is_storage(obj: Any) -> bool:
    return False


def typename(obj: Any) -> str:
    return type(obj).__name__


def broadcast_shapes(*shapes: Any) -> Size:
    return Size(broadcast_all((shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes))


def promote_types(type1: dtype, type2: dtype) -> dtype:
    return promote(type1, type2)


def result_type(a: Any, b: Any) -> dtype:
    from ._convert import pair

    return pair(a, b)[2]


def get_default_dtype() -> dtype:
    return float32


def get_default_device() -> Any:
    from ._types import device

    return device('cpu')


def set_default_dtype(d: dtype) -> None:
    if d.kind != 'float':
        raise BadState('only floating-point types are supported as the default type')


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


set_default_tensor_type = set_default_device = set_num_threads = set_num_interop_threads = set_printoptions = _nothing
use_deterministic_algorithms = set_float32_matmul_precision = set_deterministic_debug_mode = _nothing
save = _nothing


def manual_seed(seed: Any) -> Any:
    from ._types import Generator

    return Generator()


def seed() -> int:
    return 0


initial_seed = seed


def get_num_threads() -> int:
    return 1


def is_grad_enabled() -> bool:
    from gradient_lens.session import session

    return session.grad


def is_inference_mode_enabled() -> bool:
    return False


def are_deterministic_algorithms_enabled() -> bool:
    return False


def is_autocast_enabled(*args: Any) -> bool:
    return False


def compile(model: Any = None, **options: Any) -> Any:  # noqa: A001
    """Compilation changes nothing here; with options alone it decorates."""
    return model if model is not None else lambda function: function


def load(f: Any, *args: Any, **kwargs: Any) -> Any:
    """A checkpoint: its contents are unknown, and so are weights that are set from it."""
    from gradient_lens.inert import Inert

    return Inert('torch.load(...)')


def autocast(*args: Any, **kwargs: Any) -> Any:
    from ._submodules import PassThrough

    return PassThrough()


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    from .nn._functional.dropout import dropout as function

    return function(input, p, train)


#: What `torch` takes over: everything here but what this file is made of. Python's own type names mean number formats.
_HELPERS = ('Any', 'BadState', 'ModuleType', 'annotations', 'broadcast_all', 'math', 'promote', 'typed_tensor')
NAMES: dict[str, Any] = {
    name: item
    for name, item in list(globals().items())
    if not name.startswith('_') and name not in _HELPERS and not isinstance(item, ModuleType)
}
NAMES.update(bool=bool_, float=float32, int=int32)
