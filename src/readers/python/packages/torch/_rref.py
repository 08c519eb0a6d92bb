"""References to values on other workers. All workers are here, so each holds its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gradient_lens.inert import Inert


class WorkerInfo(NamedTuple):
    """A worker of an RPC group, by name and rank."""

    name: str
    id: int


class RRef:
    """`torch.distributed.rpc.RRef`"""

    def __init__(self, value: Any, type_hint: Any = None, devices: Any = None, *, owner: WorkerInfo | None = None) -> None:
        self._value = value
        self._owner = owner or WorkerInfo('worker', 0)

    def __class_getitem__(cls, key: object) -> type[RRef]:
        return cls

    def local_value(self) -> Any:
        return self._value

    def to_here(self, timeout: float = -1.0) -> Any:
        return self._value

    def owner(self) -> WorkerInfo:
        return self._owner

    def owner_name(self) -> str:
        return self._owner.name

    def is_owner(self) -> bool:
        return True

    confirmed_by_owner = is_owner

    def rpc_sync(self, timeout: float = -1.0) -> Methods:
        return Methods(self, lambda result: result)

    def rpc_async(self, timeout: float = -1.0) -> Methods:
        from .futures import done

        return Methods(self, done)

    def remote(self, timeout: float = -1.0) -> Methods:
        return Methods(self, lambda result: RRef(result, owner=self._owner))

    def backward(self, dist_autograd_ctx_id: int = -1, retain_graph: bool = False) -> None:
        self._value.backward()


class Methods:
    """What is called on the value of a reference; `give` makes of a result what the caller gets."""

    def __init__(self, reference: RRef, give: Callable[[Any], Any]) -> None:
        self._reference = reference
        self._give = give

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        value = self._reference.local_value()
        if isinstance(value, Inert):
            return getattr(value, name)

        def method(*args: Any, **kwargs: Any) -> Any:
            from .distributed.rpc import run_on

            return self._give(run_on(self._reference.owner(), getattr(value, name), args, kwargs))

        return method
