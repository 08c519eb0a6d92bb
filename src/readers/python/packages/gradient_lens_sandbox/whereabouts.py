"""Tells the host at which line of the user's files the interpreter stands, for calls that never come back.

Each place in the byte code is told once, when it is first reached: a loop in C (`sum(range(10**12))`) hangs in a line
that was just told, and a loop in Python is found by the time limit's signal. Framework code is never told (PEP 669
switches it off for good).
"""

import os
import sys
from types import CodeType, FrameType

USER_ROOT = '/user/'
#: The tool number, one that no debugger or profiler takes.
TOOL = 3
_EVENTS = sys.monitoring.events


class Whereabouts:
    """Writes `path:line` to the host's device."""

    def __init__(self, device: str) -> None:
        self._file = os.open(device, os.O_WRONLY)

    def install(self) -> None:
        """Tells from now on. What another one has switched off in the framework's code stays switched off."""
        if sys.monitoring.get_tool(TOOL) is None:
            sys.monitoring.use_tool_id(TOOL, 'gradient-lens whereabouts')
        sys.monitoring.register_callback(TOOL, _EVENTS.PY_START, self._started)
        sys.monitoring.register_callback(TOOL, _EVENTS.LINE, self._reached)
        sys.monitoring.set_events(TOOL, _EVENTS.PY_START)

    def _started(self, code: CodeType, _offset: int) -> object:
        if code.co_filename.startswith(USER_ROOT):
            sys.monitoring.set_local_events(TOOL, code, _EVENTS.LINE)
        return sys.monitoring.DISABLE

    def _reached(self, code: CodeType, line: int) -> object:
        if code.co_filename.startswith(USER_ROOT):
            self._tell(code.co_filename, line)
        return sys.monitoring.DISABLE

    def interrupted(self, frame: FrameType | None) -> None:
        """Tells where the interpreter stood when time ran out, and nothing of what it reaches after that."""
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.register_callback(TOOL, _EVENTS.LINE, None)
        while frame is not None and not frame.f_code.co_filename.startswith(USER_ROOT):
            frame = frame.f_back
        if frame is not None:
            self._tell(frame.f_code.co_filename, frame.f_lineno)

    def close(self) -> None:
        """Tells nothing more; the place for the next one is kept."""
        for event in (_EVENTS.PY_START, _EVENTS.LINE):
            sys.monitoring.register_callback(TOOL, event, None)
        os.close(self._file)

    def _tell(self, path: str, line: int) -> None:
        os.write(self._file, f'{path}:{line}'.encode())
