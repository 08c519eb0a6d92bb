"""The layers of `torch.nn`."""

from typing import Any

from . import activation, adaptive, attention, batchnorm, container, conv, dropout, images, linear, loss, normalization, pooling
from . import lazy, parallel, rnn, sparse, transformer
from . import utils as utils
from .module import Module as Module

_HOMES = (
    activation, adaptive, attention, batchnorm, container, conv, dropout, images, lazy, linear, loss, normalization, parallel, pooling, rnn, sparse,
    transformer,
)  # fmt: skip
LAYERS: dict[str, type[Module]] = {
    name: item
    for home in _HOMES
    for name, item in vars(home).items()
    if isinstance(item, type) and issubclass(item, Module) and not name.startswith('_')
}
globals().update(LAYERS)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    import torch.nn

    return getattr(torch.nn, name)
