"""What a file saves and describes of its models, so that it finds them again."""

from __future__ import annotations

import os.path
import re
from typing import Any

from gradient_lens.inert import Inert


class Saved:
    """Models and weights by path, and models by the number of their description."""

    def __init__(self) -> None:
        self._models: list[tuple[str, Any]] = []
        self._weights: list[tuple[str, Any]] = []
        self._described: list[Any] = []

    def keep(self, path: Any, model: Any, only_weights: bool) -> None:
        written = _written(path)
        if written is not None:
            (self._weights if only_weights else self._models).append((written, model))

    def model(self, path: Any) -> Any:
        """The model that was saved at a path last; None where there is none."""
        return _last(self._models, path)

    def holds_weights_of(self, path: Any, model: Any) -> bool:
        """Whether what lies at a path are weights that this model had itself."""
        return _last(self._weights, path) is model or _last(self._models, path) is model

    def describe(self, model: Any) -> int:
        self._described.append(model)
        return len(self._described) - 1

    def described(self, number: Any) -> Any:
        return self._described[number] if isinstance(number, int) and 0 <= number < len(self._described) else None


def _written(path: Any) -> str | None:
    if isinstance(path, Inert) or not (isinstance(path, str) or hasattr(path, '__fspath__')):
        return None
    return os.path.normpath(os.fspath(path))


def _last(kept: list[tuple[str, Any]], path: Any) -> Any:
    wanted = _written(path)
    if wanted is None:
        return None
    return next((model for written, model in reversed(kept) if _means(written, wanted)), None)


def _means(written: str, wanted: str) -> bool:
    """Whether a path comes of one that may hold fields for the epoch and for measures (`{epoch:02d}`)."""
    parts = re.split(r'\{[^{}]*\}', written)
    return re.fullmatch('.+'.join(map(re.escape, parts)), wanted) is not None
