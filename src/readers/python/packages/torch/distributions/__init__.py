"""`torch.distributions`: normal, uniform and Bernoulli ones, as variational models use them."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import UnsupportedOp
from gradient_lens.session import session

from .._convert import as_tensor
from .._ops.random import rand, randn
from .._types import Size
from ..nn._functional.activations import softplus


class Distribution:
    """Batch of distributions of one event each."""

    arg_constraints: dict[str, Any] = {}
    has_rsample = False
    batch_shape: Size

    def sample(self, sample_shape: Any = ()) -> Any:
        """A draw that gradients do not flow through."""
        return self.rsample(sample_shape).detach()

    def rsample(self, sample_shape: Any = ()) -> Any:
        raise UnsupportedOp(f'{type(self).__name__}.rsample')


class Normal(Distribution):
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: Any = None) -> None:
        self.loc, self.scale = as_tensor(loc), as_tensor(scale)
        self.batch_shape = (self.loc + self.scale).shape

    mean = property(lambda self: self.loc)
    stddev = property(lambda self: self.scale)
    variance = property(lambda self: self.scale**2)

    def rsample(self, sample_shape: Any = ()) -> Any:
        """loc + scale * noise (Kingma and Welling 2014)."""
        return self.loc + self.scale * randn(*sample_shape, *self.batch_shape)

    def log_prob(self, value: Any) -> Any:
        gap = (as_tensor(value) - self.loc) / self.scale
        return -0.5 * gap**2 - self.scale.log() - 0.5 * math.log(2 * math.pi)

    def entropy(self) -> Any:
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()


class Uniform(Distribution):
    has_rsample = True

    def __init__(self, low: Any, high: Any, validate_args: Any = None) -> None:
        self.low, self.high = as_tensor(low), as_tensor(high)
        self.batch_shape = (self.low + self.high).shape

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.low + (self.high - self.low) * rand(*sample_shape, *self.batch_shape)


class Bernoulli(Distribution):
    def __init__(self, probs: Any = None, logits: Any = None, validate_args: Any = None) -> None:
        self.logits = as_tensor(logits) if probs is None else as_tensor(probs).logit()
        self.probs = self.logits.sigmoid() if probs is None else as_tensor(probs)
        self.batch_shape = self.probs.shape

    def sample(self, sample_shape: Any = ()) -> Any:
        return (rand(*sample_shape, *self.batch_shape) < self.probs).float().detach()

    def log_prob(self, value: Any) -> Any:
        """x logit - softplus(logit)"""
        return as_tensor(value) * self.logits - softplus(self.logits)

    def entropy(self) -> Any:
        return softplus(self.logits) - self.probs * self.logits


class Categorical(Distribution):
    """Classes by probability; drawing one inside a forward pass is not followed."""

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: Any = None) -> None:
        self.logits = as_tensor(logits).log_softmax(-1) if probs is None else as_tensor(probs).log()
        self.probs = self.logits.softmax(-1)
        self.batch_shape = self.logits.shape[:-1]

    def sample(self, sample_shape: Any = ()) -> Any:
        if session.recording:
            raise UnsupportedOp('Categorical.sample in the forward pass')
        return self.probs.argmax(-1)

    def log_prob(self, value: Any) -> Any:
        return self.logits.gather(-1, as_tensor(value).long().unsqueeze(-1)).squeeze(-1)

    def entropy(self) -> Any:
        return -(self.logits * self.probs).sum(-1)


class Independent(Distribution):
    """The last dims of a batch count as one event."""

    def __init__(self, base_distribution: Any, reinterpreted_batch_ndims: int, validate_args: Any = None) -> None:
        self.base_dist, self.dims = base_distribution, reinterpreted_batch_ndims

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.base_dist.rsample(sample_shape)

    def sample(self, sample_shape: Any = ()) -> Any:
        return self.base_dist.sample(sample_shape)

    def log_prob(self, value: Any) -> Any:
        found = self.base_dist.log_prob(value)
        return found.sum(tuple(range(-self.dims, 0))) if self.dims else found


def kl_divergence(p: Any, q: Any) -> Any:
    """KL(p || q) of two normals: log(s_q / s_p) + (s_p^2 + (m_p - m_q)^2) / (2 s_q^2) - 1/2."""
    if isinstance(p, Normal) and isinstance(q, Normal):
        ratio = (p.scale / q.scale) ** 2
        shift = ((p.loc - q.loc) / q.scale) ** 2
        return 0.5 * (ratio + shift - 1 - ratio.log())
    if isinstance(p, Bernoulli) and isinstance(q, Bernoulli):
        return p.probs * (p.logits - q.logits) + softplus(q.logits) - softplus(p.logits)
    raise UnsupportedOp(f'kl_divergence of {type(p).__name__} and {type(q).__name__}')


def __getattr__(name: str) -> Any:
    if not name[:1].isupper():
        raise AttributeError(f"module 'torch.distributions' has no attribute {name!r}")

    def refuse(self: Any, *args: Any, **kwargs: Any) -> None:
        raise UnsupportedOp(f'torch.distributions.{name}')

    return type(name, (Distribution,), {'__init__': refuse})
