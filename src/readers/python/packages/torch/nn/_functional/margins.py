"""Losses of distributions, distances and margins, written out in ops."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import UnsupportedOp
from gradient_lens.session import session

from ..._tensor import Tensor, read, wrap
from .losses import _number, _pairwise, _reduced, loss


@loss(None, 'KLDivLoss')
def kl_div(input: Tensor, target: Tensor, *, reduction: str = 'mean', log_target: bool = False) -> Tensor:
    """t (log t - x), x log-probabilities."""
    a, b = _pairwise(input, target)
    if log_target:
        value = p.binary('mul', p.unary('exp', b), p.binary('sub', b, a))
    else:
        positive = p.binary('greater', b, _number(0.0), result='bool')
        own = p.where(positive, p.binary('mul', b, p.unary('log', b)), _number(0.0))
        value = p.binary('sub', own, p.binary('mul', b, a))
    if reduction == 'batchmean':
        return wrap(p.binary('div', _reduced(value, 'sum'), _number(float(value.shape[0]))))
    return wrap(_reduced(value, reduction))


@loss(None, 'PoissonNLLLoss')
def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: bool = True, full: bool = False, *, eps: float = 1e-8, reduction: str = 'mean'
) -> Tensor:
    if full:
        raise UnsupportedOp('poisson_nll_loss with full=True')
    result = input.exp() - target * input if log_input else input - target * (input + eps).log()
    return wrap(_reduced(read(result), reduction))


@loss(None, 'GaussianNLLLoss')
def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Any, full: bool = False, eps: float = 1e-6, *, reduction: str = 'mean'
) -> Tensor:
    spread = var.clamp(min=eps) if isinstance(var, Tensor) else max(var, eps)
    log = spread.log() if isinstance(spread, Tensor) else math.log(spread)
    result = 0.5 * (log + (input - target) ** 2 / spread)
    return wrap(_reduced(read(result + 0.5 * math.log(2 * math.pi) if full else result), reduction))


@loss(None, 'HingeEmbeddingLoss')
def hinge_embedding_loss(input: Tensor, target: Any, margin: float = 1.0, *, reduction: str = 'mean') -> Tensor:
    result = (target == 1).float() * input + (target == -1).float() * (margin - input).clamp_min(0)
    return wrap(_reduced(read(result), reduction))


@loss(None, 'SoftMarginLoss')
def soft_margin_loss(input: Tensor, target: Tensor, *, reduction: str = 'mean') -> Tensor:
    return wrap(_reduced(read((-target * input).exp().log1p()), reduction))


@loss(None, 'CosineEmbeddingLoss')
def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Any, margin: float = 0.0, *, reduction: str = 'mean'
) -> Tensor:
    from .normalisation import cosine_similarity

    cos = cosine_similarity(input1, input2, 1)
    result = (target == 1).float() * (1 - cos) + (target == -1).float() * (cos - margin).clamp_min(0)
    return wrap(_reduced(read(result), reduction))


@loss(None, 'MarginRankingLoss')
def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, *, reduction: str = 'mean'
) -> Tensor:
    return wrap(_reduced(read((-target * (input1 - input2) + margin).clamp_min(0)), reduction))


@loss(None, 'TripletMarginLoss')
def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6,
    swap: bool = False, *, reduction: str = 'mean',
) -> Tensor:  # fmt: skip
    from .normalisation import pairwise_distance

    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = far.minimum(pairwise_distance(positive, negative, p, eps))
    return wrap(_reduced(read((near - far + margin).clamp_min(0)), reduction))


def _not_followed(name: str) -> Callable[..., Tensor]:
    @loss(None, name)
    def function(*args: Any, **kwargs: Any) -> Tensor:
        if session.recording:
            raise UnsupportedOp(f'the loss {name}')
        return wrap(_number(0.0))

    return function


ctc_loss = _not_followed('CTCLoss')
multilabel_margin_loss = _not_followed('MultiLabelMarginLoss')


@loss(None, 'MultiMarginLoss')
def multi_margin_loss(
    input: Tensor, target: Tensor, p: int = 1, margin: float = 1.0, weight: Tensor | None = None, *,
    reduction: str = 'mean',
) -> Tensor:  # fmt: skip
    """mean over the classes but the target's of max(0, margin - x_t + x_i)^p."""
    rows: Any = input if input.ndim > 1 else input.unsqueeze(0)  # type: ignore[attr-defined]
    goal: Any = target.reshape(-1, 1)  # type: ignore[attr-defined]
    gap = (margin - rows.gather(1, goal) + rows).clamp_min(0) ** p
    if weight is not None:
        gap = gap * weight[goal]
    from ..._ops.creation import arange

    others = (arange(rows.shape[1]) != goal).float()
    result = (gap * others).sum(1) / rows.shape[1]
    return wrap(_reduced(read(result if input.ndim > 1 else result.squeeze(0)), reduction))


@loss(None, 'MultiLabelSoftMarginLoss')
def multilabel_soft_margin_loss(input: Any, target: Any, weight: Tensor | None = None, *, reduction: str = 'mean') -> Tensor:
    from .activations import logsigmoid

    entry: Any = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    return wrap(_reduced(read((entry if weight is None else entry * weight).mean(-1)), reduction))


@loss(None, 'TripletMarginWithDistanceLoss')
def triplet_margin_with_distance_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, *, distance_function: Any = None, margin: float = 1.0,
    swap: bool = False, reduction: str = 'mean',
) -> Tensor:  # fmt: skip
    from .normalisation import pairwise_distance

    distance = distance_function or pairwise_distance
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return wrap(_reduced(read((near - far + margin).clamp_min(0)), reduction))
