"""A stand-in for KerasTuner: a search builds its model once, with the hyperparameters that the tuner tries first."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gradient_lens.inert import Inert


class HyperParameters:
    """Each hyperparameter has its default: the one that is given, else the least or the first."""

    def Int(self, name: str, min_value: int = 0, max_value: int = 0, step: Any = None, sampling: Any = None, default: Any = None, **_: Any) -> Any:
        return min_value if default is None else default

    def Float(self, name: str, min_value: float = 0.0, max_value: float = 0.0, step: Any = None, sampling: Any = None, default: Any = None, **_: Any) -> Any:
        return min_value if default is None else default

    def Choice(self, name: str, values: Any = (), ordered: Any = None, default: Any = None, **_: Any) -> Any:
        return values[0] if default is None else default

    def Boolean(self, name: str, default: bool = False, **_: Any) -> bool:
        return default

    def Fixed(self, name: str, value: Any = None, **_: Any) -> Any:
        return value

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'HyperParameters.{name}')


class HyperModel:
    """Root class: a subclass has `build(hp)`."""

    def __init__(self, name: Any = None, tunable: bool = True) -> None:
        self.name, self.tunable = name, tunable

    def build(self, hp: Any) -> Any:
        raise NotImplementedError

    def fit(self, hp: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
        return model.fit(*args, **kwargs)


class _Built(HyperModel):
    def __init__(self, build: Callable[[Any], Any]) -> None:
        super().__init__()
        self._build = build

    def build(self, hp: Any) -> Any:
        return self._build(hp)


class Tuner:
    """Root class of all tuners."""

    def __init__(self, hypermodel: Any = None, *_: Any, **kwargs: Any) -> None:
        hypermodel = hypermodel if hypermodel is not None else kwargs.get('hypermodel')
        self.hypermodel = hypermodel if hasattr(hypermodel, 'build') or not callable(hypermodel) else _Built(hypermodel)
        self._model = None if isinstance(hypermodel, (Inert, type(None))) else self.hypermodel.build(HyperParameters())
        if isinstance(hypermodel, HyperModel):
            hypermodel.__dict__['_searched'] = True

    def search(self, *args: Any, **kwargs: Any) -> None:
        if self._model is not None:
            self._model.fit(*args, **kwargs)

    def get_best_models(self, num_models: int = 1) -> Any:
        return [self._model] * num_models

    def get_best_hyperparameters(self, num_trials: int = 1) -> Any:
        return [HyperParameters()] * num_trials

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'tuner.{name}')


class RandomSearch(Tuner):
    pass


class BayesianOptimization(Tuner):
    pass


class Hyperband(Tuner):
    pass


class GridSearch(Tuner):
    pass


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'keras_tuner.{name}')


# Its older name.
sys.modules['kerastuner'] = sys.modules[__name__]
