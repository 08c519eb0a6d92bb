"""`torch.multiprocessing`: what would run in other processes runs here, one after another."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gradient_lens.inert import Inert

#: More ranks show nothing that these do not.
_MOST_RANKS = 8


def spawn(
    fn: Callable[..., Any], args: tuple[Any, ...] = (), nprocs: Any = 1, join: bool = True, daemon: bool = False, start_method: str = 'spawn'
) -> Any:
    """Runs `fn(rank, *args)` for each rank; for one where there are no devices to count.

    Raises:
        Exception: what the first rank raised, where no rank came to its end.
    """
    count = max(1, min(nprocs, _MOST_RANKS)) if isinstance(nprocs, int) else 1
    first: Exception | None = None
    ended = False
    for rank in range(count):
        try:
            fn(rank, *args)
            ended = True
        except SystemExit:
            ended = True
        except Exception as error:
            first = first or error
    if first is not None and not ended:
        raise first
    return None if join else Inert('torch.multiprocessing.spawn(...)')


start_processes = spawn


class Process:
    """A process that runs when it is started."""

    def __init__(
        self, group: None = None, target: Callable[..., Any] | None = None, name: str | None = None, args: Any = (), kwargs: Any = None,
        *, daemon: bool | None = None,
    ) -> None:  # fmt: skip
        self._target, self._arguments, self._keywords = target, tuple(args), dict(kwargs or {})
        self.name = name or 'Process'
        self.daemon = daemon
        self.exitcode: int | None = None
        self.pid = 1

    def run(self) -> None:
        if self._target is not None:
            self._target(*self._arguments, **self._keywords)

    def start(self) -> None:
        try:
            self.run()
        except SystemExit:
            pass
        self.exitcode = 0

    def join(self, timeout: float | None = None) -> None:
        return None

    terminate = kill = close = join

    def is_alive(self) -> bool:
        return False


def get_context(method: str | None = None) -> Any:
    return sys.modules[__name__]


def _nothing(*_: Any, **__: Any) -> None:
    return None


set_start_method = set_sharing_strategy = freeze_support = _nothing


def get_sharing_strategy() -> str:
    return 'file_descriptor'


def cpu_count() -> int:
    return 1


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.multiprocessing.{name}')
