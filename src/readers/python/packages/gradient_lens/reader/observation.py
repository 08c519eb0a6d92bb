"""What the file's own code does with its models: the calls, losses and optimisers of its training script."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..inert import Inert, first_inert, made_of
from ..session import LossCall, session
from ..frameworks import framework_named
from ..spans import Span, here, is_user_code
from ..value import Value
from .models import framework_of
from .outcomes import Origins
from .inputs import Feed, InputSpec, with_slots
from .stops import EnoughSeen
from .tensors import is_tensor, upper_limit, value_of

#: Rounds that a training loop may take without anything new before it has shown enough.
_ROUNDS_WITHOUT_NEWS = 2
#: The same for calls of a model from one place, which may stand in a loop over time steps.
_CALLS_WITHOUT_NEWS = 40
#: The same while the file has made models that it has not called yet.
_ROUNDS_WHILE_PENDING = 100
#: Outermost model calls after which no more are needed in any case.
_MOST_CALLS = 400
#: Different ways of calling one model that are looked at.
_MOST_FEEDS = 4


@dataclass
class LossSeen:
    """A loss, the model whose outputs went in, and whether it compares them with that model's own input."""

    call: LossCall
    model: Any
    target_is_input: bool


@dataclass
class OptimiserSeen:
    """An optimiser that the file constructs; `parameters` are ids of what it was given."""

    name: str
    learning_rate: float | None
    momentum: float | None
    span: Span | None
    parameters: frozenset[int]


@dataclass
class CallSeen:
    """One way in which the file calls a model."""

    model: Any
    #: None where an argument was not known.
    feed: Feed | None
    training: bool
    span: Span | None
    #: What `on_first_call` made of it.
    reading: Any = None
    outputs: Any = None
    error: BaseException | None = None


@dataclass
class Observation:
    """Collects what is seen, and ends training scripts that repeat themselves."""

    #: Reads the model as it is at its first call, before training changes anything.
    on_first_call: Callable[[CallSeen], Any]
    #: Whether models were made that are still to be called.
    pending: Callable[[], bool] = lambda: False
    #: Whether a model is of interest, where not all are.
    concerns: Callable[[Any], bool] | None = None
    calls: list[CallSeen] = field(default_factory=list)
    losses: list[LossSeen] = field(default_factory=list)
    optimisers: list[OptimiserSeen] = field(default_factory=list)
    #: Batch sizes of the loaders that the file has iterated.
    batches: list[int] = field(default_factory=list)
    _news: int = 0
    _visits: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _count: int = 0
    _last: Any = None
    _origins: Origins = field(default_factory=Origins)

    def forget(self) -> None:
        """The file is run anew."""
        for held in (self.calls, self.losses, self.optimisers, self.batches, self._visits):
            held.clear()
        self._news = self._count = 0
        self._last = None
        self._origins = Origins()

    def calls_of(self, model: Any) -> list[CallSeen]:
        return [call for call in self.calls if call.model is model]

    def visit(self, rounds: int = _ROUNDS_WITHOUT_NEWS) -> None:
        """A loop came round (a loader began again, an optimiser stepped). Ends the script once nothing new comes.

        Raises:
            EnoughSeen
        """
        frame = sys._getframe(1)
        while frame is not None and not is_user_code(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is None:
            return
        place = (id(frame.f_code), frame.f_lasti)
        news, idle = self._visits.get(place, (-1, 0))
        idle = idle + 1 if news == self._news else 0
        self._visits[place] = (self._news, idle)
        if idle >= (rounds if not self.pending() else _ROUNDS_WHILE_PENDING) and self.calls:
            raise EnoughSeen

    def saw_loader(self, batch: int) -> None:
        if batch not in self.batches:
            self.batches.append(batch)
        self.visit()

    def saw_optimiser(self, seen: OptimiserSeen) -> None:
        self.optimisers.append(seen)
        self._news += 1

    def saw_loss(self, call: LossCall) -> None:
        if session.recording:
            return
        fed = self._origins.model_of(call.operands[0]) if call.operands else None
        # A loss of unknown numbers belongs to the model that was last given some.
        model = fed if call.operands else self._last
        if any(seen.call.span == call.span and seen.model is model for seen in self.losses):
            return
        own = len(call.operands) > 1 and model is not None and self._origins.is_input(call.operands[1], model)
        self.losses.append(LossSeen(call, model, own))
        self._news += 1

    def call(
        self, model: Any, arguments: tuple[Any, ...], keywords: dict[str, Any], run: Callable[[], Any], *, counts: bool
    ) -> Any:
        """Stands around each outermost call of a model; gives its outputs, or something unknown."""
        self._count += 1
        if self._count > _MOST_CALLS:
            raise EnoughSeen
        values: list[Any] = []
        if counts:
            self._last = model
        unknown = first_inert((arguments, keywords))
        if unknown is not None:
            if counts:
                self._note(CallSeen(model, None, model.training, here(2)))
            return made_of(unknown, f'{type(model).__name__}(...)')
        held, named = (with_slots(part, is_tensor, values) for part in (arguments, keywords))
        feed = Feed(_without_examples([self._spec(value) for value in values]), held, named)
        for seen in self.calls_of(model):
            if seen.feed is not None and _same(seen.feed, feed) and seen.training == model.training:
                if seen.error is not None:
                    return Inert(f'{type(model).__name__}(...)')
                self._origins.note(model, [value_of(value) for value in values], [])
                self.visit(_CALLS_WITHOUT_NEWS)
                return seen.outputs
        seen = CallSeen(model, feed, model.training, here(2))
        if len(self.calls_of(model)) < _MOST_FEEDS and (self.concerns is None or self.concerns(model)):
            seen.reading = self.on_first_call(seen)
        self._note(seen)
        try:
            seen.outputs = run()
        except Exception as error:
            # The script goes on with an unknown result, so that the other models are seen as well.
            seen.error = error
            return Inert(f'{type(model).__name__}(...)')
        self._origins.note(model, [value_of(value) for value in values], _values(model, seen.outputs))
        return seen.outputs

    def _note(self, seen: CallSeen) -> None:
        self.calls.append(seen)
        self._news += 1

    def _spec(self, tensor: Any) -> InputSpec:
        value = value_of(tensor)
        shape = tuple(value.shape)
        kind = 'float' if value.dtype == 'float' else 'int'
        high = upper_limit(value) if kind == 'int' else None
        return InputSpec(shape, kind, high, 'observed', '', self._batch_axis(shape))

    def _batch_axis(self, shape: Sequence[int]) -> int | None:
        """The axis as long as the loader's batch; else the first one, which is where PyTorch keeps examples."""
        if not shape:
            return None
        for batch in reversed(self.batches):
            if shape[0] == batch:
                return 0
            if len(shape) > 1 and shape[1] == batch:
                return 1
        return 0


def _without_examples(specs: list[InputSpec]) -> tuple[InputSpec, ...]:
    """Rows of different lengths (indices, and the offsets of bags among them) hold no example each."""
    rows = len({spec.shape for spec in specs}) > 1 and all(len(spec.shape) == 1 for spec in specs)
    return tuple(replace(spec, batch_axis=None) for spec in specs) if rows else tuple(specs)


def _values(model: Any, outputs: Any) -> list[Value]:
    return framework_named(framework_of(model)).tensors(outputs)


def _same(one: Feed, other: Feed) -> bool:
    if [(spec.shape, spec.kind) for spec in one.specs] != [(spec.shape, spec.kind) for spec in other.specs]:
        return False
    return repr((one.arguments, one.keywords)) == repr((other.arguments, other.keywords))
