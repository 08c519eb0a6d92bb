"""Draws. Inside the forward pass each is made afresh every time; outside it is made once."""

from __future__ import annotations

import math
from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import UnsupportedOp
from gradient_lens.initialisers import unknown
from gradient_lens.session import session
from gradient_lens.value import Value, drawn, emit, source

from .._complex import made
from .._convert import as_tensor, sizes
from .._tensor import Tensor, assign, read, wrap
from .._types import float32, int64
from .._types import dtype as Dtype


def draw(distribution: str, shape: Sequence[int]) -> Value:
    """N(0,1) ('normal') or U(0,1) ('uniform')."""
    recorder = session.recorder
    if recorder is None:
        if distribution == 'normal':
            return drawn({'kind': 'normal', 'mean': 0, 'std': 1}, shape)
        return drawn({'kind': 'uniform', 'low': 0, 'high': 1}, shape)
    recorder.spend()
    attributes = {'distribution': distribution, 'draw': recorder.draw('random')}
    return source('random', attributes, shape, 'float', owner=recorder, live=False)


def _drawn(distribution: str, shape: Sequence[int], dtype: Dtype | None, requires_grad: bool) -> Tensor:
    if dtype is not None and dtype.is_complex:
        # Two draws: PyTorch's complex normal has variance 1 in all, a half in each part.
        real, imag = (wrap(draw(distribution, shape), float32) for _ in range(2))
        drawn_pair: Any = made(real, imag)
        return drawn_pair * math.sqrt(0.5) if distribution == 'normal' else drawn_pair
    tensor = wrap(draw(distribution, shape), dtype or float32)
    if requires_grad:
        tensor.requires_grad = True
    return tensor


def randn(
    *shape: Any, size: Any = None, generator: Any = None, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False, layout: Any = None, pin_memory: bool = False, out: Any = None,
) -> Tensor:  # fmt: skip
    return _drawn('normal', sizes((size,) if size is not None else shape), dtype, requires_grad)


def rand(
    *shape: Any, size: Any = None, generator: Any = None, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False, layout: Any = None, pin_memory: bool = False, out: Any = None,
) -> Tensor:  # fmt: skip
    return _drawn('uniform', sizes((size,) if size is not None else shape), dtype, requires_grad)


def randn_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None, layout: Any = None,
) -> Tensor:  # fmt: skip
    return _drawn('normal', input.shape, dtype or input.dtype, requires_grad)


def rand_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None, layout: Any = None,
) -> Tensor:  # fmt: skip
    return _drawn('uniform', input.shape, dtype or input.dtype, requires_grad)


def _whole_numbers(low: int, high: int, shape: Sequence[int]) -> Value:
    """floor(U(0,1) * (high - low)) + low"""
    spread = p.binary('mul', draw('uniform', shape), p.fill(float(high - low), (), 'float'))
    return p.binary('add', p.cast(p.unary('floor', spread), 'int'), p.fill(low, (), 'int'))


def randint(
    low: Any, high: Any = None, size: Any = None, *, generator: Any = None, dtype: Dtype | None = None,
    device: Any = None, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    if not isinstance(high, int) and size is None:
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    of = dtype or int64
    shape = sizes((size,))
    if session.recorder is None and of.kind == 'int':
        # What the file makes up as data: the limit tells how many words or classes there are.
        law = unknown('random whole numbers', shape)
        return wrap(source('drawn', {'initialiser': law, 'high': int(high)}, shape, 'int', owner=None, live=False), of)
    return wrap(p.cast(_whole_numbers(int(low), int(high), shape), of.kind), of)


def randint_like(input: Tensor, low: Any, high: Any = None, *, dtype: Dtype | None = None) -> Tensor:
    return randint(low, high, tuple(input.shape), dtype=dtype or input.dtype)


def randperm(n: int, *, generator: Any = None, dtype: Dtype | None = None, device: Any = None, **_: Any) -> Tensor:
    """The order that sorts n draws."""
    return _drawn('uniform', (n,), None, False).argsort(0)


def normal(mean: Any, std: Any = 1.0, size: Any = None, *, generator: Any = None, dtype: Any = None, device: Any = None) -> Tensor:
    if size is None:
        size = (mean + std).shape if isinstance(mean, Tensor) or isinstance(std, Tensor) else ()
    return randn(size, dtype=dtype) * std + mean


def bernoulli(input: Tensor, p: Any = None, *, generator: Any = None) -> Tensor:
    chance = input if p is None else p
    return (_drawn('uniform', input.shape, None, False) < chance).to(input.dtype)


def poisson(input: Tensor, generator: Any = None) -> Tensor:
    raise UnsupportedOp('torch.poisson')


def multinomial(input: Tensor, num_samples: int, replacement: bool = False, *, generator: Any = None) -> Tensor:
    if session.recording:
        raise UnsupportedOp('torch.multinomial in the forward pass')
    return wrap(_whole_numbers(0, input.shape[-1], (*input.shape[:-1], num_samples)), int64)


# ---- in place: on a parameter these are its initialisation ----


def _law(tensor: Tensor, law: dict[str, Any], fresh: Any) -> Tensor:
    value = fresh() if session.recording else drawn(law, tensor.shape)
    return assign(tensor, value)


def normal_(self: Tensor, mean: Any = 0.0, std: Any = 1.0, *, generator: Any = None) -> Tensor:
    law = {'kind': 'normal', 'mean': float(mean), 'std': float(std)}
    return _law(self, law, lambda: read(randn(*self.shape) * std + mean))


def uniform_(self: Tensor, a: Any = 0.0, b: Any = 1.0, *, generator: Any = None, **ends: Any) -> Tensor:
    low, high = float(ends.pop('from', a)), float(ends.pop('to', b))
    if ends:
        raise TypeError(f'uniform_() got an unexpected keyword argument {next(iter(ends))!r}')
    law = {'kind': 'uniform', 'low': low, 'high': high}
    return _law(self, law, lambda: read(rand(*self.shape) * (high - low) + low))


def bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Any = None) -> Tensor:
    return assign(self, read(bernoulli(self, p).to(self.dtype)))


def random_(self: Tensor, a: Any = 0, b: Any = None, *, generator: Any = None) -> Tensor:
    low, high = (0, a) if b is None else (a, b)
    return assign(self, p.cast(_whole_numbers(int(low), int(high) or 2**24, self.shape), self.dtype.kind))


def _special(name: str) -> Any:
    def function(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if session.recording:
            raise UnsupportedOp(f'Tensor.{name} in the forward pass')
        return assign(self, drawn(unknown(f'it is drawn by `{name}`', tuple(self.shape)), self.shape, self.dtype.kind))

    return function


exponential_ = _special('exponential_')
cauchy_ = _special('cauchy_')
log_normal_ = _special('log_normal_')
geometric_ = _special('geometric_')


def gumbel_like(input: Tensor) -> Tensor:
    """-log(-log(U)): Gumbel noise (Jang et al. 2017), U kept away from nought."""
    uniform = as_tensor(_drawn('uniform', input.shape, None, False)).clamp(min=math.ulp(0.5))
    return -(-uniform.log()).log()


def dropout_value(value: Value, rate: float, shared: Sequence[int], alpha: bool = False) -> Value:
    """Inverted dropout; one draw along `shared` axes."""
    recorder = session.recorder
    number = recorder.draw('dropout') if recorder is not None else 0
    attributes = {'rate': float(rate), 'sharedAxes': list(shared), 'alpha': alpha, 'draw': number}
    return emit('dropout', attributes, (value,), value.shape, 'float')
