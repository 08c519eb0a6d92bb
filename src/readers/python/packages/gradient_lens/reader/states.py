"""Feeds for models that are given their hidden state: `model(x, hidden)` with `hidden = model.init_hidden(batch)`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .inputs import Feed, InputSpec, TensorSlot, required_inputs, with_slots
from .layers import STEPS, Demand, demand_of
from .models import forward_of
from .rehearsal import example_feed
from .tensors import is_tensor, value_of

#: Methods by which such models make their first state, and the arguments that they give it to.
_MAKERS = re.compile(
    r'_?(?:get_?)?(?:init(?:ial(?:ize|ise)?)?|zero|first|begin|make|new)_?(?:hidden|states?|memory|hc|h0|carry)(?:_?state)?',
    re.IGNORECASE,
)
_STATES = re.compile(
    r'(?:prev_?|last_?)?(?:h|hx|hc|h_?0|hiddens?|h_?c|states?|memory|carry)(?:_?(?:states?|0|t|prev|in))?', re.IGNORECASE
)
#: Examples for which the states are made to see which axis counts them; no size that models have.
_BATCH = 7


def stateful_feeds(model: Any, batch: int) -> Iterator[Feed]:
    """Calls with `batch` examples of a sequence and the state that the model itself begins with; the more usual ones first.

    Before these the example that a Lightning module names.
    """
    example = example_feed(model, batch)
    if example is not None:
        yield example
    parameters = required_inputs(forward_of(model))
    makers = [name for name in dir(type(model)) if _MAKERS.fullmatch(name) and callable(getattr(model, name, None))]
    if len(parameters) != 2 or not makers or not _STATES.fullmatch(parameters[1].name):
        return
    state = _state(getattr(model, makers[0]), batch)
    if state is None:
        return
    arguments, specs = state
    reason = f'`{makers[0]}({batch})` of the model gives it.'
    held = tuple(replace(spec, origin='solved', reason=reason) for spec in specs)
    for demand in _demands(model):
        features = tuple(size for size in demand.shape if size is not None)
        high = demand.high
        kind = 'int' if high is not None else 'float'
        why = f'{demand.wants}; a sequence of {STEPS} is taken.'
        for axis in (1, 0) if demand.batch_axis == 1 or high is not None else (0, 1):
            steps = (STEPS, batch) if axis else (batch, STEPS)
            first = InputSpec((*steps, *features), kind, high, 'guessed', why, axis)
            yield Feed((first, *held), (TensorSlot(0), arguments), {})
        one = InputSpec((batch, *features), kind, high, 'guessed', f'{demand.wants}; one step is taken.', 0)
        yield Feed((one, *held), (TensorSlot(0), arguments), {})


def _demands(model: Any) -> Iterator[Demand]:
    """What the first layers take, in the order of their making."""
    found = 0
    for path, module in model.named_modules():
        demand = demand_of(module, path)
        if demand is not None and found < 3:
            found += 1
            yield demand


def _state(maker: Any, batch: int) -> tuple[Any, list[InputSpec]] | None:
    """The state with slots from 1 on, and what goes into them; the batch axis is the one that follows the argument."""
    tried: list[list[tuple[int, ...]]] = []
    held: Any = None
    for size in (batch, batch + _BATCH):
        values: list[Any] = [None]
        try:
            made = maker(size) if _takes_one(maker) else maker()
        except Exception:
            return None
        with_state = with_slots(made, is_tensor, values)
        held = with_state if held is None else held
        tried.append([tuple(value_of(value).shape) for value in values[1:]])
    if not tried[0] or len(tried[0]) != len(tried[1]):
        return None
    specs: list[InputSpec] = []
    for one, other in zip(*tried):
        axes = [axis for axis, (a, b) in enumerate(zip(one, other)) if a != b]
        specs.append(InputSpec(one, 'float', None, 'solved', '', axes[0] if len(axes) == 1 else None))
    return held, specs


def _takes_one(maker: Any) -> bool:
    needed = [p for p in inspect.signature(maker).parameters.values() if p.default is p.empty]
    return len(needed) == 1
