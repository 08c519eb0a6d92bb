"""Parts of a model that were made in a loop over something unknown: how many there are is not known."""

from __future__ import annotations

from typing import Any

from ..identity import identity
from ..repetition import UnknownLoop, repetition
from .models import is_torch, modules
from .problems import Problem, problem


class Counts:
    """Remembers the unknown loops around the making of modules, and around their calls in functional models."""

    def __init__(self) -> None:
        #: By `id`; the module is held, so an id stays its own.
        self._made: dict[int, tuple[Any, list[UnknownLoop]]] = {}
        self._connected: dict[int, tuple[Any, list[UnknownLoop]]] = {}

    def made(self, module: Any) -> None:
        loops = repetition.running() if repetition.loops else None
        if loops:
            self._made[identity(module)] = (module, loops.copy())

    def connected(self, layer: Any) -> None:
        """A layer was put on a symbolic tensor."""
        loops = repetition.running() if repetition.loops else None
        if loops:
            self._connected.setdefault(identity(layer), (layer, loops.copy()))

    def forget(self) -> None:
        self._made.clear()
        self._connected.clear()

    def problem_of(self, model: Any) -> Problem | None:
        """The first loop that made parts of the model and was not around the making of the model as well."""
        around = self._made[identity(model)][1] if identity(model) in self._made else []
        for part in modules(model):
            held = self._made.get(identity(part), (None, []))[1]
            if part is not model:
                held = [*held, *self._connected.get(identity(part), (None, []))[1]]
            held = [*held, *(_loops_of_parameters(part) if is_torch(part) else [])]
            for loop in held:
                if loop not in around:
                    return _uncounted(model, part, loop)
        return None


def _loops_of_parameters(module: Any) -> list[UnknownLoop]:
    return [loop for parameter in module.parameters(recurse=False) for loop in parameter._record.loops]


def _uncounted(model: Any, part: Any, loop: UnknownLoop) -> Problem:
    where = type(part).__name__ if part is not model else 'weights'
    return problem(
        'needs-arguments',
        f'`{loop.label}` is not known here, so it is not known how often this loop makes parts ({where}) of '
        f'`{type(model).__name__}`. Write the number in the file, or give it to the constructor as an argument and say it above '
        'the class: `# gradient-lens: args=(...)`.',
        loop.span,
    )
