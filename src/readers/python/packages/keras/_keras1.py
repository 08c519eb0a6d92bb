"""Arguments as Keras 1 called them: Keras 2 took them under both names (its `legacy/interfaces.py`), Keras 3 refuses them."""

from __future__ import annotations

import inspect
from typing import Any

#: Names of Keras 1, and what each is called since Keras 2.
_RENAMED: dict[str, str] = {
    'output_dim': 'units', 'init': 'kernel_initializer', 'inner_init': 'recurrent_initializer', 'inner_activation': 'recurrent_activation',
    'bias': 'use_bias', 'dropout_W': 'dropout', 'dropout_U': 'recurrent_dropout', 'forget_bias_init': 'unit_forget_bias', 'p': 'rate',
    'sigma': 'stddev', 'nb_filter': 'filters', 'filter_length': 'kernel_size', 'subsample': 'strides', 'subsample_length': 'strides',
    'border_mode': 'padding', 'dim_ordering': 'data_format', 'pool_length': 'pool_size', 'stride': 'strides', 'atrous_rate': 'dilation_rate',
    'beta_init': 'beta_initializer', 'gamma_init': 'gamma_initializer', 'length': 'size',
}  # fmt: skip
#: An embedding's weights have a name of their own.
_EMBEDDING = 'embeddings_initializer'
#: Without a bearing on the graph, as today's penalties and limits of weights are.
_DROPPED = frozenset(
    ('W_regularizer', 'U_regularizer', 'b_regularizer', 'W_constraint', 'U_constraint', 'b_constraint', 'consume_less')
)
_ORDERINGS = {'tf': 'channels_last', 'th': 'channels_first', 'default': None}
#: What gives an argument away as Keras 1's; asked of each constructor call.
_OLD = frozenset(_RENAMED) | _DROPPED | {'nb_row', 'nb_col'}

type Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def as_today(layer: Any, signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
    """The arguments of a layer's constructor under today's names; the layer remembers that some were renamed."""
    if _OLD.isdisjoint(kwargs):
        return args, kwargs
    taken = signature.parameters
    made: dict[str, Any] = {}
    renamed: list[str] = []
    for key, value in kwargs.items():
        name = _name(key, taken)
        if name is None or name in kwargs:
            made[key] = value
            continue
        renamed.append(key)
        if name:
            made[name] = _value(key, value)
    if 'kernel_size' in taken and 'kernel_size' not in made and len(args) < 2 and 'nb_row' in made and 'nb_col' in made:
        made['kernel_size'] = (made.pop('nb_row'), made.pop('nb_col'))
        renamed.append('nb_row')
    if renamed and 'kernel_size' in taken and len(args) == 3 and all(isinstance(size, int) for size in args):
        args = (args[0], (args[1], args[2]))
    if renamed:
        _note(layer, renamed)
    return args, made


def _name(key: str, taken: Any) -> str | None:
    """Today's name of an argument; empty where it is dropped, None where it is not Keras 1's for this layer."""
    if key in taken:
        return None
    if key in _DROPPED:
        return ''
    if key == 'init' and _EMBEDDING in taken:
        return _EMBEDDING
    name = _RENAMED.get(key)
    return name if name in taken else None


def _value(key: str, value: Any) -> Any:
    if key == 'dim_ordering':
        return _ORDERINGS.get(value, value)
    if key == 'forget_bias_init':
        return value in ('one', 'ones')
    return value


def _note(layer: Any, renamed: list[str]) -> None:
    listed = ', '.join(f'`{name}=`' for name in renamed)
    notes = layer.__dict__.setdefault('_guesses', [])
    notes.append(f'{listed} of `{type(layer).__name__}` is read as in Keras 1; Keras 3 does not take it.')
