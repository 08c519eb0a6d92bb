"""Pictures whose pixels a model rescales by itself: such an input holds numbers from 0 to 255."""

from __future__ import annotations

from typing import Any

from gradient_lens.session import session
from gradient_lens.value import Value

#: What pixels are divided by: 255 to lie in [0, 1], 127.5 to lie in [-1, 1], 256 and 128 for short.
_DIVISORS = (127.5, 128.0, 255.0, 256.0)


def taken_as_pixels(value: Value) -> None:
    """The value, should it be an input, holds pixels."""
    if session.recorder is not None:
        session.recorder.spread(value, 0, 255, 'Spread over 0 to 255, as the model rescales pixels.')


def divided(value: Value, divisor: Any) -> None:
    """The value is divided by a number; what is divided by 255 is a pixel."""
    if isinstance(divisor, (int, float)) and any(abs(divisor - item) < 1e-3 for item in _DIVISORS):
        taken_as_pixels(value)
