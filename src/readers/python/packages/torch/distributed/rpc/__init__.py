"""`torch.distributed.rpc`: calls to other workers, which are made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradient_lens.inert import Inert
from gradient_lens.session import session

from ..._rref import RRef as RRef
from ..._rref import WorkerInfo as WorkerInfo
from ...futures import Future as Future
from ...futures import done
from . import functions as functions


def _info(worker: Any) -> WorkerInfo:
    """The worker of a name or rank; one that was never heard of gets the next free rank."""
    if isinstance(worker, WorkerInfo):
        return worker
    known = session.workers
    if isinstance(worker, int):
        named = next((name for name, rank in known.items() if rank == worker), f'worker{worker}')
        return WorkerInfo(named, worker)
    name = worker if isinstance(worker, str) else 'worker'
    if name not in known:
        known[name] = next(rank for rank in range(len(known) + 2) if rank and rank not in known.values())
    return WorkerInfo(name, known[name])


def run_on(worker: WorkerInfo, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a function gives while `worker` is the current one."""
    before, session.worker = session.worker, worker.name
    try:
        result = function(*args, **kwargs)
        # Functions marked with `async_execution` give their result in a future.
        return result.wait() if isinstance(result, Future) else result
    finally:
        session.worker = before


def init_rpc(name: Any, backend: Any = None, rank: Any = -1, world_size: Any = None, rpc_backend_options: Any = None) -> None:
    if isinstance(name, str):
        session.worker = name
        if isinstance(rank, int) and rank >= 0:
            session.workers[name] = rank


def shutdown(graceful: bool = True, timeout: Any = 0) -> None:
    return None


def get_worker_info(worker_name: Any = None) -> WorkerInfo:
    return _info(session.worker if worker_name is None else worker_name)


def remote(to: Any, func: Callable[..., Any], args: Any = None, kwargs: Any = None, timeout: float = -1.0) -> RRef:
    worker = _info(to)
    return RRef(run_on(worker, func, tuple(args or ()), kwargs or {}), owner=worker)


def rpc_sync(to: Any, func: Callable[..., Any], args: Any = None, kwargs: Any = None, timeout: float = -1.0) -> Any:
    return run_on(_info(to), func, tuple(args or ()), kwargs or {})


def rpc_async(to: Any, func: Callable[..., Any], args: Any = None, kwargs: Any = None, timeout: float = -1.0) -> Future:
    return done(rpc_sync(to, func, args, kwargs))


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.distributed.rpc.{name}')
