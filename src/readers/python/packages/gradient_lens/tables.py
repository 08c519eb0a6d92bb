"""Tables that a rule gives, written as nested comprehensions: `[[i / 10000 ** (j / d) for j in range(d)] for i in range(n)]`.

Positional encodings are made so, with a million elements and more; of most of them only a few are ever asked for. The rule
is kept in place of the elements, which are computed where they are wanted.
"""

from __future__ import annotations

import builtins
import itertools
import math
from collections.abc import Callable, Sequence
from types import CellType, CodeType, FunctionType
from typing import Any

from .concrete import RULES
from .concrete_sampling import SAMPLERS
from .errors import TooLarge
from .strides import contiguous_strides
from .value import SAMPLED_OPS, STATIC_OPS, Node, Value, emit

#: Tables below this size are not worth the detour.
SMALLEST = 4096
#: Numbers of one table that a graph can hold.
LARGEST = 2**21
_PURE = frozenset(('abs', 'min', 'max', 'pow', 'round', 'int', 'float', 'bool'))
_NUMBERS = (int, float)


def rule_of(element: Any) -> Callable[..., float] | None:
    """A function of indices as it is now, where it hangs on numbers, pure builtins and `math` alone; else None."""
    if not isinstance(element, FunctionType):
        return None
    code, names = element.__code__, element.__globals__
    if any(isinstance(item, CodeType) for item in code.co_consts):
        return None
    cells: list[CellType] = []
    for cell in element.__closure__ or ():
        try:
            held = cell.cell_contents
        except ValueError:
            return None
        if type(held) not in _NUMBERS:
            return None
        cells.append(CellType(held))
    used = {name: names[name] for name in code.co_names if name in names}
    if not all(type(held) in _NUMBERS or held is math or _of_math(held) for held in used.values()):
        return None
    if not all(name in used or name in _PURE or hasattr(math, name) for name in code.co_names):
        return None
    # The names around it may be given other values before the elements are asked for.
    kept = {**used, '__builtins__': names.get('__builtins__', builtins)}
    return FunctionType(code, kept, element.__name__, None, tuple(cells))


def _of_math(value: Any) -> bool:
    name = getattr(value, '__name__', None)
    return isinstance(name, str) and value is getattr(math, name, None)


def table(element: Callable[..., float], sizes: Sequence[int], kind: str) -> Value:
    """A value of shape `sizes`; `element` gives an element for its indices."""
    return emit('table', {'element': element}, (), sizes, kind)


def _whole(node: Node, _: list[list[Any]]) -> list[list[Any]]:
    shape, element = node.outputs[0].shape, node.attributes['element']
    convert = getattr(builtins, node.outputs[0].dtype)
    return [[convert(element(*place)) for place in itertools.product(*map(range, shape))]]


def _sampled(node: Node, indices: list[int], _: Any) -> list[Any]:
    shape, element = node.outputs[0].shape, node.attributes['element']
    convert = getattr(builtins, node.outputs[0].dtype)
    steps = contiguous_strides(shape)
    return [convert(element(*(index // step % n for step, n in zip(steps, shape)))) for index in indices]


def elements_of(node: Node) -> list[Any]:
    """All elements.

    Raises:
        TooLarge: for more than a graph can hold.
    """
    size = node.outputs[0].size
    if size > LARGEST:
        error = TooLarge(
            f'The model reads a table of {size:,} numbers; tables up to {LARGEST:,} can be measured. Take a shorter sequence '
            'or a smaller input.'
        )
        error.span = node.span
        raise error
    return _whole(node, [])[0]


RULES['table'] = _whole
SAMPLERS['table'] = _sampled
STATIC_OPS.add('table')
SAMPLED_OPS.add('table')
