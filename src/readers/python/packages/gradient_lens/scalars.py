"""Numbers that survive JSON: the three that it lacks are spelt out, as `Scalar` in src/graph/scalar.ts."""

import math
from typing import Any


def scalar(value: Any) -> float | int | str:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    number = float(value)
    if math.isfinite(number):
        return number
    if math.isnan(number):
        return 'nan'
    return 'inf' if number > 0 else '-inf'


_AS_THEY_ARE = frozenset((int, str, bool, type(None)))


def to_json(value: Any) -> Any:
    """The same structure with every float made a `Scalar`."""
    if value.__class__ in _AS_THEY_ARE:
        return value
    if isinstance(value, float):
        return scalar(value)
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value
