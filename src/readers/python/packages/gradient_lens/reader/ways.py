"""Searches what a model can be fed with, over the ways in which it may be called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .candidates import class_span
from .inputs import Feed, InputSpec
from .models import forward_of
from .patterns import call_patterns
from .solving import Solver, Unsolvable
from .stated import Stated
from .touches import TouchListeners
from .tracing import Traced, trace_at_batch


def solve_any(model: Any, listeners: TouchListeners, batch: int, stated: Sequence[Stated]) -> Traced:
    """The model read with what its layers take, called in the first way that can be.

    Raises:
        Unsolvable: where none can; the failure is that of the last way, in which every argument is a tensor.
    """
    last = Unsolvable(None, '', False)
    for pattern in call_patterns(model):
        try:
            solved = Solver(model, pattern, listeners, batch, stated).solve()
        except Unsolvable as error:
            last = error
            continue
        feed = pattern.feed(solved.specs)
        if solved.traced is not None and feed.with_batch(batch).specs == feed.specs:
            traced = solved.traced
        else:
            traced = trace_at_batch(model, feed, batch)
        for item, spec in zip(traced.graph['inputs'], feed.specs):
            item['origin'] = spec.origin
            item['reason'] = item['reason'] if item['reason'].startswith(spec.reason) else spec.reason
        if pattern.told:
            traced.graph['guesses'].append({'message': pattern.told, 'span': class_span(type(model))})
        return traced
    raise last


def feed_of(model: Any, specs: Sequence[InputSpec]) -> Feed:
    """The call with these inputs: the first way that has as many, else one argument after another."""
    fitting = (pattern for pattern in call_patterns(model) if pattern.count == len(specs))
    pattern = next(fitting, None)
    return Feed.of(specs) if pattern is None else pattern.feed(specs)


def asked_for(model: Any) -> list[str]:
    """The names of the inputs that the likeliest call has."""
    pattern = next(call_patterns(model))
    return pattern.feed([InputSpec(())] * pattern.count).names(forward_of(model))
