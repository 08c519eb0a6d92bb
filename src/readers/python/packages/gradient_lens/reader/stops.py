"""Ends what would not end by itself: loops of training scripts, and loops that run away.

Back edges of the user's loops are counted with `sys.monitoring` (PEP 669), which costs the framework's own code nothing.
The stops are no `Exception`s, so that the `except Exception` of a training loop lets them pass.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from ..spans import Span, code_span, is_user_code

#: Rounds that loops of one statement may take while a file is read; a second or two of real time.
IMPORT_ROUNDS = 2_000_000
#: Rounds for the part of a file that trains, whose loops only have to show what they feed to the model.
SCRIPT_ROUNDS = 200_000
#: Tensor ops outside of models that one statement may take: preparing data example by example shows nothing new.
SCRIPT_OPS = 20_000

#: The same for scripts that use the file that is read.
CALLER_ROUNDS = 50_000
CALLER_OPS = 5_000

_TOOL = 4
_FILLING = frozenset(('LIST_APPEND', 'SET_ADD', 'MAP_ADD'))


class Stop(BaseException):
    """Ends the statement that is being run."""


class EnoughSeen(Stop):
    """A training script has shown what there is to see."""


class LoopLimit(Stop):
    """A loop that does not end."""

    def __init__(self, rounds: int, span: Span | None) -> None:
        super().__init__(f'more than {rounds} rounds')
        self.rounds = rounds
        self.span = span


def _fills(code: CodeType, offset: int) -> bool:
    """Whether a jump goes round a comprehension. It ends where what it goes through ends, and is worth no watching."""
    return offset >= 2 and dis.opname[code.co_code[offset - 2]] in _FILLING


class LoopWatch:
    """Counts the back edges of loops in user files, and raises `LoopLimit` past the limit.

    `returns` are told of each value that a function of the user's returns, with the function's frame.
    """

    def __init__(self) -> None:
        self.rounds = self.ops = 0
        self.op_limit = SCRIPT_OPS
        #: Lower limits for what is run only to learn more.
        self.most_rounds, self.most_ops = IMPORT_ROUNDS, SCRIPT_OPS
        self.limit = IMPORT_ROUNDS
        self.reach = IMPORT_ROUNDS
        self.returns: list[Callable[[FrameType, Any], None]] = []

    def start(self) -> None:
        monitoring = sys.monitoring
        if monitoring.get_tool(_TOOL) is None:
            monitoring.use_tool_id(_TOOL, 'gradient-lens loops')
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, self._started)
        monitoring.register_callback(_TOOL, monitoring.events.JUMP, self._jump)
        monitoring.register_callback(_TOOL, monitoring.events.PY_RETURN, self._return)
        # Stays set: were it taken back, every function of the framework would have to be let go again in the next reading.
        monitoring.set_events(_TOOL, monitoring.events.PY_START)

    def stop(self) -> None:
        for event in (sys.monitoring.events.PY_START, sys.monitoring.events.JUMP, sys.monitoring.events.PY_RETURN):
            sys.monitoring.register_callback(_TOOL, event, None)

    def work(self, count: int = 1) -> None:
        """Ops of a script ran, outside of any model that is being read."""
        self.ops += count
        if self.ops > self.op_limit:
            # As with loops: again, should it be swallowed.
            self.op_limit = self.ops + 100
            raise EnoughSeen

    def begin(self, limit: int) -> None:
        """A new statement begins, with a fresh limit."""
        self.rounds = self.ops = 0
        self.limit = self.reach = min(limit, self.most_rounds)
        self.op_limit = min(SCRIPT_OPS, self.most_ops)

    def _started(self, code: CodeType, _offset: int) -> object:
        if is_user_code(code.co_filename):
            sys.monitoring.set_local_events(_TOOL, code, sys.monitoring.events.JUMP | sys.monitoring.events.PY_RETURN)
        return sys.monitoring.DISABLE

    def _jump(self, code: CodeType, offset: int, target: int) -> object:
        if target > offset or _fills(code, offset):
            return sys.monitoring.DISABLE
        self.rounds += 1
        if self.rounds > self.reach:
            # Raised again every now and then: the loop may swallow it with a bare `except`.
            self.reach = self.rounds + 1_000
            raise LoopLimit(self.limit, code_span(code, target))
        return None

    def _return(self, _code: CodeType, _offset: int, value: object) -> None:
        for told in self.returns:
            told(sys._getframe(1), value)
