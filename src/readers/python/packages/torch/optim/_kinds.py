"""PyTorch's optimisers with their default learning rates."""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer


class SGD(Optimizer):
    def __init__(
        self, params: Any, lr: Any = 1e-3, momentum: Any = 0, dampening: Any = 0, weight_decay: Any = 0,
        nesterov: bool = False, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            params,
            {'lr': lr, 'momentum': momentum, 'dampening': dampening, 'weight_decay': weight_decay, 'nesterov': nesterov},
        )


class Adam(Optimizer):
    def __init__(
        self, params: Any, lr: Any = 1e-3, betas: Any = (0.9, 0.999), eps: Any = 1e-8, weight_decay: Any = 0,
        amsgrad: bool = False, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            params, {'lr': lr, 'betas': betas, 'eps': eps, 'weight_decay': weight_decay, 'amsgrad': amsgrad}
        )


class AdamW(Adam):
    def __init__(
        self, params: Any, lr: Any = 1e-3, betas: Any = (0.9, 0.999), eps: Any = 1e-8, weight_decay: Any = 1e-2,
        amsgrad: bool = False, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad)


class RMSprop(Optimizer):
    def __init__(
        self, params: Any, lr: Any = 1e-2, alpha: Any = 0.99, eps: Any = 1e-8, weight_decay: Any = 0, momentum: Any = 0,
        centered: bool = False, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            params, {'lr': lr, 'alpha': alpha, 'eps': eps, 'weight_decay': weight_decay, 'momentum': momentum}
        )


class _Plain(Optimizer):
    """An optimiser of which only the learning rate matters here."""

    _rate: float | None = 1e-3

    def __init__(self, params: Any, lr: Any = None, *arguments: Any, **options: Any) -> None:
        super().__init__(params, {'lr': self._rate if lr is None else lr, 'weight_decay': 0, **options})


class Adadelta(_Plain):
    _rate = 1.0


class Adafactor(_Plain):
    _rate = 1e-2


class Adagrad(_Plain):
    _rate = 1e-2


class Adamax(_Plain):
    _rate = 2e-3


class ASGD(_Plain):
    _rate = 1e-2


class LBFGS(_Plain):
    _rate = 1.0


class Muon(_Plain):
    pass


class NAdam(_Plain):
    _rate = 2e-3


class RAdam(_Plain):
    pass


class Rprop(_Plain):
    _rate = 1e-2


class SparseAdam(_Plain):
    pass
