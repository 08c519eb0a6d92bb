"""Another instance of a model's class whose inputs the file shows: this one takes the same."""

from __future__ import annotations

from typing import Any

from .constructions import Constructions, is_own
from .models import defines_itself
from .observation import CallSeen, Observation
from .tracing import Traced


def fed_sibling(model: Any, seen: Observation, constructions: Constructions) -> CallSeen | None:
    """The first call of another instance, where their class says what it computes.

    None where the file calls the model with something that is not known, and it is made otherwise than the other one: then
    that one's inputs say nothing.
    """
    if not is_own(type(model)) or not defines_itself(model):
        return None
    for call in seen.calls:
        if call.feed is not None and type(call.model) is type(model) and isinstance(call.reading, Traced):
            return None if seen.calls_of(model) and not _made_alike(model, call.model, constructions) else call
    return None


def _made_alike(one: Any, other: Any, constructions: Constructions) -> bool:
    first, second = constructions.of(one), constructions.of(other)
    if first is None or second is None:
        return False
    return repr((first.arguments, first.keywords)) == repr((second.arguments, second.keywords))
