"""Failures that no input mends, told from how they repeat over inputs of different sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..errors import ShapeMismatch
from .faults import is_own_fault


def lasting_fault(errors: Sequence[Exception | None]) -> Exception | None:
    """A mistake that is the same for every input: a missing attribute or name, or a fault of the tracing packages."""
    first = next((error for error in errors if error is not None), None)
    if first is None or any(type(error) is not type(first) or str(error) != str(first) for error in errors):
        return None
    missing = isinstance(first, NameError) or (isinstance(first, AttributeError) and "'Tensor'" not in str(first))
    return first if missing or is_own_fault(first) else None


def impossible_sizes(errors: Sequence[Exception | None]) -> ShapeMismatch | None:
    """Layers that do not fit each other, whatever the size of the input.

    One layer wants so many features, and over all inputs the layers before it give either the same other number, or only
    multiples of a number (the channels of a flattened map) that does not divide what is wanted.
    """
    clashes = [error for error in errors if isinstance(error, ShapeMismatch)]
    if len(clashes) < 3 or len(clashes) < len(errors):
        return None
    first = clashes[0]
    wanted, got = first.wanted, {error.got for error in clashes}
    if wanted is None or None in got or any((error.wanted, error.module) != (wanted, first.module) for error in clashes):
        return None
    divisor = math.gcd(*(number for number in got if number is not None))
    same = len(got) == 1
    never = len(got) > 2 and divisor > 1 and wanted % divisor != 0
    return first if same or never else None
