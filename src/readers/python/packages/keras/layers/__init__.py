"""keras.layers"""

from __future__ import annotations

from typing import Any

from .. import _assumed
from . import activation, attention, cells, convolution, convolutional_recurrent, core, inputs, layer, merging, normalization, pooling, recurrent
from . import grouped_attention, lookup, regularization, reshaping, spectral

_HOMES = (
    core, activation, convolution, pooling, normalization, regularization, merging, reshaping, cells, recurrent, attention, grouped_attention,
    convolutional_recurrent, spectral,
    lookup, inputs, layer,
)  # fmt: skip
globals().update(
    {name: item for home in _HOMES for name, item in vars(home).items() if isinstance(item, type) and issubclass(item, layer.Layer) and name[0] != '_'}
)
for _home in _HOMES:
    for _item in list(vars(_home).values()):
        if isinstance(_item, type) and issubclass(_item, layer.Layer) and _item.__module__ == _home.__name__ and '__init__' in vars(_item):
            setattr(_item, '__init__', _assumed.knowing(vars(_item)['__init__']))
Input = inputs.Input
add, multiply, maximum, minimum = merging.add, merging.multiply, merging.maximum, merging.minimum
subtract, average, concatenate, dot = merging.subtract, merging.average, merging.concatenate, merging.dot

_NAMES: dict[str, Any] = globals()
for _name, _count in (('Max', 3), ('Average', 3)):
    for _n in range(1, _count + 1):
        _short = 'Avg' if _name == 'Average' else _name
        _NAMES[f'{_short}Pool{_n}D'] = _NAMES[f'{_name}Pooling{_n}D']
        _NAMES[f'Global{_short}Pool{_n}D'] = _NAMES[f'Global{_name}Pooling{_n}D']
for _n in (1, 2, 3):
    _NAMES[f'Convolution{_n}D'] = _NAMES[f'Conv{_n}D']
    _NAMES[f'Convolution{_n}DTranspose'] = _NAMES[f'Conv{_n}DTranspose']
for _n in (1, 2):
    _NAMES[f'SeparableConvolution{_n}D'] = _NAMES[f'SeparableConv{_n}D']
    _NAMES[f'DepthwiseConvolution{_n}D'] = _NAMES[f'DepthwiseConv{_n}D']
CuDNNLSTM, CuDNNGRU = recurrent.LSTM, recurrent.GRU


def __getattr__(name: str) -> Any:
    from gradient_lens.inert import Inert

    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'keras.layers.{name}')
