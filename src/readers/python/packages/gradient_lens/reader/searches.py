"""Search spaces of KerasTuner that the file describes and no tuner of it builds."""

from __future__ import annotations

from typing import Any

from keras_tuner import HyperModel, HyperParameters

from .candidates import Candidate, class_span
from .execution import Executor
from .models import fresh_names, has_weights
from .tensors import Module


def is_search_space(value: Any) -> bool:
    return isinstance(value, HyperModel)


def built(space: Any, executor: Executor) -> Any:
    """The model of a search space, with the hyperparameters that a tuner tries first; None where it cannot be built."""
    fresh_names()
    return executor.call(lambda: space.build(HyperParameters()))


def search_spaces(names: dict[str, Any], executor: Executor) -> list[Candidate]:
    """A model for each search space in a variable, named by its class."""
    found: list[Candidate] = []
    for name, value in list(names.items()):
        if not is_search_space(value) or '_searched' in vars(value):
            continue
        model = built(value, executor)
        if isinstance(model, Module) and has_weights(model):
            cls = type(value)
            found.append(Candidate(cls.__name__, name, model, class_span(cls), None, [], (cls.__name__, name), 'keras'))
    return found
