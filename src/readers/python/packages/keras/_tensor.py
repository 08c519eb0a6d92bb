"""The tensor: a value of the graph. A symbolic one (from `Input`) also knows which call made it, so that it runs anew."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from gradient_lens.concrete import known
from gradient_lens.errors import BadType, DataDependent, UnsupportedOp
from gradient_lens.inert import Inert, inert_label, made_of, unknown_argument
from gradient_lens.parameter import ParameterRecord
from gradient_lens.session import session
from gradient_lens.spans import Span, here, pin
from gradient_lens.value import Value, constant
from gradient_lens.work import worked

from ._context import SYMBOLIC_BATCH, context
from ._types import DEFAULT, DType, TensorShape


class Runnable(Protocol):
    """A layer, or a function on tensors."""

    _inbound: list[Call]

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...

    def of_ours_alone(self) -> bool:
        """Whether none of the user's code runs in it."""
        ...


class Call:
    """One call with symbolic tensors among the arguments (a node of Keras' functional graph)."""

    __slots__ = ('operation', 'args', 'kwargs', 'inputs', 'outputs', 'structure', 'span')

    def __init__(
        self, operation: Runnable, args: tuple[Any, ...], kwargs: dict[str, Any], inputs: list[Tensor], span: Span | None
    ) -> None:
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.inputs = inputs
        self.outputs: list[Tensor] = []
        self.structure: Any = None
        self.span = span


class Tensor:
    """A tensor of known shape; its elements are known only where it is static."""

    _value: Value
    #: The call that made a symbolic tensor.
    _call: Call | None = None
    _record: ParameterRecord | None = None
    dtype: DType
    name: str = 'tensor'
    #: Which of its steps count (`_keras_mask`); None where all do.
    _mask: Tensor | None = None
    #: Sizes that `Input` left open, by axis.
    _open: frozenset[int] = frozenset()

    @property
    def shape(self) -> TensorShape:
        sizes = read(self).shape
        if self._call is not None:
            return TensorShape(
                None if axis in self._open or (axis == 0 and size == SYMBOLIC_BATCH) else size
                for axis, size in enumerate(sizes)
            )
        return TensorShape(sizes)

    @property
    def ndim(self) -> int:
        return len(read(self).shape)

    rank = ndim

    @property
    def device(self) -> str:
        return '/device:CPU:0'

    def get_shape(self) -> TensorShape:
        return self.shape

    def set_shape(self, shape: Any) -> None:
        return

    def numpy(self) -> Any:
        import numpy

        elements = known(read(self))
        value = read(self)
        if elements is None:
            if session.recording:
                raise DataDependent('The array of a tensor (numpy())')
            return numpy.ndarray._make(value.shape, value.dtype, None)  # type: ignore[attr-defined]
        return numpy.ndarray._make(  # type: ignore[attr-defined]
            value.shape, value.dtype, elements * value.size if len(elements) == 1 else list(elements)
        )

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return self.numpy()

    def __gradient_lens__(self) -> Value:
        return read(self)

    def _single(self, what: str) -> Any:
        elements = known(read(self))
        if elements is None or len(elements) != 1:
            raise DataDependent(what)
        return elements[0]

    def __bool__(self) -> bool:
        return bool(self._single('A branch on the contents of a tensor'))

    def __int__(self) -> int:
        return int(self._single('A whole number taken from a tensor'))

    def __index__(self) -> int:
        return int(self._single('A whole number taken from a tensor'))

    def __float__(self) -> float:
        return float(self._single('A number taken from a tensor'))

    def __len__(self) -> int:
        sizes = read(self).shape
        if not sizes:
            raise TypeError('Scalar tensor has no `len()`')
        return sizes[0]

    def __iter__(self) -> Iterator[Any]:
        item: Any = self
        return iter([item[i] for i in range(len(self))])

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f'<Tensor shape={tuple(self.shape)} dtype={self.dtype}>'

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        raise UnsupportedOp(f'`Tensor.{name}`')


def wrap(value: Value, dtype: DType | None = None) -> Tensor:
    tensor = object.__new__(Tensor)
    tensor._value = value
    tensor.dtype = dtype if dtype is not None else DEFAULT[value.dtype]
    return tensor


def read(tensor: Tensor) -> Value:
    """The value of a tensor; a variable's is its parameter where gradients may flow."""
    if tensor._record is not None:
        return tensor._record.read()
    return tensor._value


def flatten(nest: Any) -> list[Any]:
    """Leaves of lists, tuples and dicts, in order."""
    if isinstance(nest, dict):
        return [leaf for item in nest.values() for leaf in flatten(item)]
    if isinstance(nest, (list, tuple)) and not isinstance(nest, TensorShape):
        return [leaf for item in nest for leaf in flatten(item)]
    return [nest]


def mapped(nest: Any, change: Callable[[Any], Any]) -> Any:
    """The same structure with its leaves changed."""
    # The usual ones are told at a glance: all arguments of all calls come here.
    kind = type(nest)
    if kind is tuple:
        return tuple([mapped(item, change) for item in nest])
    if kind is Tensor or kind in PLAIN:
        return change(nest)
    if isinstance(nest, dict):
        return {key: mapped(item, change) for key, item in nest.items()}
    if isinstance(nest, tuple):
        if isinstance(nest, TensorShape):
            return nest
        items = [mapped(item, change) for item in nest]
        return type(nest)(*items) if hasattr(nest, '_fields') else tuple(items)
    if isinstance(nest, list):
        return [mapped(item, change) for item in nest]
    return change(nest)


#: Types of arguments that are no tensors and hold none.
PLAIN = frozenset((int, float, bool, str, type(None)))


def symbolic_in(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Tensor]:
    """The symbolic tensors among arguments, in order."""
    found: list[Tensor] = []
    _symbolic(args, found)
    if kwargs:
        _symbolic(kwargs, found)
    return found


def _symbolic(nest: Any, found: list[Tensor]) -> None:
    if isinstance(nest, (list, tuple, dict)):
        for item in nest.values() if isinstance(nest, dict) else nest:
            # The usual ones are told at a glance: every call of a layer and of an op comes here.
            kind = type(item)
            if kind is Tensor:
                if item._call is not None:
                    found.append(item)
            elif kind not in PLAIN:
                _symbolic(item, found)
    elif isinstance(nest, Tensor):
        if nest._call is not None:
            found.append(nest)
    elif isinstance(nest, slice):
        _symbolic((nest.start, nest.stop, nest.step), found)


def _plain(leaf: Any) -> Any:
    if not isinstance(leaf, Tensor) or leaf._call is None:
        return leaf
    made = wrap(leaf._value, leaf.dtype)
    made._mask = leaf._mask
    return made


def connect(operation: Runnable, args: tuple[Any, ...], kwargs: dict[str, Any], inputs: list[Tensor]) -> Any:
    """Runs a call on symbolic tensors (`inputs`) for its shapes, and gives symbolic outputs that remember it."""
    call = Call(operation, args, kwargs, inputs, here(2))
    outer = pin.span
    if operation.of_ours_alone():
        pin.span = call.span
    try:
        outputs = operation.run(mapped(args, _plain), mapped(kwargs, _plain) if kwargs else kwargs)
    finally:
        pin.span = outer

    def symbolic(leaf: Any) -> Any:
        if not isinstance(leaf, Tensor):
            return leaf
        made = wrap(read(leaf), leaf.dtype)
        made._call = call
        made._mask = leaf._mask
        made.name = getattr(operation, 'name', 'tensor')
        call.outputs.append(made)
        return made

    call.structure = mapped(outputs, symbolic)
    operation._inbound.append(call)
    return call.structure


def in_passes(
    args: tuple[Any, ...], kwargs: dict[str, Any], symbolic: list[Tensor]
) -> tuple[tuple[Any, ...], dict[str, Any], list[Tensor]]:
    """Arguments with the values that symbolic tensors have in the runs that go on, and the symbolic tensors that are left."""
    real: dict[int, Any] = {}
    for tensor in symbolic:
        found = next((value for item in reversed(context.passes) if (value := item.value(tensor)) is not None), None)
        if found is not None:
            real[id(tensor)] = found
    if not real:
        return args, kwargs, symbolic

    def change(leaf: Any) -> Any:
        return real.get(id(leaf), leaf)

    return mapped(args, change), mapped(kwargs, change), [tensor for tensor in symbolic if id(tensor) not in real]


class Function:
    """One call of a function on tensors, as a step of a functional model."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = function.__name__
        self._inbound: list[Call] = []

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.function(*args, **kwargs)

    def of_ours_alone(self) -> bool:
        # Some take functions of the user's among their arguments.
        return False


def operation[F: Callable[..., Any]](function: F) -> F:
    """Lets a function on tensors take symbolic ones."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        inputs = symbolic_in(args, kwargs)
        if inputs and context.passes:
            args, kwargs, inputs = in_passes(args, kwargs, inputs)
        if inputs:
            return connect(Function(function), args, kwargs, inputs)
        if not session.recording:
            worked()
            unknown = unknown_argument(args, kwargs)
            if unknown is not None:
                # Numbers of data that are not here: the script goes on without them.
                return made_of(unknown, f'{function.__name__}(...)')
        return function(*args, **kwargs)

    return run  # type: ignore[return-value]


def _elements(data: Any) -> tuple[list[Any], tuple[int, ...]]:
    if isinstance(data, Inert):
        raise UnsupportedOp(f'a tensor made from `{inert_label(data)}`', 'its contents are not known')
    if isinstance(data, Tensor):
        elements = known(read(data))
        if elements is None:
            raise DataDependent('A number taken from a tensor')
        value = read(data)
        return (elements * value.size if len(elements) == 1 else list(elements)), value.shape
    if isinstance(data, (list, tuple, range)):
        if not data:
            return [], (0,)
        parts = [_elements(item) for item in data]
        if any(shape != parts[0][1] for _, shape in parts):
            raise BadType('the lists that make a tensor differ in length')
        return [item for elements, _ in parts for item in elements], (len(data), *parts[0][1])
    if hasattr(data, 'item') and not isinstance(data, (bool, int, float)):
        data = data.item()
    if not isinstance(data, (bool, int, float)):
        raise BadType(f'cannot make a tensor of {type(data).__name__}')
    return [data], ()


def value_of(data: Any, kind: str | None = None) -> Value:
    """The value of a tensor, an array, nested lists or a number; `kind` where the kind of Python data is up to the use."""
    if isinstance(data, Tensor):
        return read(data)
    own = getattr(data, '__gradient_lens__', None)
    if own is not None:
        return own()
    if isinstance(data, (list, tuple)) and any(isinstance(leaf, Tensor) and known(read(leaf)) is None for leaf in flatten(data)):
        from ._ops.joining import stacked

        return stacked([value_of(item, kind) for item in data], 0)
    elements, shape = _elements(data)
    if kind is None:
        kind = 'bool' if elements and all(isinstance(item, bool) for item in elements) else 'int'
        if any(isinstance(item, float) for item in elements):
            kind = 'float'
    convert: Any = {'float': float, 'int': int, 'bool': bool}[kind]
    return constant([convert(item) for item in elements], shape, kind)


def is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)
