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


class Refused(PermissionError):
    """The file asked for something of the machine; `event` names it."""

    #: The code of the problem that is reported for it.
    problem_code = 'denied'

    def __init__(self, event: str) -> None:
        super().__init__(
            f'`{event}` is not available: the file is read in a sealed interpreter, '
            'without processes, network or threads. Move the call behind `if __name__ == "__main__":` '
            'or into a function that the model does not need.'
        )
        self.event = event


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _EXACT or event.startswith(_FAMILIES):
        raise Refused(event)


def install() -> None:
    """Refuses from now on; an audit hook cannot be taken away again."""
    sys.addaudithook(_refuse)
