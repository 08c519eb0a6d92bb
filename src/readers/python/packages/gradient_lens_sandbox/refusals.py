"""Turns calls that the seal denies into a `PermissionError` at the statement that made them (PEP 578 audit events).

The tracing packages raise some hundred audit events for each layer (`id`, `frame.f_code`), so the hook is a look into a
dictionary, done in C: harmless events are not in it, and a key that equals a refused event raises when it is compared.
"""

import sys
from collections.abc import Callable
from typing import Never

#: Audit events that have no meaning inside the seal, by family.
_FAMILIES: dict[str, str] = {
    'os': 'system exec fork forkpty posix_spawn spawn kill killpg startfile',
    'subprocess': 'Popen',
    '_posixsubprocess': 'fork_exec',
    'socket': '__new__ bind connect getaddrinfo gethostbyaddr gethostbyname gethostname getnameinfo getservbyname getservbyport '
    'sendmsg sendto sethostname',
    'ctypes': 'PyObj_FromPtr addressof call_function cdata cdata/buffer create_string_buffer create_unicode_buffer dlopen dlsym '
    'dlsym/handle get_errno get_last_error memoryview_at seh_exception set_errno set_exception set_last_error string_at '
    'wstring_at',
    'pty': 'spawn',
    'syslog': 'closelog openlog setlogmask syslog',
    'webbrowser': 'open',
    'urllib': 'Request',
    'http': 'client.connect client.send',
    'ftplib': 'connect sendcmd',
    'smtplib': 'connect send',
    'imaplib': 'open send',
    'poplib': 'connect putline',
    'signal': 'pthread_kill',
    '_thread': 'start_new_thread start_joinable_thread',
}
REFUSED_EVENTS = tuple(f'{family}.{name}' for family, names in _FAMILIES.items() for name in names.split())


#: What a file did, in its author's words; by the event's family.
_WORDS = {
    'socket': 'The network',
    'urllib': 'The network',
    'http': 'The network',
    'ftplib': 'The network',
    'smtplib': 'The network',
    'imaplib': 'The network',
    'poplib': 'The network',
    'webbrowser': 'A browser',
    'subprocess': 'Starting a process',
    'ctypes': 'Calling foreign code',
    '_thread': 'Starting a thread',
}


class Refused(PermissionError):
    """The file asked for something of the machine; `event` names it."""

    #: The code of the problem that is reported for it.
    problem_code = 'denied'

    def __init__(self, event: str) -> None:
        words = _WORDS.get(event.partition('.')[0])
        what = f'`{event}`' if words is None else f'{words} (`{event}`)'
        super().__init__(
            f'{what} is not available: the file is read in a sealed interpreter, without processes, network or threads. '
            'Move the call into a function that building the model does not call.'
        )
        self.event = event


class _RefusedEvent:
    """A key that raises `Refused` where it is looked up; one of a full collision of hashes is let pass."""

    __slots__ = ('_event',)

    def __init__(self, event: str) -> None:
        self._event = event

    def __hash__(self) -> int:
        return hash(self._event)

    def __eq__(self, other: object) -> bool | Never:
        if other == self._event:
            raise Refused(self._event)
        return False


#: A method of a built-in type: CPython calls it for each event with the event and its arguments, and only lookups raise.
_table: dict[object, object] = {_RefusedEvent(event): None for event in REFUSED_EVENTS}
refuse: Callable[[str, tuple[object, ...]], object] = _table.get


def install() -> None:
    """Refuses from now on; an audit hook cannot be taken away again."""
    sys.addaudithook(refuse)
