"""The largest singular value of a weight by power iteration (Miyato et al. 2018, arXiv:1802.05957)."""

from __future__ import annotations

from typing import Any

from gradient_lens.session import session
from gradient_lens.spans import Span

from ..._grad import no_grad
from ..._ops.products import dot, mv
from ..._ops.random import randn
from ..._tensor import Tensor
from .._functional.activations import normalize

#: Rounds from the first vector on. PyTorch makes as many when it is set up, and carries the vectors on from step to step.
_ROUNDS = 15


def first_vector(size: int) -> Tensor:
    return normalize(randn(size), dim=0)


def spectrally_normalised(
    weight: Tensor, start: Tensor, dim: int, rounds: int, eps: float, span: Span | None
) -> Tensor:
    """w / (u^T W v), W being w as a matrix whose rows run along `dim`; no gradient flows to u and v."""
    if session.recorder is not None:
        session.recorder.guess(
            'The singular vectors of `spectral_norm` are found anew in each step; PyTorch carries them over, so its first '
            'steps divide by a slightly smaller number.',
            span,
        )
    matrix: Any = weight.movedim(dim, 0).flatten(1) if weight.ndim > 2 or dim else weight  # type: ignore[attr-defined]
    with no_grad():
        fixed, u = matrix.detach(), start
        v = u
        for _ in range(max(rounds, _ROUNDS)):
            v = normalize(mv(fixed.t(), u), dim=0, eps=eps)
            u = normalize(mv(fixed, v), dim=0, eps=eps)
    return weight / dot(u.detach(), mv(matrix, v.detach()))
