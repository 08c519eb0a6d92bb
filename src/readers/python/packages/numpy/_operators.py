"""The operators of arrays."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ._array import ndarray


def _operator(function: Callable[[Any, Any], Any], kind: str | None, swap: bool) -> Callable[..., Any]:
    return lambda self, other: self._with(other, function, kind, swap)


for _name, _function, _kind in (
    ('add', operator.add, None), ('sub', operator.sub, None), ('mul', operator.mul, None),
    ('truediv', operator.truediv, 'float'), ('floordiv', operator.floordiv, None), ('mod', operator.mod, None),
    ('pow', operator.pow, None), ('and', operator.and_, None), ('or', operator.or_, None), ('xor', operator.xor, None),
):  # fmt: skip
    setattr(ndarray, f'__{_name}__', _operator(_function, _kind, False))
    setattr(ndarray, f'__r{_name}__', _operator(_function, _kind, True))
for _name, _function in (
    ('lt', operator.lt), ('le', operator.le), ('gt', operator.gt), ('ge', operator.ge), ('eq', operator.eq),
    ('ne', operator.ne),
):  # fmt: skip
    setattr(ndarray, f'__{_name}__', _operator(_function, 'bool', False))
