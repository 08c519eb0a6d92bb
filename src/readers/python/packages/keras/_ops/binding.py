"""Makes operations the operators of tensors."""

from __future__ import annotations

from typing import Any

from .._tensor import Tensor
from . import arithmetic, elementwise, indexing

_PAIRS = {
    'add': 'add', 'sub': 'subtract', 'mul': 'multiply', 'truediv': 'divide', 'floordiv': 'floor_divide', 'mod': 'mod',
    'pow': 'power', 'matmul': 'matmul', 'and': 'logical_and', 'or': 'logical_or', 'xor': 'logical_xor',
}  # fmt: skip
_COMPARISONS = {'eq': 'equal', 'ne': 'not_equal', 'lt': 'less', 'le': 'less_equal', 'gt': 'greater', 'ge': 'greater_equal'}


def _usable(other: Any) -> bool:
    return isinstance(other, (Tensor, bool, int, float, list, tuple)) or hasattr(other, '__gradient_lens__')


def bind() -> None:
    """Sets the operators, once."""
    for name, function in _PAIRS.items():
        run = arithmetic.FUNCTIONS[function]

        def forward(self: Any, other: Any, run: Any = run) -> Any:
            return run(self, other) if _usable(other) else NotImplemented

        def reflected(self: Any, other: Any, run: Any = run) -> Any:
            return run(other, self) if _usable(other) else NotImplemented

        setattr(Tensor, f'__{name}__', forward)
        setattr(Tensor, f'__r{name}__', reflected)
    for name, function in _COMPARISONS.items():
        run = arithmetic.FUNCTIONS[function]

        def compare(self: Any, other: Any, run: Any = run, name: str = name) -> Any:
            if not _usable(other):
                return {'eq': False, 'ne': True}.get(name, NotImplemented)
            return run(self, other)

        setattr(Tensor, f'__{name}__', compare)
    for name, function in (
        ('neg', elementwise.negative), ('abs', elementwise.absolute), ('invert', elementwise.logical_not),
        ('getitem', indexing.get_item),
    ):  # fmt: skip
        setattr(Tensor, f'__{name}__', function)
