"""keras.ops"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from .._namespace import IMAGE as _IMAGE
from .._namespace import OPS as _OPS

globals().update(_OPS)
#: Keras lists the same functions by home as well: `keras.ops.nn.relu`.
nn = numpy = backend = SimpleNamespace(**_OPS)
image = SimpleNamespace(**_IMAGE)


def __getattr__(name: str) -> Any:
    from gradient_lens.inert import Inert

    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'keras.ops.{name}')
