"""Tells a fault of the tracing packages from a mistake in the file that they read."""

from __future__ import annotations

import dis
import re

from ..errors import ReadError
from ..inert import UnknownValue
from ..spans import is_user_code

#: Where the tracing packages lie.
_HOME = is_user_code.__code__.co_filename.rpartition('/gradient_lens/')[0] + '/'
#: A call with arguments that a function does not take is the caller's mistake, though Python raises it inside.
_ARGUMENTS = re.compile(
    r'(missing|takes|got an unexpected|got multiple values|got some positional|unexpected keyword|required positional) ?.*argument'
)
#: Raised for reasons that have no place: the machine's limits, a missing package or file, a stop.
_ELSEWHERE = (ReadError, UnknownValue, MemoryError, RecursionError, ImportError, OSError, SyntaxError)


def is_own_fault(error: BaseException) -> bool:
    """Whether an exception arose inside the tracing packages without being raised there on purpose."""
    if not isinstance(error, Exception) or isinstance(error, _ELSEWHERE) or hasattr(error, 'problem_code'):
        return False
    if isinstance(error, TypeError) and _ARGUMENTS.search(str(error)):
        return False
    step = error.__traceback__
    innermost = None
    while step is not None:
        filename = step.tb_frame.f_code.co_filename
        if is_user_code(filename) or filename.startswith(_HOME):
            innermost = step
        step = step.tb_next
    if innermost is None:
        return False
    code = innermost.tb_frame.f_code
    if is_user_code(code.co_filename):
        return False
    return not dis.opname[code.co_code[innermost.tb_lasti]].startswith(('RAISE', 'RERAISE'))
