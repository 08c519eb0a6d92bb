"""Functions that would bring the whole interpreter down; here they fail at their own statement instead."""

import os
import posix
import sys
from typing import NoReturn

from gradient_lens_sandbox.refusals import Refused

#: Frames that the interpreter can hold and take down again; a higher limit would let a runaway recursion end it.
DEEPEST = 20_000


def _exit(status: int) -> NoReturn:
    raise Refused('os._exit')


def _abort() -> NoReturn:
    raise Refused('os.abort')


def install() -> None:
    """Replaces them from now on, in `os`, `posix` and `sys`."""
    set_limit = sys.setrecursionlimit

    def setrecursionlimit(limit: int, /) -> None:
        set_limit(min(limit, DEEPEST))

    sys.setrecursionlimit = setrecursionlimit
    for module in (os, posix):
        setattr(module, '_exit', _exit)
        setattr(module, 'abort', _abort)
