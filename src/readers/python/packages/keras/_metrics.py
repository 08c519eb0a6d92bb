"""Metrics: what they are told of tensors changes nothing that is measured."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from ._quiet import Settable, classes

_METRICS = (
    'Mean Sum Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy TopKCategoricalAccuracy '
    'SparseTopKCategoricalAccuracy AUC Precision Recall F1Score FalseNegatives FalsePositives TrueNegatives TruePositives '
    'MeanSquaredError RootMeanSquaredError MeanAbsoluteError MeanIoU OneHotMeanIoU BinaryCrossentropy '
    'CategoricalCrossentropy SparseCategoricalCrossentropy CosineSimilarity R2Score IoU KLDivergence'
)


class Metric(Settable):
    """Takes numbers and gives something unknown. A subclass' own `update_state` is not run: it is no part of the model."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ('update_state', 'reset_state', 'reset_states'):
            if name in vars(cls):
                setattr(cls, name, getattr(Metric, name))

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Inert(f'{type(self).__name__}(...)')

    def update_state(self, *_: Any, **__: Any) -> None:
        return

    def reset_state(self) -> None:
        return

    reset_states = reset_state

    def result(self) -> Any:
        return Inert(f'{type(self).__name__}.result()')


METRICS: dict[str, Any] = {'Metric': Metric, **classes('keras.metrics', _METRICS, Metric)}
