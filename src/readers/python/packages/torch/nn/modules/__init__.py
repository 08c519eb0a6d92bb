"""The layers of `torch.nn`."""

from . import activation, batchnorm, container, conv, dropout, images, linear, loss, normalization, pooling, rnn, sparse
from . import transformer, utils
from .attention import MultiheadAttention
from .module import Module

_HOMES = (
    activation, batchnorm, container, conv, dropout, images, linear, loss, normalization, pooling, rnn, sparse, transformer,
)  # fmt: skip
for _home in _HOMES:
    for _name, _item in vars(_home).items():
        if isinstance(_item, type) and issubclass(_item, Module) and not _name.startswith('_'):
            globals()[_name] = _item

__all__ = [name for name, item in list(globals().items()) if isinstance(item, type) and issubclass(item, Module)]
