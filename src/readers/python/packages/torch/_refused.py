"""What PyTorch has and is not followed: in a forward pass it is refused by name, in a script it gives something unknown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from gradient_lens.errors import UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.session import session

from ._unfollowed import COMPLEX, FUNCTIONS, TRANSFORMS

_COMPLEX_ADVICE = 'the inverse of a short-time Fourier transform is not followed'
_TRANSFORM_ADVICE = 'function transforms are not followed; write the call out, or give the model an entry without it'


def refused(label: str, advice: str = '') -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        if session.recording:
            raise UnsupportedOp(f'`{label}`', advice)
        return Inert(f'{label}(...)')

    function.__name__ = label.rpartition('.')[2]
    return function


class Transformed:
    """What a function transform gives: refused when a forward pass calls it."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return refused(self.label, _TRANSFORM_ADVICE)(*args, **kwargs)


def _transform(label: str) -> Callable[..., Any]:
    """`vmap(f)` must not pass for f itself, as a plain decorator would."""

    def transform(*args: Any, **kwargs: Any) -> Any:
        return Transformed(label)

    return transform


class _Home(ModuleType):
    """A module all of whose functions are refused."""

    def __init__(self, name: str, make: Callable[[str], Any]) -> None:
        super().__init__(name)
        self._make = make

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return self._make(f'{self.__name__}.{name}')


def install(torch: ModuleType) -> None:
    for name in FUNCTIONS.split():
        setattr(torch, name, refused(f'torch.{name}'))
    for name in COMPLEX.split():
        setattr(torch, name, refused(f'torch.{name}', _COMPLEX_ADVICE))
    for name in TRANSFORMS.split():
        setattr(torch, name, _transform(f'torch.{name}'))
    homes: dict[str, Callable[[str], Any]] = {
        'torch.func': _transform,
        'torch.autograd.functional': lambda label: refused(label),
    }
    for path, make in homes.items():
        parent, _, leaf = path.rpartition('.')
        home = _Home(path, make)
        sys.modules[path] = home
        setattr(sys.modules[parent], leaf, home)
