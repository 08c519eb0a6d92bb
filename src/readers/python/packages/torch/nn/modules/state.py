"""`state_dict` and `load_state_dict`: weights that come from elsewhere are never judged by their initialisation."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Mapping, NamedTuple

from gradient_lens import primitives as p
from gradient_lens.errors import BadState
from gradient_lens.inert import Inert, inert_label
from gradient_lens.initialisers import initialiser_of
from gradient_lens.value import Value, drawn

from ..._tensor import Tensor, read
from ..parameter import Parameter


class IncompatibleKeys(NamedTuple):
    """What `load_state_dict` gives."""

    missing_keys: list[str]
    unexpected_keys: list[str]


def state_of(module: Any, prefix: str = '') -> OrderedDict[str, Tensor]:
    """Parameters and persistent buffers by name."""
    found: OrderedDict[str, Tensor] = OrderedDict()
    for name, parameter in module._parameters.items():
        if parameter is not None:
            found[prefix + name] = parameter.detach()
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            found[prefix + name] = buffer.detach()
    for name, child in module._modules.items():
        if child is not None:
            found.update(state_of(child, f'{prefix}{name}.'))
    return found


def load_state(module: Any, state: Any, strict: bool) -> IncompatibleKeys:
    """Known tensors are taken over; where nothing is known of them, the weights count as loaded."""
    own: dict[str, Tensor] = {}
    for name, parameter in module.named_parameters(remove_duplicate=False):
        own[name] = parameter
    for name, buffer in module.named_buffers(remove_duplicate=False):
        own.setdefault(name, buffer)
    if isinstance(state, Inert) or not isinstance(state, Mapping):
        label = inert_label(state) if isinstance(state, Inert) else 'a checkpoint'
        for target in own.values():
            if isinstance(target, Parameter):
                _mark_loaded(target, f'the weights are loaded from {label}')
        return IncompatibleKeys([], [])
    missing = [name for name in own if name not in state and isinstance(own[name], Parameter)]
    unexpected = [name for name in state if name not in own and not str(name).endswith('num_batches_tracked')]
    if strict and (missing or unexpected):
        parts = [f'Missing key(s) in state_dict: {missing[:5]}.'] if missing else []
        parts += [f'Unexpected key(s) in state_dict: {unexpected[:5]}.'] if unexpected else []
        raise BadState(f'Error(s) in loading state_dict for {type(module).__name__}: ' + ' '.join(parts))
    for name, target in own.items():
        if name in state:
            _take_over(name, target, state[name])
    return IncompatibleKeys(missing, unexpected)


def _mark_loaded(parameter: Parameter, reason: str) -> None:
    record = parameter._record
    law = initialiser_of(record.contents)
    assumed = law['assumed'] if law['kind'] == 'unknown' else law
    unknown = {'kind': 'unknown', 'reason': reason, 'assumed': assumed}
    record.write(drawn(unknown, record.shape), origin='checkpoint')


def _take_over(name: str, target: Tensor, source: Any) -> None:
    if not isinstance(source, Tensor):
        if isinstance(target, Parameter):
            _mark_loaded(target, 'the weights are loaded from a checkpoint')
        return
    if tuple(source.shape) != tuple(target.shape):
        raise BadState(
            f'size mismatch for {name}: copying a param with shape {list(source.shape)} from checkpoint, the shape in '
            f'current model is {list(target.shape)}.'
        )
    value: Value = source._record.contents if source._record is not None else read(source)
    if isinstance(target, Parameter):
        target._record.write(p.cast(value, 'float'))
    else:
        target._value = p.cast(value, target.dtype.kind)
