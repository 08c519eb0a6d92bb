"""A tracing stand-in for torchaudio: spectra and what is computed of them; data sets and files are unknown."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from . import functional as functional
from . import transforms as transforms

__version__ = '2.11.0'


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchaudio.{name}')
