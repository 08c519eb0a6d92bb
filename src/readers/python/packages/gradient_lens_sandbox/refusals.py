"""Turns calls that the seal denies into a `PermissionError` at the statement that made them (PEP 578 audit events)."""

import sys

#: Audit events, or families of them (ending in a dot), that have no meaning inside the seal.
REFUSED_EVENTS = (
    'os.system',
    'os.exec',
    'os.fork',
    'os.forkpty',
    'os.posix_spawn',
    'os.spawn',
    'os.kill',
    'os.killpg',
    'os.startfile',
    'subprocess.',
    'socket.',
    'ctypes.',
    'pty.',
    'syslog.',
    'webbrowser.',
    'urllib.',
    'http.client.',
    'ftplib.',
    'smtplib.',
    'imaplib.',
    'poplib.',
    'signal.pthread_kill',
    '_thread.start_new_thread',
    '_thread.start_joinable_thread',
)

_EXACT = frozenset(event for event in REFUSED_EVENTS if not event.endswith('.'))
_FAMILIES = tuple(event for event in REFUSED_EVENTS if event.endswith('.'))


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


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _EXACT or event.startswith(_FAMILIES):
        raise Refused(event)


def install() -> None:
    """Refuses from now on; an audit hook cannot be taken away again."""
    sys.addaudithook(_refuse)
