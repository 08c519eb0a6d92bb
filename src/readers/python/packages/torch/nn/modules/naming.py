"""Names of what a module holds, in PyTorch's order, and its printed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from gradient_lens.identity import identity

if TYPE_CHECKING:
    from ..._tensor import Tensor
    from ..parameter import Parameter
    from .module import Module


class Naming:
    """Walks over children, modules, parameters and buffers. Shared ones appear once, under their first name."""

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]
    _non_persistent_buffers_set: set[str]
    _forward_hooks: dict[int, Any]
    _forward_pre_hooks: dict[int, Any]

    def named_children(self) -> Iterator[tuple[str, Module]]:
        seen: set[int] = set()
        for name, module in self._modules.items():
            if module is not None and identity(module) not in seen:
                seen.add(identity(module))
                yield name, module

    def children(self) -> Iterator[Module]:
        for _, module in self.named_children():
            yield module

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = '', remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        seen = set() if memo is None else memo
        waiting: list[tuple[str, Any]] = [(prefix, self)]
        while waiting:
            path, module = waiting.pop()
            if module in seen:
                continue
            if remove_duplicate:
                seen.add(module)
            yield path, module
            below = [(f'{path}.{name}' if path else name, item) for name, item in module._modules.items() if item is not None]
            waiting.extend(reversed(below))

    def modules(self) -> Iterator[Any]:
        for _, module in self.named_modules():
            yield module

    def _named(self, store: str, prefix: str, recurse: bool, remove_duplicate: bool) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        homes = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for home, module in homes:
            for name, item in getattr(module, store).items():
                if item is None or identity(item) in seen:
                    continue
                if remove_duplicate:
                    seen.add(identity(item))
                yield f'{home}.{name}' if home else name, item

    def named_parameters(
        self, prefix: str = '', recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        return self._named('_parameters', prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(
        self, prefix: str = '', recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        return self._named('_buffers', prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def get_submodule(self, target: str) -> Any:
        module: Any = self
        for name in target.split('.') if target else ():
            if not hasattr(module, name):
                raise AttributeError(f'{type(module).__name__} has no attribute `{name}`')
            module = getattr(module, name)
        return module

    def get_parameter(self, target: str) -> Any:
        path, _, name = target.rpartition('.')
        return getattr(self.get_submodule(path), name)

    get_buffer = get_parameter

    def set_submodule(self, target: str, module: Any, strict: bool = False) -> None:
        path, _, name = target.rpartition('.')
        setattr(self.get_submodule(path), name, module)

    def _get_name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        extra = self.extra_repr()  # type: ignore[attr-defined]
        lines = [f'({name}): {_indented(repr(module))}' for name, module in self._modules.items()]
        if not lines:
            return f'{self._get_name()}({extra})'
        head = [extra] if extra else []
        return f'{self._get_name()}(\n  ' + '\n  '.join(head + lines) + '\n)'


def _indented(text: str) -> str:
    return text.replace('\n', '\n  ')
