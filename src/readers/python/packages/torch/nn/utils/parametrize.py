"""`torch.nn.utils.parametrize`: a parameter that is worked out from others each time it is read."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from gradient_lens.errors import BadArgument, BadType, UnsupportedOp

from ..._tensor import Tensor
from ..modules.container import ModuleDict, ModuleList
from ..modules.module import Module
from ..parameter import Parameter


class ParametrizationList(ModuleList):
    """The steps in order, and what they start from: `original`, or `original0`, `original1`, ... ."""

    def __init__(self, modules: Any, original: Tensor) -> None:
        super().__init__(modules)
        found: Any = original
        for step in reversed(list(self)):
            inverse = getattr(step, 'right_inverse', None)
            found = inverse(found) if inverse is not None else found
        self.ntensors = len(found) if isinstance(found, (tuple, list)) else 1
        self.is_tensor = not isinstance(found, (tuple, list))
        if self.is_tensor:
            self._keep('original', found, original)
        else:
            for place, item in enumerate(found):
                self._keep(f'original{place}', item, original)

    def _keep(self, name: str, item: Any, original: Tensor) -> None:
        if isinstance(original, Parameter):
            held = item if isinstance(item, Parameter) else Parameter(item)
            held._record.span = held._record.span or original._record.span
            self.register_parameter(name, held)
        else:
            self.register_buffer(name, item)

    def forward(self) -> Tensor:
        steps = iter(self)
        if self.is_tensor:
            value = self.original
        else:
            value = next(steps)(*(getattr(self, f'original{place}') for place in range(self.ntensors)))
        for step in steps:
            value = step(value)
        return value


def register_parametrization(module: Any, tensor_name: str, parametrization: Any, *, unsafe: bool = False) -> Any:
    """`module.tensor_name` becomes the parametrization of what it held; further ones are put behind the first."""
    if not isinstance(parametrization, Module):
        raise BadType('register_parametrization expects an nn.Module')
    if is_parametrized(module, tensor_name):
        module.parametrizations[tensor_name].append(parametrization)
        return module
    store = next((held for held in (module._parameters, module._buffers) if held.get(tensor_name) is not None), None)
    if store is None:
        raise BadArgument(f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name '{tensor_name}'")
    original = store.pop(tensor_name)
    if 'parametrizations' not in module._modules:
        module.parametrizations = ModuleDict()
        own = type(module)
        module.__class__ = type(f'Parametrized{own.__name__}', (own,), {'__module__': own.__module__})
    module.parametrizations[tensor_name] = ParametrizationList([parametrization], original)
    setattr(type(module), tensor_name, property(_worked_out(tensor_name)))
    return module


def _worked_out(name: str) -> Any:
    def value(self: Any) -> Tensor:
        return self.parametrizations[name]()

    return value


def is_parametrized(module: Any, tensor_name: str | None = None) -> bool:
    held = module._modules.get('parametrizations')
    return held is not None and (tensor_name is None or tensor_name in held)


def remove_parametrizations(module: Any, tensor_name: str, leave_parametrized: bool = True) -> Any:
    raise UnsupportedOp('remove_parametrizations')


def cached() -> Any:
    """Saves time in PyTorch; the values are the same."""
    return nullcontext()
