"""One try at feeding a model, and what its failure says about the size that was tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .inputs import InputSpec
from .layers import Demand
from .touches import Touches
from .tracing import Traced, output_shapes

#: A batch size that no layer is likely to have as a width.
BATCH = 7
LARGEST = 1024

MATRICES = re.compile(r'cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)')
_VIEWS = re.compile(r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)")
#: Messages that say how many axes a tensor should have.
RANKS = re.compile(r'expected (\d+), got \d+|expects (\d+) axes|too many values to unpack \(expected (\d+)')
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


class MixedExamples(Exception):
    """The outputs have other rows than examples went in: a `view(-1, n)` ran over the edge of an example."""

    def __init__(self, rows: int) -> None:
        super().__init__(f'{rows} rows came out for {BATCH} examples')
        self.rows = rows


def mixed_examples(traced: Traced, specs: Sequence[InputSpec]) -> MixedExamples | None:
    for shape in output_shapes(traced):
        rows = shape[0] if shape else BATCH
        if BATCH in shape:
            continue
        if rows % BATCH or (rows > BATCH and len(shape) <= 2 and not _flattened_time(specs)):
            return MixedExamples(rows)
    return None


def _flattened_time(specs: Sequence[InputSpec]) -> bool:
    """Sequences may come out as (batch * time, classes), which is no mistake."""
    return any(spec.kind == 'int' or len(spec.shape) == 3 for spec in specs)


def sense(trial: Trial) -> int | None:
    """Whether a failed trial's size was too small (-1) or too large (1); None where the failure does not say."""
    if isinstance(trial.error, MixedExamples):
        return 1 if trial.error.rows > BATCH else -1
    text = str(trial.error)
    match = MATRICES.search(text)
    if match:
        got, wanted = int(match[2]), int(match[3])
        rows = int(match[1])
        return 1 if got * rows > wanted * BATCH else -1
    match = _VIEWS.search(text)
    if match:
        wanted = 1
        for item in match[1].split(','):
            wanted *= max(1, int(item)) if int(item) != -1 else 1
        got = int(match[2]) // BATCH
        if wanted % BATCH == 0 and '-1' not in match[1]:
            wanted //= BATCH
        return 1 if got > wanted else -1
    return -1 if _TOO_SMALL.search(text) else None


def bisect(sense: Callable[[int], int | None], low: int, high: int) -> int | None:
    """The size at which `sense` is zero, if it rises with size."""
    while low <= high:
        middle = (low + high) // 2 if high < LARGEST else min(low * 2 + 14, high)
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


def large_enough(demand: Demand, size: int, at: Callable[[int], Trial]) -> int:
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


def before_reshape(demand: Demand, arrived: tuple[int, ...], spec: InputSpec) -> Demand | None:
    """The demand on an input whose axes are changed on the way to the layer: so many features an example."""
    wanted = demand.shape[-1] if len(demand.shape) == 1 else None
    if wanted is not None and len(arrived) == 2 and len(spec.shape) > 1:
        # Flattened before a dense layer.
        return replace(demand, shape=(wanted,), batch_axis=0)
    if len(demand.shape) >= 2 and len(arrived) == len(spec.shape) + 1 and demand.shape[0] == 1:
        # `unsqueeze(1)` before a convolution over one channel.
        return replace(demand, shape=demand.shape[1:])
    return None


def of_rank(demand: Demand, rank: int) -> Demand:
    """The demand with another number of axes after the batch: channels first for three and more."""
    if rank >= 3:
        return replace(demand, shape=(3, *[None] * (rank - 1)), assumed=True)
    return replace(demand, shape=(*[None] * (rank - 1), demand.shape[-1] if demand.shape[-1] else 16))


def sentence(text: str) -> str:
    text = text[0].upper() + text[1:] if text else text
    return text if text.endswith('.') else text + '.'
