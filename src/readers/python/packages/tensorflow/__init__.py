"""A tracing stand-in for TensorFlow 2, as far as models are made with it; `tensorflow.keras` is `keras`."""

from __future__ import annotations

from typing import Any

import keras as keras
from gradient_lens.inert import Inert
from keras._tensor import Tensor as Tensor
from keras._types import TensorShape as TensorShape
from keras._variable import Variable as Variable
from keras.layers.layer import Layer as _Layer

from . import _names

__version__ = '2.21.0'
__path__: list[str]
newaxis = None
Module = _Layer
globals().update(_names.TOP)
_names.install()


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'tensorflow.{name}')
