"""The time limit inside the interpreter: the host raises a signal shortly before it would end the thread."""

import signal
from types import FrameType


class TimeLimitReached(BaseException):
    """The file ran too long. Not an `Exception`, so that `except Exception` in a loop does not swallow it."""

    #: The code of the problem that is reported for it.
    problem_code = 'timeout'

    def __init__(self) -> None:
        super().__init__('this ran longer than the time limit for reading a file')


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise TimeLimitReached


def install() -> None:
    """Turns the host's signal (SIGINT) into `TimeLimitReached` at the statement being run."""
    signal.signal(signal.SIGINT, _raise)
