"""keras.losses: which loss a file trains with, and the losses that are computed by hand."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from gradient_lens.inert import Inert
from gradient_lens.spans import Span

from ._loss_ops import WRITTEN, reduced
from ._tensor import Tensor
from .optimizers import Seen

#: `LossKind` of src/graph/graph.ts (on probabilities, on logits); None for a loss that it has no word for.
_KINDS: dict[str, tuple[str | None, str | None]] = {
    'categorical_crossentropy': ('probs', 'cross-entropy'),
    'sparse_categorical_crossentropy': ('probs', 'cross-entropy'),
    'binary_crossentropy': ('bce', 'bce-logits'),
    'mean_squared_error': ('mse', 'mse'),
    'mean_absolute_error': ('mae', 'mae'),
    'huber': ('huber', 'huber'),
    'binary_focal_crossentropy': (None, None),
    'categorical_focal_crossentropy': (None, None),
    'categorical_hinge': (None, None),
    'cosine_similarity': (None, None),
    'hinge': (None, None),
    'kl_divergence': (None, None),
    'log_cosh': (None, None),
    'mean_absolute_percentage_error': (None, None),
    'mean_squared_logarithmic_error': (None, None),
    'poisson': (None, None),
    'squared_hinge': (None, None),
    'ctc': (None, None),
    'dice': (None, None),
    'tversky': (None, None),
}
_SHORT = {
    'mse': 'mean_squared_error', 'MSE': 'mean_squared_error', 'mae': 'mean_absolute_error', 'MAE': 'mean_absolute_error',
    'mape': 'mean_absolute_percentage_error', 'msle': 'mean_squared_logarithmic_error', 'kld': 'kl_divergence',
    'kullback_leibler_divergence': 'kl_divergence', 'bce': 'binary_crossentropy', 'BCE': 'binary_crossentropy',
    'logcosh': 'log_cosh', 'huber_loss': 'huber',
}  # fmt: skip
_CLASS_NAMES = {
    'CategoricalCrossentropy': 'categorical_crossentropy', 'SparseCategoricalCrossentropy': 'sparse_categorical_crossentropy',
    'BinaryCrossentropy': 'binary_crossentropy', 'MeanSquaredError': 'mean_squared_error',
    'MeanAbsoluteError': 'mean_absolute_error', 'Huber': 'huber', 'KLDivergence': 'kl_divergence', 'Poisson': 'poisson',
    'BinaryFocalCrossentropy': 'binary_focal_crossentropy', 'CategoricalFocalCrossentropy': 'categorical_focal_crossentropy',
    'CategoricalHinge': 'categorical_hinge', 'CosineSimilarity': 'cosine_similarity', 'Hinge': 'hinge', 'LogCosh': 'log_cosh',
    'MeanAbsolutePercentageError': 'mean_absolute_percentage_error', 'SquaredHinge': 'squared_hinge',
    'MeanSquaredLogarithmicError': 'mean_squared_logarithmic_error', 'CTC': 'ctc', 'Dice': 'dice', 'Tversky': 'tversky',
}  # fmt: skip


@dataclass
class Compiled:
    """What `compile` was given. `kinds` are those of the outputs in order."""

    kinds: list[str | None]
    optimiser: Seen | None
    span: Span | None
    #: `fit(x, x)`
    target_is_input: bool = False
    #: `compile` was given no loss, or None.
    without_loss: bool = False

    @property
    def kind(self) -> str | None:
        kind = self.kinds[0] if self.kinds else None
        if self.target_is_input and kind in ('mse', 'mae', 'bce', 'huber', 'bce-logits'):
            return 'reconstruct'
        return kind


class Loss:
    """Root class; a subclass of the user's has a `call` of its own."""

    _kind: str | None = None

    def __init__(self, name: str | None = None, reduction: Any = None, dtype: Any = None, **_: Any) -> None:
        self.name, self.reduction = name, reduction

    #: The functional form, where it is written out.
    _written: Any = None

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        if self._written is None or sample_weight is not None:
            return Inert(f'{type(self).__name__}(...)')
        return reduced(self._written(y_true, y_pred), self.reduction)


def _loss_class(name: str, function: str) -> Any:
    def __init__(self: Any, *args: Any, from_logits: bool = False, **kwargs: Any) -> None:
        if args and isinstance(args[0], bool):
            from_logits = args[0]
        Loss.__init__(self, name=kwargs.get('name'), reduction=kwargs.get('reduction', 'sum_over_batch_size'))
        self.from_logits = from_logits
        options = {key: item for key, item in kwargs.items() if key in ('label_smoothing', 'axis')}
        options.update({'from_logits': True} if from_logits else {})
        if function in WRITTEN and len(args) <= 1:
            self._written = functools.partial(_loss_function(function), **options)
        self._kind = _KINDS[function][1 if from_logits else 0]

    return type(name, (Loss,), {'__init__': __init__, '__module__': __name__})


def _loss_function(name: str) -> Any:
    def loss(y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        written = WRITTEN.get(name)
        known = isinstance(y_pred, Tensor) and isinstance(y_true, Tensor)
        return Inert(f'{name}(...)') if written is None or not known else written(y_true, y_pred, *args, **kwargs)

    loss.__name__ = name
    return loss


globals().update({name: _loss_class(name, function) for name, function in _CLASS_NAMES.items()})
globals().update({name: _loss_function(name) for name in _KINDS})
globals().update({short: globals()[name] for short, name in _SHORT.items()})


def functions() -> dict[str, Any]:
    """The functional forms, which `keras.metrics` has as well."""
    return {name: globals()[name] for name in (*_KINDS, *_SHORT)}


def kind_of(loss: Any) -> str | None:
    if isinstance(loss, Loss):
        return loss._kind
    if isinstance(loss, type) and issubclass(loss, Loss):
        return kind_of(loss())
    name = loss if isinstance(loss, str) else getattr(loss, '__name__', '')
    name = _SHORT.get(name, _CLASS_NAMES.get(name, name))
    return _KINDS.get(name, (None, None))[0]


def kinds_of(loss: Any) -> list[str | None]:
    """One kind an output that has a loss."""
    if loss is None or isinstance(loss, Inert):
        return []
    if isinstance(loss, dict):
        return [kind_of(item) for item in loss.values()]
    if isinstance(loss, (list, tuple)):
        return [kind_of(item) for item in loss]
    return [kind_of(loss)]


def get(identifier: Any) -> Any:
    if isinstance(identifier, str):
        return globals().get(_SHORT.get(identifier, identifier), identifier)
    return identifier


class Reduction:
    AUTO, NONE, SUM, SUM_OVER_BATCH_SIZE = 'auto', 'none', 'sum', 'sum_over_batch_size'
