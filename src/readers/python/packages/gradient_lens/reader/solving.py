"""Finds what a model can be fed with from its layers alone, where neither the file nor its author says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import ReadError
from .inputs import Feed, InputSpec, required_inputs
from .layers import Demand, demand_of
from .tracing import Traced, output_shapes, trace
from .touches import Touches, TouchListeners

#: Forward passes that a search may take.
_MOST_TRIALS = 60
#: A batch size that no layer is likely to have as a width.
_BATCH = 7
_LARGEST = 1024
#: Codes of failures that no other input would mend.
_NOT_THE_INPUT = ('unknown-layer', 'data-dependent', 'too-large')

_MATRICES = re.compile(r'cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)')
_VIEWS = re.compile(r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)")
_TOO_SMALL = re.compile(r'too small|greater than actual|smaller than kernel|less than 1|non-?positive', re.IGNORECASE)


@dataclass
class Trial:
    """One way of feeding the model, and what came of it."""

    specs: tuple[InputSpec, ...]
    traced: Traced | None
    error: Exception | None
    touches: Touches

    @property
    def fits(self) -> bool:
        return self.traced is not None


class Unsolvable(Exception):
    """No feed was found. `nearest` is a failure on the way; `inherent` where no feed would mend it."""

    def __init__(self, nearest: Exception | None, wants: str, inherent: bool) -> None:
        super().__init__(str(nearest))
        self.nearest = nearest
        self.inherent = inherent
        self.wants = wants


class Solver:
    """Searches shapes for one model."""

    def __init__(self, model: Any, listeners: TouchListeners) -> None:
        self.model = model
        self.listeners = listeners
        self.trials = 0
        self.failed: list[Trial] = []
        self.parameters = required_inputs(model)
        self.count = max(1, len(self.parameters))

    def solve(self) -> Feed:
        """The feed, its inputs marked `solved` or `guessed` with the reason.

        Raises:
            Unsolvable: where nothing fits.
        """
        last: Trial | None = None
        for demands in self._starts():
            trial = self._settle(demands)
            if trial is not None and trial.fits:
                return Feed.of([replace(spec, batch_axis=spec.batch_axis) for spec in trial.specs])
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
        met = [trial for trial in self.failed if len(trial.touches.first) == self.count and trial.touches.met]
        errors = [trial.error for trial in met if isinstance(trial.error, ReadError)]
        shapes = {tuple(spec.shape for spec in trial.specs) for trial in met}
        if not errors or len({str(error) for error in errors}) > 1:
            return None
        fixed = all(None not in touch.demand.shape for touch in met[0].touches.first.values())
        return errors[0] if fixed or len(shapes) > 2 else None

    # ---- where to begin ----

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
            yield [demand] * self.count
            if len(seen) >= 4:
                return

    # ---- one start ----

    def _settle(self, demands: list[Demand]) -> Trial | None:
        """Follows what the layers say about each input until the demands are met, then looks for the sizes left open."""
        trial: Trial | None = None
        for _ in range(self.count + 3):
            trial = self._try(demands, [demand.sizes[0] for demand in demands])
            if trial.fits:
                break
            learnt = self._learn(demands, trial)
            if learnt == demands:
                break
            demands = learnt
        if trial is None or not any(None in demand.shape for demand in demands):
            return trial
        return self._sizes(demands, trial)

    def _learn(self, demands: list[Demand], trial: Trial) -> list[Demand]:
        learnt = list(demands)
        for number, touch in trial.touches.first.items():
            if touch.reshaped:
                better = _before_reshape(touch.demand, touch.arrived, trial.specs[number])
            else:
                better = touch.demand
            if better is not None and number < len(learnt):
                learnt[number] = better
        rank = re.search(r'expected (\d+), got (\d+)', str(trial.error))
        if rank and learnt == demands:
            learnt = [_of_rank(demand, int(rank[1]) - 1) for demand in demands]
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
        target = _sense(first)
        if target is not None:
            size = _bisect(lambda n: _sense(at(n)) if not at(n).fits else 0, 1, _LARGEST)
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
            size = _large_enough(open_demand, size, at)
        word = 'length' if len(open_demand.shape) <= 2 else 'size'
        return self._marked(demands, at(size), 'guessed', f'; its layers admit many {word}s, {size} is taken')

    def _marked(self, demands: list[Demand], trial: Trial, origin: Any, note: str) -> Trial:
        specs = [
            replace(
                spec,
                origin=origin if None in demand.shape else 'solved',
                reason=_sentence(demand.wants + (note if None in demand.shape else '')),
            )
            for spec, demand in zip(trial.specs, demands)
        ]
        return replace(trial, specs=tuple(specs))

    # ---- one trial ----

    def _try(self, demands: Sequence[Demand], sizes: Sequence[int]) -> Trial:
        self.trials += 1
        specs = tuple(
            InputSpec(
                demand.filled(size, _BATCH), demand.kind, demand.high, 'solved', _sentence(demand.wants), demand.batch_axis
            )
            for demand, size in zip(demands, sizes)
        )
        touches = Touches(self.model)
        with self.listeners.listening(touches):
            try:
                traced = trace(self.model, Feed.of(specs))
            except Exception as error:
                trial = Trial(specs, None, error, touches)
                self.failed.append(trial)
                return trial
        mixed = _mixed_examples(traced, specs)
        if mixed is not None:
            return Trial(specs, None, mixed, touches)
        return Trial(specs, traced, None, touches)


class _MixedExamples(Exception):
    """The outputs have other rows than examples went in: a `view(-1, n)` ran over the edge of an example."""

    def __init__(self, rows: int) -> None:
        super().__init__(f'{rows} rows came out for {_BATCH} examples')
        self.rows = rows


def _mixed_examples(traced: Traced, specs: Sequence[InputSpec]) -> _MixedExamples | None:
    for shape in output_shapes(traced):
        rows = shape[0] if shape else _BATCH
        if _BATCH in shape:
            continue
        if rows % _BATCH or (rows > _BATCH and len(shape) <= 2 and not _flattened_time(specs)):
            return _MixedExamples(rows)
    return None


def _flattened_time(specs: Sequence[InputSpec]) -> bool:
    """Sequences may come out as (batch * time, classes), which is no mistake."""
    return any(spec.kind == 'int' or len(spec.shape) == 3 for spec in specs)


def _sense(trial: Trial) -> int | None:
    """Whether a failed trial's size was too small (-1) or too large (1); None where the failure does not say."""
    if isinstance(trial.error, _MixedExamples):
        return 1 if trial.error.rows > _BATCH else -1
    text = str(trial.error)
    match = _MATRICES.search(text)
    if match:
        got, wanted = int(match[2]), int(match[3])
        rows = int(match[1])
        return 1 if got * rows > wanted * _BATCH else -1
    match = _VIEWS.search(text)
    if match:
        wanted = 1
        for item in match[1].split(','):
            wanted *= max(1, int(item)) if int(item) != -1 else 1
        got = int(match[2]) // _BATCH
        if wanted % _BATCH == 0 and '-1' not in match[1]:
            wanted //= _BATCH
        return 1 if got > wanted else -1
    return -1 if _TOO_SMALL.search(text) else None


def _bisect(sense: Callable[[int], int | None], low: int, high: int) -> int | None:
    """The size at which `sense` is zero, if it rises with size."""
    while low <= high:
        middle = (low + high) // 2 if high < _LARGEST else min(low * 2 + 14, high)
        value = sense(middle)
        if value == 0:
            return middle
        if value is None:
            return None
        if value < 0:
            low = middle + 1
        else:
            high = middle - 1
    return None


def _large_enough(demand: Demand, size: int, at: Callable[[int], Trial]) -> int:
    """For pictures: the smallest usual size at which the last feature map is more than one pixel."""
    if len(demand.shape) < 3:
        return size
    for candidate in (size, 64, 128, 224):
        if candidate < size or not at(candidate).fits:
            continue
        traced = at(candidate).traced
        if traced is not None and _last_map(traced) > 1:
            return candidate
    return size


def _last_map(traced: Traced) -> int:
    """The longest side of what the last convolution gives."""
    graph = traced.graph
    for node in reversed(graph['nodes']):
        if node['op'] in ('conv', 'convTranspose'):
            return max(graph['values'][node['outputs'][0]]['shape'][2:], default=1)
    return 2


def _before_reshape(demand: Demand, arrived: tuple[int, ...], spec: InputSpec) -> Demand | None:
    """The demand on an input whose axes are changed on the way to the layer: so many features an example."""
    wanted = demand.shape[-1] if len(demand.shape) == 1 else None
    if wanted is not None and len(arrived) == 2 and len(spec.shape) > 1:
        # Flattened before a dense layer.
        return replace(demand, shape=(wanted,), batch_axis=0)
    if len(demand.shape) >= 2 and len(arrived) == len(spec.shape) + 1 and demand.shape[0] == 1:
        # `unsqueeze(1)` before a convolution over one channel.
        return replace(demand, shape=demand.shape[1:])
    return None


def _of_rank(demand: Demand, rank: int) -> Demand:
    """The demand with another number of axes after the batch: channels first for three and more."""
    if rank >= 3:
        return replace(demand, shape=(3, *[None] * (rank - 1)))
    return replace(demand, shape=(*[None] * (rank - 1), demand.shape[-1] if demand.shape[-1] else 16))


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:] if text else text
    return text if text.endswith('.') else text + '.'
