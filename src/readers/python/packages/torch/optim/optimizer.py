"""The root class of optimisers, the user's own included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from gradient_lens.inert import Inert

#: Told of each optimiser that is constructed, and of each step that one takes.
construction_hooks: list[Callable[[Optimizer], None]] = []
step_hooks: list[Callable[[Optimizer], None]] = []


class _Required:
    def __repr__(self) -> str:
        return '<required parameter>'


required = _Required()


class Optimizer:
    """Holds parameter groups as PyTorch does; `step` changes nothing."""

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.state: defaultdict[Any, Any] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        groups: list[Any] = [] if isinstance(params, Inert) else list(params)
        if groups and not isinstance(groups[0], (dict, Inert)):
            groups = [{'params': groups}]
        for group in groups:
            if isinstance(group, dict):
                self.add_param_group(group)
        for hook in construction_hooks:
            hook(self)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        group = {**self.defaults, **param_group}
        held = group.get('params', [])
        if isinstance(held, Inert):
            group['params'] = []
        elif isinstance(held, Iterable) and not hasattr(held, 'requires_grad'):
            items = list(held)
            # Named parameters come as pairs.
            group['params'] = [item[1] if isinstance(item, tuple) else item for item in items]
        else:
            group['params'] = [held]
        self.param_groups.append(group)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        for hook in step_hooks:
            hook(self)
        return None if closure is None else closure()

    def zero_grad(self, set_to_none: bool = True) -> None:
        return

    def state_dict(self) -> dict[str, Any]:
        return {'state': {}, 'param_groups': [{k: v for k, v in g.items() if k != 'params'} for g in self.param_groups]}

    def load_state_dict(self, state_dict: Any) -> None:
        return

    def register_step_post_hook(self, hook: Any) -> Any:
        return Inert('hook handle')

    register_step_pre_hook = register_step_post_hook

    def __repr__(self) -> str:
        return f'{type(self).__name__} ({self.defaults})'

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)
