"""The time limit inside the interpreter: the host raises a signal some time before it would end the thread."""

import signal
from collections.abc import Callable
from types import FrameType


class TimeLimitReached(BaseException):
    """The file ran too long. Not an `Exception`, so that `except Exception` in a loop does not swallow it."""

    #: The code of the problem that is reported for it.
    problem_code = 'timeout'

    def __init__(self) -> None:
        super().__init__('this ran longer than the time limit for reading a file')


def install(told: Callable[[FrameType | None], None]) -> None:
    """Turns the host's signal (SIGINT) into `TimeLimitReached` at the statement being run, after `told` has its frame."""

    def interrupt(_signal: int, frame: FrameType | None) -> None:
        told(frame)
        raise TimeLimitReached

    signal.signal(signal.SIGINT, interrupt)
