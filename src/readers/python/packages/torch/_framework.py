"""What the recorder needs to know of PyTorch's models and tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from gradient_lens.errors import BadType, UnsupportedOp
from gradient_lens.frameworks import ModulePart, ParameterPart, Parts
from gradient_lens.value import Node, Value

from ._complex import ComplexTensor
from ._tensor import Tensor, read, wrap
from .nn.modules.module import Module


class _PyTorch:
    name = 'pytorch'

    def wrap(self, value: Value) -> Tensor:
        return wrap(value)

    def parts(self, model: Any) -> Parts:
        """Modules and parameters in the order of named_modules() and named_parameters()."""
        if not isinstance(model, Module):
            raise BadType(f'a model is an nn.Module, not a {type(model).__name__}')
        modules: list[ModulePart] = []
        # A shared module has one place, and is found under its first name.
        places: dict[Module, int] = {}
        found: dict[str, Module] = {}
        for path, module in model.named_modules():
            parent = path.rpartition('.')[0]
            above = None
            if path:
                above = places.get(found.get(parent) or _at(model, parent))
            places[module] = len(modules)
            found[path] = module
            modules.append(ModulePart(path, type(module).__name__, above, module._span, module))
        parameters: list[ParameterPart] = []
        for name, parameter in model.named_parameters():
            path = name.rpartition('.')[0]
            owner = found.get(path) or _at(model, path)
            parameters.append(ParameterPart(name, parameter._record, places.get(owner)))
        buffers: dict[Node, str] = {}
        for name, buffer in model.named_buffers():
            for part in buffer._parts if isinstance(buffer, ComplexTensor) else (buffer,):
                for node in _draws(read(part)):
                    buffers.setdefault(node, name)
        return Parts(parameters, modules, buffers)

    def tensors(self, outputs: Any) -> list[Value]:
        found: list[Value] = []
        _collect(outputs, found, set())
        return found


def _draws(value: Value) -> list[Node]:
    """The draws that a tensor was made of."""
    found: list[Node] = []
    seen: set[Node] = set()
    stack = [value.node]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node.op == 'drawn':
            found.append(node)
        stack.extend(source.node for source in node.inputs)
    return found


def _at(model: Module, path: str) -> Module:
    for name in path.split('.') if path else ():
        child = model._modules.get(name)
        if child is None:
            return model
        model = child
    return model


def _collect(output: Any, found: list[Value], seen: set[int]) -> None:
    if isinstance(output, ComplexTensor):
        raise UnsupportedOp(
            'a model that gives complex numbers', 'have it give real ones: torch.view_as_real(x), x.real or x.abs()'
        )
    if isinstance(output, Tensor):
        found.append(read(output))
        return
    if output is None or isinstance(output, (str, bytes, int, float, Module)) or id(output) in seen:
        return
    seen.add(id(output))
    if isinstance(output, Mapping):
        for item in output.values():
            _collect(item, found, seen)
    elif isinstance(output, (list, tuple)):
        for item in output:
            _collect(item, found, seen)
    elif is_dataclass(output) and not isinstance(output, type):
        for field in fields(output):
            _collect(getattr(output, field.name), found, seen)
    elif hasattr(output, '__dict__') and not isinstance(output, type):
        for item in vars(output).values():
            _collect(item, found, seen)


FRAMEWORK = _PyTorch()
