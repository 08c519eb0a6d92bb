"""`torch.futures`: results of calls to other workers, which are made at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradient_lens.inert import Inert


class Future:
    """A result; unknown as long as nothing has set it, since no other worker runs meanwhile."""

    def __init__(self, *, devices: Any = None) -> None:
        self._done = False
        self._result: Any = None
        self._error: BaseException | None = None
        self._then: list[Callable[[Future], Any]] = []

    def __class_getitem__(cls, key: object) -> type[Future]:
        return cls

    def done(self) -> bool:
        return self._done

    def wait(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result if self._done else Inert('torch.futures.Future().wait()')

    value = wait

    def set_result(self, result: Any) -> None:
        if self._done:
            raise RuntimeError('Future has already been set to completed')
        self._done, self._result = True, result
        waiting, self._then = self._then, []
        for callback in waiting:
            callback(self)

    def set_exception(self, result: BaseException) -> None:
        self._error = result
        self.set_result(None)

    def add_done_callback(self, callback: Callable[[Future], Any]) -> None:
        if self._done:
            callback(self)
        else:
            self._then.append(callback)

    def then(self, callback: Callable[[Future], Any]) -> Future:
        following = Future()
        self.add_done_callback(lambda future: following.set_result(callback(future)))
        return following


def done(result: Any) -> Future:
    """A future with its result."""
    future = Future()
    future.set_result(result)
    return future


def collect_all(futures: Sequence[Any]) -> Future:
    return done(list(futures))


def wait_all(futures: Sequence[Any]) -> list[Any]:
    return [future.wait() for future in futures]
