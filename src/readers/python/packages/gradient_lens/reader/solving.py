"""Finds what a model can be fed with from its layers alone, where neither the file nor its author says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..errors import ReadError, ShapeMismatch
from .impossible import impossible_sizes, lasting_fault
from .inputs import InputSpec
from .layers import Demand, demand_of
from .patterns import CallPattern
from .stated import Stated
from .touches import Touches, TouchListeners
from .tracing import trace
from .trials import (
    BATCH,
    LARGEST,
    MATRICES,
    MixedExamples,
    RANKS,
    Trial,
    before_reshape,
    bisect,
    large_enough,
    mixed_examples,
    of_rank,
    sense,
    sentence,
)

#: Forward passes that a search may take.
_MOST_TRIALS = 60
#: Codes of failures that no other input would mend.
_NOT_THE_INPUT = ('unknown-layer', 'data-dependent', 'too-large')


class Unsolvable(Exception):
    """No feed was found. `nearest` is a failure on the way; `inherent` where no feed would mend it."""

    def __init__(self, nearest: Exception | None, wants: str, inherent: bool) -> None:
        super().__init__(str(nearest))
        self.nearest = nearest
        self.inherent = inherent
        self.wants = wants


class Solver:
    """Searches shapes for one model, called in one way."""

    def __init__(
        self, model: Any, pattern: CallPattern, listeners: TouchListeners, batch: int, stated: Sequence[Stated] = ()
    ) -> None:
        self.model = model
        self.pattern = pattern
        self.batch = batch
        #: What the constructor's arguments state about the input.
        self.stated = stated
        self.listeners = listeners
        self.trials = 0
        self.failed: list[Trial] = []
        self.count = pattern.count

    def solve(self) -> Trial:
        """The trial that fits, its inputs marked `solved` or `guessed` with the reason.

        Raises:
            Unsolvable: where nothing fits.
        """
        last: Trial | None = None
        for demand in self._stated():
            trial = self._try([demand], [0])
            if trial.fits:
                return trial
        for demands in self._starts():
            trial = self._settle(demands)
            if trial is not None and trial.fits:
                return self._admitted(trial)
            last = trial or last
            if self.trials >= _MOST_TRIALS:
                break
        wants = next((demand.wants for demands in self._starts() for demand in demands), '')
        nearest = self._inherent()
        if nearest is not None:
            raise Unsolvable(nearest, wants, True)
        raise Unsolvable(last.error if last else None, wants, False)

    def _inherent(self) -> Exception | None:
        """A failure that lies in the model: an op that cannot be followed, or layers that do not fit each other.

        Layers are at fault where each input has reached one that takes it, and the failure is the same for every size.
        """
        for trial in self.failed:
            if isinstance(trial.error, ReadError) and trial.error.code in _NOT_THE_INPUT:
                return trial.error
        lasting = lasting_fault([trial.error for trial in self.failed])
        if lasting is not None:
            return lasting
        met = [trial for trial in self.failed if len(trial.touches.first) == self.count and trial.touches.met]
        impossible = impossible_sizes([trial.error for trial in met])
        if impossible is not None:
            return impossible
        errors = [trial.error for trial in met if isinstance(trial.error, ReadError)]
        shapes = {tuple(spec.shape for spec in trial.specs) for trial in met}
        if not errors or len({MATRICES.sub(r'(\2 and \3x\4)', str(error)) for error in errors}) > 1:
            return None
        fixed = all(None not in touch.demand.shape for touch in met[0].touches.first.values())
        return errors[0] if fixed or len(shapes) > 2 else None

    # ---- where to begin ----

    def _stated(self) -> Iterator[Demand]:
        """The input as the constructor's arguments have it."""
        if self.count > 1:
            return
        layers = (demand_of(part, path) for path, part in self.model.named_modules())
        first = next((demand for demand in layers if demand is not None), None)
        for stated in self.stated[:2]:
            yield from stated.demands(first)

    def _starts(self) -> Iterator[list[Demand]]:
        """Demands to begin with: those of the layers in the order of their making, the first that have any."""
        seen: set[tuple[object, ...]] = set()
        for path, module in self.model.named_modules():
            demand = demand_of(module, path)
            if demand is None or None in (size for size in demand.shape[:1] if len(demand.shape) == 1 and demand.high is None):
                continue
            key = (demand.shape, demand.kind, demand.batch_axis)
            if key in seen:
                continue
            seen.add(key)
            if demand.shape == (1,) and demand.high is None:
                # A layer over single numbers mostly goes along a sequence of them.
                yield [replace(demand, shape=(None,))] * self.count
            yield [demand] * self.count
            if len(demand.shape) == 1 and demand.high is None:
                # Layers over features work on each step of a sequence as well.
                yield [replace(demand, shape=(None, *demand.shape))] * self.count
            if len(seen) >= 4:
                return

    # ---- one start ----

    def _settle(self, demands: list[Demand]) -> Trial | None:
        """Follows what the layers say about each input until the demands are met, then looks for the sizes left open."""
        trial: Trial | None = None
        before = demands
        for _ in range(self.count + 3):
            tried = self._try(demands, [demand.sizes[0] for demand in demands])
            if trial is not None and trial.fits and not tried.fits:
                # What was learnt from a trial that fits did not hold.
                demands = before
                break
            trial = tried
            learnt = self._learn(demands, trial)
            if learnt == demands:
                break
            before, demands = demands, learnt
        if trial is None or not any(None in demand.shape for demand in demands):
            return trial
        return self._sizes(demands, trial)

    def _learn(self, demands: list[Demand], trial: Trial) -> list[Demand]:
        learnt = list(demands)
        for number, touch in trial.touches.first.items():
            if touch.reshaped and trial.fits:
                continue
            if touch.reshaped:
                better = before_reshape(touch.demand, touch.arrived, trial.specs[number])
            else:
                better = touch.demand
            if better is not None and number < len(learnt):
                learnt[number] = better
        error = trial.error
        if isinstance(error, ShapeMismatch) and error.wanted is not None and learnt == demands:
            # Channels that were only assumed are told by the first layer that refuses them.
            learnt = [
                replace(demand, shape=(error.wanted, *demand.shape[1:])) if demand.assumed and demand.shape[0] == error.got else demand
                for demand in demands
            ]
        if isinstance(error, MixedExamples) and learnt == demands:
            # As many rows came out as there were steps: time comes first, and the examples are counted along the second axis.
            learnt = [
                replace(demand, batch_axis=1) if not demand.batch_axis and demand.shape == (None,) and error.rows == demand.sizes[0] else demand
                for demand in demands
            ]
        rank = RANKS.search(str(error))
        if rank and learnt == demands:
            wanted = next(int(item) for item in rank.groups() if item) - 1
            learnt = [demand if len(demand.shape) == wanted else of_rank(demand, wanted) for demand in demands]
        return learnt

    # ---- sizes that the layers leave open ----

    def _sizes(self, demands: list[Demand], first: Trial) -> Trial | None:
        open_demand = next(demand for demand in demands if None in demand.shape)
        measured: dict[int, Trial] = {}

        def at(size: int) -> Trial:
            if size not in measured:
                measured[size] = self._try(demands, [size if None in demand.shape else 0 for demand in demands])
            return measured[size]

        if first.fits:
            size = open_demand.sizes[0]
            measured[size] = first
            return self._explain(demands, open_demand, size, at, pinned=False)
        target = sense(first)
        if target is not None:
            size = bisect(lambda n: sense(at(n)) if not at(n).fits else 0, 1, LARGEST)
            if size is not None and at(size).fits:
                return self._explain(demands, open_demand, size, at, pinned=True)
        for size in open_demand.sizes[1:]:
            if at(size).fits:
                return self._explain(demands, open_demand, size, at, pinned=True)
            if self.trials >= _MOST_TRIALS:
                break
        return first

    def _explain(
        self, demands: list[Demand], open_demand: Demand, size: int, at: Callable[[int], Trial], *, pinned: bool
    ) -> Trial:
        """Chooses among the sizes that fit, and says why."""
        low = high = size
        if pinned or not at(size + 1).fits or not at(max(1, size - 1)).fits:
            while high - size < 32 and at(high + 1).fits:
                high += 1
            while low > 1 and size - low < 32 and at(low - 1).fits:
                low -= 1
            usual = [item for item in open_demand.sizes if low <= item <= high]
            size = usual[0] if usual else low
            if low == high:
                return self._marked(demands, at(size), 'solved', f' and the layers after it fit size {size} only')
            if high - low < 32:
                note = f'; sizes {low} to {high} fit the layers after it, {size} is taken'
                return self._marked(demands, at(size), 'guessed', note)
        else:
            size = large_enough(open_demand, size, at)
        word = 'length' if len(open_demand.shape) <= 2 else 'size'
        return self._marked(demands, at(size), 'guessed', f'; its layers admit many {word}s, {size} is taken')

    def _marked(self, demands: list[Demand], trial: Trial, origin: Any, note: str) -> Trial:
        specs = [
            replace(
                spec,
                origin='guessed' if demand.assumed else origin if None in demand.shape else 'solved',
                reason=sentence(demand.wants + (note if None in demand.shape else '')),
            )
            for spec, demand in zip(trial.specs, demands)
        ]
        return replace(trial, specs=tuple(specs))

    def _admitted(self, trial: Trial) -> Trial:
        """The trial with inputs that no layer takes as they are marked as guesses: they are only like another one."""
        specs = [
            spec
            if self.count == 1 or number in trial.touches.first
            else replace(spec, origin='guessed', reason='No layer takes it as it is; it is like another input, which fits.')
            for number, spec in enumerate(trial.specs)
        ]
        return replace(trial, specs=tuple(specs))

    # ---- one trial ----

    def _try(self, demands: Sequence[Demand], sizes: Sequence[int]) -> Trial:
        self.trials += 1
        # Where nothing is left open, no example can be cut to pieces, and the graph may be the one that is wanted.
        is_open = any(None in demand.shape for demand in demands)
        batch = BATCH if is_open else self.batch
        specs = tuple(
            InputSpec(
                demand.filled(size, batch), demand.kind, demand.high, 'solved', sentence(demand.wants), demand.batch_axis
            )
            for demand, size in zip(demands, sizes)
        )
        touches = Touches(self.model)
        with self.listeners.listening(touches):
            try:
                traced = trace(self.model, self.pattern.feed(specs))
            except Exception as error:
                trial = Trial(specs, None, error, touches)
                self.failed.append(trial)
                return trial
        mixed = mixed_examples(traced, specs) if batch == BATCH else None
        if mixed is not None:
            return Trial(specs, None, mixed, touches)
        return Trial(specs, traced, None, touches)
