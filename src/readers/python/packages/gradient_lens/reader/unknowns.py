"""Lets unknown values pass through the framework: into an op goes the unknown, out of it comes the unknown.

While a model is being recorded the same is an error that names the value and the place, since what the op would do to
the model's numbers cannot be told.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from types import FunctionType, ModuleType
from typing import Any

import torch
import torch.nn.functional
import torch.nn.init
import torch.nn.utils

from ..errors import UnsupportedOp
from ..inert import Inert, first_inert, inert_label
from ..session import LossCall, session
from ..spans import here
from ..work import worked
from .tensors import is_tensor, value_of

_HOMES: tuple[ModuleType, ...] = (torch, torch.nn.functional, torch.nn.init, torch.nn.utils)
#: Methods that tell about a tensor and take nothing that could be unknown.
_LEFT_ALONE = frozenset(('size', 'dim', 'numel', 'item', 'tolist', 'detach', 'contiguous', 'stride', 'requires_grad_'))
#: Functions that know themselves what becomes of something unknown.
_OWN_WAY = frozenset(('sparse_coo_tensor',))
_KEEPING = frozenset(('Tensor.to', 'Tensor.cuda', 'Tensor.cpu', 'Tensor.type', 'Tensor.type_as', 'Tensor.pin_memory'))
_installed: list[bool] = []

#: `LossKind` of src/graph/graph.ts by the names of losses, as functions and as layers.
_LOSSES = {
    'cross_entropy': 'cross-entropy', 'nll_loss': 'nll', 'binary_cross_entropy': 'bce',
    'binary_cross_entropy_with_logits': 'bce-logits', 'mse_loss': 'mse', 'l1_loss': 'mae', 'smooth_l1_loss': 'huber',
    'huber_loss': 'huber', 'CrossEntropyLoss': 'cross-entropy', 'NLLLoss': 'nll', 'BCELoss': 'bce',
    'BCEWithLogitsLoss': 'bce-logits', 'MSELoss': 'mse', 'L1Loss': 'mae', 'SmoothL1Loss': 'huber', 'HuberLoss': 'huber',
}  # fmt: skip


def refuse(value: Inert, name: str) -> None:
    """Raises while a model is recorded.

    Raises:
        UnsupportedOp
    """
    if session.recording:
        raise UnsupportedOp(f'`{name}` of `{inert_label(value)}`', 'that value is not known here')


def _tell_loss(name: str, arguments: tuple[Any, ...] = ()) -> bool:
    """A loss of unknown numbers still says what kind it is."""
    kind = _LOSSES.get(name.rpartition('.')[2])
    if kind is not None:
        # A training step is read for what goes into the loss, whatever that is compared with.
        known = tuple(value_of(item) for item in arguments[:1] if session.stepping and is_tensor(item))
        session.saw_loss(LossCall(kind, name.rpartition('.')[2], here(), None, 2, 'mean', known))
    return kind is not None


def lost(name: str) -> Inert:
    """What a loss of something unknown gives."""
    return Inert(f'{name.rpartition(".")[2]}(...)')


def loss_of_unknown(layer: Any, arguments: tuple[Any, ...] = ()) -> bool:
    """A loss layer was called with something unknown."""
    return _tell_loss(type(layer).__name__, arguments)


def _accepting(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    keeps = name in _KEEPING

    @functools.wraps(function)
    def accept(*arguments: Any, **keywords: Any) -> Any:
        worked()
        for value in (*arguments, *keywords.values()) if keywords else arguments:
            kind = type(value)
            if kind is Inert or ((kind is list or kind is tuple) and first_inert(value, 2) is not None):
                unknown = first_inert(value, 2)
                if unknown is not None and not _harmless(value, arguments, keywords):
                    if keeps and type(arguments[0]) is not Inert:
                        # An unknown device or type of number: the tensor stays as it is.
                        return arguments[0]
                    if session.stepping and _tell_loss(name, arguments):
                        return lost(name)
                    refuse(unknown, name)
                    _tell_loss(name)
                    return unknown
        return function(*arguments, **keywords)

    return accept


def _harmless(value: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """An unknown device or generator changes nothing."""
    return any(keywords.get(name) is value for name in ('device', 'generator', 'dtype'))


def _public_functions(home: Any) -> Iterable[tuple[str, FunctionType]]:
    for name, item in list(vars(home).items()):
        if isinstance(item, FunctionType) and not name.startswith('_') and name not in _OWN_WAY:
            yield name, item


def install() -> None:
    """Guards the framework's functions and the methods of its tensors; once for all readings."""
    if _installed:
        return
    _installed.append(True)
    for home in _HOMES:
        for name, function in _public_functions(home):
            setattr(home, name, _accepting(function, f'{home.__name__}.{name}'))
    for name, function in _public_functions(torch.Tensor):
        if name not in _LEFT_ALONE:
            setattr(torch.Tensor, name, _accepting(function, f'Tensor.{name}'))
    get_item: Any = torch.Tensor.__getitem__
    item_guard: Any = _accepting(get_item, 'Tensor.__getitem__')
    torch.Tensor.__getitem__ = item_guard
