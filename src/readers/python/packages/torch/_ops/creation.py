"""Tensors made of known numbers."""

from __future__ import annotations

import math
from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadType, TooLarge
from gradient_lens.initialisers import UNINITIALISED, unknown
from gradient_lens.value import STATIC_LIMIT, Value, constant, drawn

from .._complex import as_complex
from .._convert import as_tensor, constant_of, size, sizes
from .._tensor import Tensor, read, wrap
from .._types import DEFAULT, Size, float32, int64
from .._types import dtype as Dtype

#: Longest range or identity that is written out element by element.
_WRITTEN_OUT = 1_000_000


def _shape(args: tuple[Any, ...], given: Any) -> tuple[int, ...]:
    return sizes((given,) if given is not None else args)


def _made(value: Value, dtype: Dtype | None, requires_grad: bool = False) -> Tensor:
    tensor = wrap(value, dtype) if dtype is None or not dtype.is_complex else as_complex(wrap(value, float32))
    if requires_grad:
        tensor.requires_grad = True
    return tensor


def _filled(number: float, shape: Sequence[int], dtype: Dtype | None, requires_grad: bool = False) -> Tensor:
    of = dtype or float32
    return _made(p.fill(number, shape, of.kind), of, requires_grad)


def zeros(
    *shape: Any, size: Any = None, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, pin_memory: bool = False, out: Any = None,
) -> Tensor:  # fmt: skip
    return _filled(0, _shape(shape, size), dtype, requires_grad)


def ones(
    *shape: Any, size: Any = None, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, pin_memory: bool = False, out: Any = None,
) -> Tensor:  # fmt: skip
    return _filled(1, _shape(shape, size), dtype, requires_grad)


def full(
    size: Any, fill_value: Any, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, pin_memory: bool = False, out: Any = None,
) -> Tensor:  # fmt: skip
    number = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
    return _filled(number, sizes((size,)), dtype or DEFAULT[p.kind_of(number)], requires_grad)


def empty(
    *shape: Any, size: Any = None, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, pin_memory: bool = False, memory_format: Any = None, out: Any = None,
) -> Tensor:  # fmt: skip
    """Memory as it is found: its contents are unknown until the file sets them."""
    of = dtype or float32
    return _made(empty_value(_shape(shape, size), of.kind), of, requires_grad)


def empty_value(shape: tuple[int, ...], kind: str) -> Value:
    return drawn(unknown(UNINITIALISED, shape), shape, kind)


def _like(number: float | None, input: Tensor, dtype: Dtype | None, requires_grad: bool) -> Tensor:
    of = dtype or input.dtype
    if number is None:
        return _made(empty_value(tuple(input.shape), of.kind), of, requires_grad)
    return _filled(number, input.shape, of, requires_grad)


def zeros_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False, layout: Any = None,
    memory_format: Any = None,
) -> Tensor:  # fmt: skip
    return _like(0, input, dtype, requires_grad)


def ones_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False, layout: Any = None,
    memory_format: Any = None,
) -> Tensor:  # fmt: skip
    return _like(1, input, dtype, requires_grad)


def empty_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False, layout: Any = None,
    memory_format: Any = None,
) -> Tensor:  # fmt: skip
    return _like(None, input, dtype, requires_grad)


def full_like(
    input: Tensor, fill_value: Any, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, memory_format: Any = None,
) -> Tensor:  # fmt: skip
    return _like(fill_value, input, dtype, requires_grad)


def new_zeros(input: Tensor, *shape: Any, size: Any = None, dtype: Any = None, **options: Any) -> Tensor:
    return zeros(*shape, size=size, dtype=dtype or input.dtype, **options)


def new_ones(input: Tensor, *shape: Any, size: Any = None, dtype: Any = None, **options: Any) -> Tensor:
    return ones(*shape, size=size, dtype=dtype or input.dtype, **options)


def new_empty(input: Tensor, *shape: Any, size: Any = None, dtype: Any = None, **options: Any) -> Tensor:
    return empty(*shape, size=size, dtype=dtype or input.dtype, **options)


def new_full(input: Tensor, size: Any, fill_value: Any, *, dtype: Any = None, **options: Any) -> Tensor:
    return full(size, fill_value, dtype=dtype or input.dtype, **options)


def new_tensor(input: Tensor, data: Any, *, dtype: Any = None, **options: Any) -> Tensor:
    return tensor(data, dtype=dtype or input.dtype, **options)


def tensor(
    data: Any, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False
) -> Tensor:
    """A copy of Python numbers, of an array or of a tensor, cut off from gradients."""
    if isinstance(data, Tensor):
        return as_tensor(data.detach().clone(), dtype)
    if isinstance(data, (list, tuple)) and any(isinstance(item, Tensor) and not item.shape for item in data):
        from .joining import stack

        if any(not read(item).static for item in data if isinstance(item, Tensor)):
            return stack([as_tensor(item).detach() for item in data])
    made = as_tensor(data, dtype)
    if requires_grad:
        made.requires_grad = True
    return made


def as_tensor_of(data: Any, dtype: Dtype | None = None, device: Any = None) -> Tensor:
    return as_tensor(data, dtype)


def from_numpy(ndarray: Any) -> Tensor:
    return as_tensor(ndarray)


def asarray(obj: Any, *, dtype: Dtype | None = None, device: Any = None, copy: Any = None) -> Tensor:
    return as_tensor(obj, dtype)


def scalar_tensor(s: Any, *, dtype: Dtype | None = None, device: Any = None) -> Tensor:
    return as_tensor(float(s), dtype)


def arange(
    start: Any, end: Any = None, step: Any = 1, *, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False, layout: Any = None, out: Any = None,
) -> Tensor:  # fmt: skip
    """start + i * step, in float64 as PyTorch computes it."""
    if end is None:
        start, end = 0, start
    start, end, step = (n.item() if isinstance(n, Tensor) else n for n in (start, end, step))
    of = dtype or (float32 if any(isinstance(n, float) for n in (start, end, step)) else int64)
    count = max(0, math.ceil((end - start) / step))
    if count > _WRITTEN_OUT:
        raise TooLarge(f'torch.arange of {count} elements is more than is computed here')
    convert = float if of.kind == 'float' else int
    return _made(constant([convert(start + i * step) for i in range(count)], (count,), of.kind), of, requires_grad)


def linspace(
    start: Any, end: Any, steps: int, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, out: Any = None,
) -> Tensor:  # fmt: skip
    """`steps` numbers from start to end, both included."""
    steps = size(steps)
    start, end = float(start), float(end)
    gap = (end - start) / (steps - 1) if steps > 1 else 0.0
    half = steps // 2
    numbers = [start + gap * i if i < half else end - gap * (steps - 1 - i) for i in range(steps)]
    if steps == 1:
        numbers = [start]
    return _made(constant(numbers, (steps,), 'float'), dtype or float32, requires_grad)


def logspace(
    start: Any, end: Any, steps: int, base: float = 10.0, *, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    from .arithmetic import pow

    return pow(base, linspace(start, end, steps, dtype=dtype))


def eye(
    n: int, m: int | None = None, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None,
) -> Tensor:  # fmt: skip
    rows, columns = size(n), size(n if m is None else m)
    of = dtype or float32
    if rows * columns > STATIC_LIMIT and of.kind != 'float':
        # A comparison of places: what is drawn once is kept as floating-point numbers.
        down = constant(list(range(rows)), (rows, 1), 'int')
        across = constant(list(range(columns)), (1, columns), 'int')
        return _made(p.cast(p.binary('equal', down, across, result='bool'), of.kind), of, requires_grad)
    if rows * columns > STATIC_LIMIT:
        return _made(drawn({'kind': 'identity', 'gain': 1}, (rows, columns), of.kind), of, requires_grad)
    one, zero = {'float': (1.0, 0.0), 'int': (1, 0), 'bool': (True, False)}[of.kind]
    elements = [one if i == j else zero for i in range(rows) for j in range(columns)]
    return _made(constant(elements, (rows, columns), of.kind), of, requires_grad)


def tril_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None) -> Tensor:
    pairs = [(i, j) for i in range(row) for j in range(col) if j - i <= offset]
    return tensor([[i for i, _ in pairs], [j for _, j in pairs]], dtype=dtype or int64)


def triu_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None) -> Tensor:
    pairs = [(i, j) for i in range(row) for j in range(col) if j - i >= offset]
    return tensor([[i for i, _ in pairs], [j for _, j in pairs]], dtype=dtype or int64)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    from gradient_lens.value import emit

    value = p.cast(read(tensor), 'int')
    if num_classes < 0:
        num_classes = int(tensor.max()) + 1
    return wrap(emit('oneHot', {'classes': num_classes}, (value,), (*value.shape, num_classes), 'int'), int64)


def _window(size: int, periodic: bool, weight: Any) -> Tensor:
    n = size if periodic else size - 1
    return tensor([weight(2 * math.pi * i / max(n, 1)) for i in range(size)])


def hann_window(window_length: int, periodic: bool = True, *, dtype: Any = None, device: Any = None) -> Tensor:
    return _window(window_length, periodic, lambda x: 0.5 - 0.5 * math.cos(x))


def hamming_window(window_length: int, periodic: bool = True, *, dtype: Any = None, device: Any = None) -> Tensor:
    return _window(window_length, periodic, lambda x: 0.54 - 0.46 * math.cos(x))


def legacy_value(args: tuple[Any, ...], kind: str) -> Value:
    """What `torch.Tensor(...)`, `torch.LongTensor(...)` and their kin hold: sizes, or data."""
    if not args:
        return constant([], (0,), kind)
    if len(args) == 1 and not isinstance(args[0], int):
        if isinstance(args[0], Size):
            return empty_value(tuple(args[0]), kind)
        if isinstance(args[0], Tensor):
            return p.cast(read(args[0]), kind)
        of = DEFAULT[kind]
        return constant_of(args[0], of)[0] if isinstance(args[0], (list, tuple)) else read(as_tensor(args[0], of))
    if not all(isinstance(n, int) for n in args):
        raise BadType('new(): data must be a sequence or sizes must be ints')
    return empty_value(tuple(args), kind)


def typed_tensor(name: str, of: Dtype) -> Any:
    """`torch.LongTensor` and its kin."""

    def make(*args: Any, device: Any = None) -> Tensor:
        return wrap(legacy_value(args, of.kind), of)

    make.__name__ = name
    return make
