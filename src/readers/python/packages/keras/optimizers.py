"""keras.optimizers: which optimiser a file trains with; nothing is updated here."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from gradient_lens.inert import Inert
from gradient_lens.spans import Span, here


#: Older files import from modules below this one.
__path__: list[str] = []


@dataclass
class Seen:
    name: str
    learning_rate: float | None
    momentum: float | None
    span: Span | None


class Optimizer:
    """Root class."""

    _rate: Any = 0.001

    def __init__(self, learning_rate: Any = None, *args: Any, **kwargs: Any) -> None:
        if learning_rate is None:
            learning_rate = kwargs.pop('lr', self._rate)
        self.learning_rate = learning_rate
        self.momentum = kwargs.get('momentum', args[0] if args and isinstance(self, SGD) else None)
        self._span = here()
        self.iterations = 0

    @property
    def lr(self) -> Any:
        return self.learning_rate

    @lr.setter
    def lr(self, value: Any) -> None:
        self.learning_rate = value

    def apply_gradients(self, *_: Any, **__: Any) -> None:
        return

    def build(self, *_: Any) -> None:
        return

    apply = minimize = assign = build

    @property
    def variables(self) -> list[Any]:
        return []

    def get_config(self) -> dict[str, Any]:
        return {'learning_rate': self.learning_rate}


class SGD(Optimizer):
    _rate = 0.01


_RATES = {
    'Adam': 0.001, 'AdamW': 0.001, 'Adamax': 0.001, 'Nadam': 0.001, 'RMSprop': 0.001, 'Adagrad': 0.001, 'Adadelta': 0.001,
    'Ftrl': 0.001, 'Lion': 0.001, 'Adafactor': 0.001, 'Lamb': 0.001, 'Muon': 0.001,
}  # fmt: skip


class Adam(Optimizer):
    pass


globals().update(
    {name: type(name, (Optimizer,), {'_rate': rate, '__module__': __name__}) for name, rate in _RATES.items() if name != 'Adam'}
)
_BY_NAME = {name.lower(): globals()[name] for name in ('SGD', *_RATES)}


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    if name.endswith('_v2'):
        # `from keras.optimizers import adam_v2`: Keras 2.6 to 2.10 kept each optimiser in a module of its own.
        return SimpleNamespace(**{cls.__name__: cls for cls in _BY_NAME.values()})
    return Inert(f'keras.optimizers.{name}')


def get(identifier: Any) -> Any:
    if isinstance(identifier, str):
        cls = _BY_NAME.get(identifier.lower())
        return Inert(identifier) if cls is None else cls()
    return identifier


def seen(optimizer: Any) -> Seen | None:
    """What is known of the optimiser that `compile` gets."""
    made = get(optimizer)
    if not isinstance(made, Optimizer):
        return None
    rate = made.learning_rate
    if not isinstance(rate, (int, float)):
        rate = getattr(rate, 'initial_learning_rate', None)
    momentum = made.momentum
    return Seen(
        type(made).__name__,
        float(rate) if isinstance(rate, (int, float)) else None,
        float(momentum) if isinstance(momentum, (int, float)) else None,
        made._span,
    )


class LearningRateSchedule:
    """Root class of `keras.optimizers.schedules`."""

    def __init__(self, initial_learning_rate: Any = None, *_: Any, **__: Any) -> None:
        self.initial_learning_rate = initial_learning_rate

    def __call__(self, step: Any) -> Any:
        return Inert('learning rate')

    def get_config(self) -> dict[str, Any]:
        return {}
