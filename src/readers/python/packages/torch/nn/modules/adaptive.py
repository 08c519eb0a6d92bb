"""Softmax over many classes, the frequent ones first (Grave et al. 2016, arXiv:1609.04309)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradient_lens.errors import BadArgument, UnsupportedOp

from ..._ops.joining import cat
from ..._tensor import Tensor
from .. import functional as F
from .container import ModuleList, Sequential
from .linear import Linear
from .module import Module


class ASMoutput(NamedTuple):
    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """The head tells the frequent classes and the clusters of the rest; each cluster has a narrower projection."""

    def __init__(
        self, in_features: int, n_classes: int, cutoffs: Sequence[int], div_value: float = 4.0, head_bias: bool = False,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        ends = [int(n) for n in cutoffs]
        if ends != sorted(set(ends)) or not ends or min(ends) <= 0 or max(ends) > n_classes - 1:
            raise BadArgument(
                'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value '
                'is between 1 and n_classes-1'
            )
        self.in_features, self.n_classes = in_features, n_classes
        self.cutoffs = [*ends, n_classes]
        self.div_value, self.head_bias = div_value, head_bias
        self.shortlist_size, self.n_clusters = ends[0], len(ends)
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, bias=head_bias)
        self.tail = ModuleList()
        for place in range(self.n_clusters):
            width = int(in_features // div_value ** (place + 1))
            size = self.cutoffs[place + 1] - self.cutoffs[place]
            self.tail.append(Sequential(Linear(in_features, width, bias=False), Linear(width, size, bias=False)))

    def log_prob(self, input: Tensor) -> Tensor:
        """[N, in] to log-probabilities [N, classes]."""
        head: Any = F.log_softmax(self.head(input), dim=1)
        parts = [head[:, : self.shortlist_size]]
        for place, cluster in enumerate(self.tail):
            parts.append(F.log_softmax(cluster(input), dim=1) + head[:, self.shortlist_size + place].unsqueeze(1))
        return cat(parts, 1)

    def predict(self, input: Tensor) -> Tensor:
        return self.log_prob(input).argmax(1)  # type: ignore[attr-defined]

    def forward(self, input: Tensor, target: Tensor) -> ASMoutput:
        if input.ndim != 2 or target.ndim != 1:
            raise UnsupportedOp('AdaptiveLogSoftmaxWithLoss of a single sample')
        output: Any = self.log_prob(input).gather(1, target.unsqueeze(1)).squeeze(1)  # type: ignore[attr-defined]
        return ASMoutput(output, (-output).mean())
