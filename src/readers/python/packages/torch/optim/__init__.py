"""Optimisers that only say what they are: which parameters, which learning rate. Nothing is trained while a file is read."""

from . import lr_scheduler, swa_utils
from ._kinds import (
    ASGD,
    LBFGS,
    SGD,
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Muon,
    NAdam,
    RAdam,
    RMSprop,
    Rprop,
    SparseAdam,
)
from .optimizer import Optimizer

__all__ = [
    'ASGD', 'LBFGS', 'SGD', 'Adadelta', 'Adafactor', 'Adagrad', 'Adam', 'AdamW', 'Adamax', 'Muon', 'NAdam', 'Optimizer',
    'RAdam', 'RMSprop', 'Rprop', 'SparseAdam', 'lr_scheduler', 'swa_utils',
]  # fmt: skip
