"""Random numbers: real where few are asked for, so that `random.choice` of a size gives a size; shapes alone otherwise."""

from __future__ import annotations

import math
import random as _random
from typing import Any

from gradient_lens.chance import note
from gradient_lens.inert import Inert, first_inert
from gradient_lens.session import session

from ._array import MOST_ELEMENTS, ndarray
from ._create import _shape


class RandomState:
    """Draws in the manner of `numpy.random`; a fixed seed, so that a file is read alike each time."""

    def __init__(self, seed: Any = None, *arguments: Any) -> None:
        self._source = _random.Random(0 if seed is None or isinstance(seed, Inert) else repr(seed))

    def _draws(self, size: Any, kind: str, draw: Any) -> Any:
        if session.recording:
            note('What `numpy.random` gives')
            self._source.seed(0)
            if size is None:
                # Of many draws the one in the middle: what happens rarely does not happen.
                return sorted(draw() for _ in range(101))[50]
        if size is None:
            return draw()
        shape = _shape(size)
        if isinstance(shape, Inert):
            return shape
        # Data are not worth drawing one by one; only small sets are.
        count = math.prod(shape)
        return ndarray._make(shape, kind, [draw() for _ in range(count)] if count <= MOST_ELEMENTS // 16 else None)

    def seed(self, seed: Any = None) -> None:
        self._source.seed(0 if seed is None or isinstance(seed, Inert) else repr(seed))

    def rand(self, *shape: Any) -> Any:
        return self._draws(shape or None, 'float', self._source.random)

    def random(self, size: Any = None, *arguments: Any, **options: Any) -> Any:
        return self._draws(size, 'float', self._source.random)

    random_sample = sample = ranf = random

    def randn(self, *shape: Any) -> Any:
        return self._draws(shape or None, 'float', lambda: self._source.gauss(0.0, 1.0))

    def standard_normal(self, size: Any = None, *arguments: Any, **options: Any) -> Any:
        return self._draws(size, 'float', lambda: self._source.gauss(0.0, 1.0))

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
        unknown = first_inert((loc, scale))
        if unknown is not None:
            return unknown
        if isinstance(loc, ndarray) or isinstance(scale, ndarray):
            shape = (loc if isinstance(loc, ndarray) else scale).shape
            return ndarray._make(shape if size is None else _shape(size), 'float', None)
        return self._draws(size, 'float', lambda: self._source.gauss(loc, scale))

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        unknown = first_inert((low, high))
        if unknown is not None:
            return unknown
        return self._draws(size, 'float', lambda: self._source.uniform(float(low), float(high)))

    def randint(self, low: Any, high: Any = None, size: Any = None, *arguments: Any, **options: Any) -> Any:
        unknown = first_inert((low, high))
        if unknown is not None:
            return unknown
        if high is None:
            low, high = 0, low
        return self._draws(size, 'int', lambda: self._source.randrange(int(low), max(int(low) + 1, int(high))))

    integers = random_integers = randint

    def choice(self, a: Any, size: Any = None, *arguments: Any, **options: Any) -> Any:
        if isinstance(a, Inert):
            return a
        items = list(range(a)) if isinstance(a, int) else list(a)
        kind = 'int' if items and isinstance(items[0], int) else 'float'
        if size is None:
            return self._source.choice(items)
        if items and not isinstance(items[0], (int, float)):
            return Inert('numpy.random.choice(...)')
        return self._draws(size, kind, lambda: self._source.choice(items))

    def multivariate_normal(self, mean: Any, cov: Any, size: Any = None, *arguments: Any, **options: Any) -> Any:
        unknown = first_inert((mean, size))
        return unknown if unknown is not None else ndarray._make((*(() if size is None else _shape(size)), len(mean)), 'float', None)

    def beta(self, a: Any, b: Any, size: Any = None) -> Any:
        return self._draws(size, 'float', lambda: self._source.betavariate(a, b))

    def permutation(self, x: Any) -> Any:
        if isinstance(x, Inert):
            return x
        if isinstance(x, int):
            items = list(range(x))
            self._source.shuffle(items)
            return ndarray._make((x,), 'int', items)
        return x.copy() if isinstance(x, ndarray) else ndarray._make((len(x),), 'float', None)

    def shuffle(self, x: Any) -> None:
        if isinstance(x, list):
            self._source.shuffle(x)

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'numpy.random.{name}')


Generator = RandomState


def default_rng(seed: Any = None) -> RandomState:
    return RandomState(seed)


_default = RandomState()
seed, rand, randn, random, random_sample, sample = (
    _default.seed, _default.rand, _default.randn, _default.random, _default.random_sample, _default.sample,
)  # fmt: skip
normal, uniform, randint, choice, beta, multivariate_normal = (
    _default.normal, _default.uniform, _default.randint, _default.choice, _default.beta, _default.multivariate_normal,
)  # fmt: skip
permutation, shuffle, standard_normal = _default.permutation, _default.shuffle, _default.standard_normal


def get_state() -> Any:
    return Inert('numpy.random state')


def set_state(state: Any) -> None:
    return


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'numpy.random.{name}')
