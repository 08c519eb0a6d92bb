"""`torch.special`: what has an op is read, the rest is refused by name."""

from __future__ import annotations

from typing import Any

from ._ops import elementwise, further, reductions
from ._ops.erfinv import erfinv as erfinv
from ._refused import refused

expit = elementwise.sigmoid
logit, exp2, expm1, log1p, erf, erfc = (
    elementwise.logit, elementwise.exp2, elementwise.expm1, elementwise.log1p, elementwise.erf, elementwise.erfc,
)  # fmt: skip
round, softmax, log_softmax = elementwise.round, elementwise.softmax, elementwise.log_softmax
logsumexp, xlogy, sinc = reductions.logsumexp, further.xlogy, further.sinc


def xlog1py(input: Any, other: Any) -> Any:
    return xlogy(input, other + 1)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return refused(f'torch.special.{name}')
