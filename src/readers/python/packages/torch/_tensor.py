"""The tracing tensor: a value of the graph, a dtype, and what aliases it.

Methods live in `_ops` and are bound by `_binding`, memory that tensors share is in `_memory`; here is what every tensor
has.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Callable, Self

from gradient_lens.errors import BadState, UnsupportedOp
from gradient_lens.concrete import known
from gradient_lens.inert import Inert, text_number
from gradient_lens.session import session
from gradient_lens.strides import contiguous_strides, is_contiguous
from gradient_lens.value import Value, cut

from ._memory import Memory as Memory
from ._memory import View as View
from ._memory import assign as assign
from ._memory import attach as attach
from ._memory import detached, replace
from ._memory import read as read
from ._memory import touch as touch
from ._numbers import nested_list, number
from ._types import DEFAULT, Size, device, dtype, layout, strided
from ._unfollowed import METHODS

_CPU = device('cpu')


if TYPE_CHECKING:

    def _bound(self: Tensor, other: Any) -> Any: ...


class Tensor:
    """A tensor of known shape; what flows through it is known only where it is static."""

    _value: Value
    dtype: dtype
    shape: Size
    _strides: tuple[int, ...] | None = None
    _view: View | None = None
    _memory: Memory | None = None
    _seen = 0
    #: The `ParameterRecord` of a parameter.
    _record: Any = None
    _needs_grad = False
    device = _CPU
    layout: layout = strided
    grad: Any = None
    grad_fn: Any = None
    is_cuda = is_sparse = is_quantized = is_meta = is_mps = is_xpu = is_sparse_csr = is_mkldnn = is_nested = False
    is_ipu = is_ort = is_vulkan = is_cpu = retains_grad = volatile = False
    names: Any = None
    name: str | None = None
    output_nr = 0

    if TYPE_CHECKING:
        # Bound by `_binding`.
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _bound
        __floordiv__ = __mod__ = __pow__ = __rpow__ = __and__ = __or__ = __xor__ = __matmul__ = _bound
        __lt__ = __le__ = __gt__ = __ge__ = __getitem__ = _bound

        def __neg__(self) -> Tensor: ...
        def __invert__(self) -> Tensor: ...
        def __setitem__(self, key: Any, value: Any) -> None: ...

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        return object.__new__(cls)

    def __init__(self, *args: Any, device: Any = None) -> None:
        from ._ops.creation import legacy_value

        value = legacy_value(args, 'float')
        self._value = value
        self.dtype = DEFAULT[value.dtype]
        self.shape = Size(value.shape)

    # ---- what it is ----

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def is_leaf(self) -> bool:
        return not self.requires_grad or self._record is not None

    @property
    def requires_grad(self) -> bool:
        return self._needs_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self._needs_grad = bool(value)
        recorder = session.recorder
        if value and recorder is not None and self._value.node.op == 'input':
            recorder.asked.add(self._value.node)

    @property
    def data(self) -> Tensor:
        return self.detach()

    @data.setter
    def data(self, value: Tensor) -> None:
        if self._record is not None:
            self._record.write(read(value))
        else:
            self._value, self._view = read(value), None
        self.shape = Size(value.shape)
        touch(self)

    def detach(self) -> Tensor:
        """Shares the memory, cuts the gradient."""
        record = self._record
        if record is not None:
            result = wrap(record.contents, self.dtype)
            # A parameter's memory is what it starts with while the model is set up, and its node in the forward pass.
            derive: Callable[[Value], Value] = lambda _: cut(record.value) if session.recording else record.contents
            if session.recording:
                result._value = cut(record.value)
        else:
            derive = detached
            result = wrap(derive(read(self)), self.dtype)
        attach(result, View(self, derive, replace, True), self._strides)
        if record is not None:
            result._seen = -1
        return result

    def detach_(self) -> Tensor:
        self._value = detached(read(self))
        return self

    def numel(self) -> int:
        return self.shape.numel()

    nelement = numel

    def dim(self) -> int:
        return len(self.shape)

    ndimension = dim

    def size(self, dim: int | None = None) -> Any:
        return self.shape if dim is None else self.shape[dim]

    def stride(self, dim: int | None = None) -> Any:
        strides = self._strides or contiguous_strides(self.shape)
        return strides if dim is None else strides[dim]

    def is_contiguous(self, memory_format: Any = None) -> bool:
        return self._strides is None or is_contiguous(self.shape, self._strides)

    def is_floating_point(self) -> bool:
        return self.dtype.is_floating_point

    def is_complex(self) -> bool:
        return self.dtype.is_complex

    def element_size(self) -> int:
        return self.dtype.itemsize

    @property
    def itemsize(self) -> int:
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        return self.numel() * self.dtype.itemsize

    def storage_offset(self) -> int:
        return 0

    def data_ptr(self) -> int:
        return id(self)

    def get_device(self) -> int:
        return -1

    # ---- Python's own protocols ----

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError('len() of a 0-d tensor')
        return self.shape[0]

    def __hash__(self) -> int:
        return id(self)

    def __iter__(self) -> Any:
        if not self.shape:
            raise TypeError('iteration over a 0-d tensor')
        return iter(self.unbind(0))  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        elements = known(read(self))
        if elements is not None and self.numel() <= 64:
            return f'tensor({self.tolist()})'
        return f'tensor(shape={list(self.shape)}, dtype={self.dtype})'

    def __format__(self, specification: str) -> str:
        if not self.shape and specification:
            return format(self.item(), specification)
        return repr(self)

    def __bool__(self) -> bool:
        if self.numel() != 1:
            raise BadState('Boolean value of Tensor with more than one value is ambiguous')
        known_number = self._number('This condition', 'condition')
        # Where nobody knows, a script goes on as if the condition did not hold.
        return False if isinstance(known_number, Inert) else bool(known_number)

    def __float__(self) -> float:
        return float(text_number(self._number('This number', 'float(tensor)')))

    def __int__(self) -> int:
        return int(text_number(self._number('This number', 'int(tensor)')))

    def __index__(self) -> int:
        if self.dtype.kind == 'float':
            raise TypeError('only integer tensors of a single element can be converted to an index')
        return int(self._number('This number', 'tensor'))

    def __round__(self, digits: int | None = None) -> Any:
        return round(float(self), digits)

    def item(self) -> Any:
        return self._number('The number that .item() gives', 'tensor.item()')

    def tolist(self) -> Any:
        return nested_list(self)

    def _number(self, what: str, label: str) -> Any:
        return number(self, what, label)

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        twin = memo.get(id(self))
        if twin is None:
            twin = memo[id(self)] = wrap(read(self), self.dtype)
            twin.requires_grad = self.requires_grad
        return twin

    def __copy__(self) -> Tensor:
        return copy.deepcopy(self)

    # ---- gradients ----

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        self.requires_grad = requires_grad
        return self

    def retain_grad(self) -> None:
        return None

    def backward(self, gradient: Any = None, retain_graph: Any = None, create_graph: bool = False, inputs: Any = None) -> None:
        """Gradients are measured by the trainer; here the call only says that there are some."""
        if session.recording:
            raise UnsupportedOp('backward() inside the forward pass')
        session.backward_seen = True

    def register_hook(self, hook: Any) -> Any:
        """Accepted and not called: a hook would change gradients in a way that is not followed."""
        if session.recording:
            raise UnsupportedOp('Tensor.register_hook in the forward pass', 'gradients changed by a hook are not followed')
        return None

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return self.numpy()  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(f"'Tensor' object has no attribute '{name}'")

        def refuse(*args: Any, **kwargs: Any) -> Any:
            raise UnsupportedOp(f'Tensor.{name}')

        if name in METHODS:
            return refuse
        raise AttributeError(f"'Tensor' object has no attribute '{name}'")


def wrap(value: Value, of: dtype | None = None) -> Tensor:
    """A tensor for a value, which is real.

    Raises:
        UnsupportedOp: for a complex type, whose tensors `_complex` makes.
    """
    if of is not None and of.is_complex:
        raise UnsupportedOp(f'an op that gives numbers of type {of}')
    tensor = object.__new__(Tensor)
    tensor._value = value
    tensor.dtype = of if of is not None and of.kind == value.dtype else DEFAULT[value.dtype]
    tensor.shape = Size(value.shape)
    if value.live:
        tensor._needs_grad = True
    return tensor
