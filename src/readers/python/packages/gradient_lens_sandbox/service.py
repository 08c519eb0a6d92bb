"""The life of the sealed interpreter: prepared once for the snapshot, closed at each boot, then one request after another."""

import gc
import os
import pathlib
import sys
from collections.abc import Callable

from gradient_lens_sandbox import refusals, replacements, time_limit
from gradient_lens_sandbox.whereabouts import Whereabouts

REQUEST = '/request.json'
#: Devices of the host's.
ANSWER = '/dev/answer'
WHEREABOUTS = '/dev/whereabouts'

#: Modules of the bridge to JavaScript; the seal denies all they could do, so they are not offered either.
_BRIDGE = ('js', 'pyodide_js', 'pyodide', '_pyodide', '_pyodide_core')


def warm_up(read_examples: Callable[[], None]) -> None:
    """Before the snapshot is made: reads examples as files are read later, so that its code is specialised and watched as then."""
    whereabouts = Whereabouts(os.devnull)
    whereabouts.install()
    read_examples()
    whereabouts.close()


def close() -> 'Service':
    """Makes the interpreter ready for foreign code. The host seals it right after."""
    service = Service()
    for name in list(sys.modules):
        if name.partition('.')[0] in _BRIDGE:
            del sys.modules[name]
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__.partition('.')[0] not in _BRIDGE]
    os.environ.clear()
    os.environ['HOME'] = '/home'
    whereabouts = Whereabouts(WHEREABOUTS)
    whereabouts.install()
    time_limit.install(whereabouts.interrupted)
    replacements.install()
    refusals.install()
    # Objects of the bridge must never be collected inside the seal: their finalisers call JavaScript.
    gc.collect()
    gc.freeze()
    # Memory is put back after each request, so little is gained by looking for cycles; at the usual threshold (2,000) the
    # search takes a quarter of the time of a model of a thousand layers.
    gc.set_threshold(_NEW_OBJECTS)
    return service


#: Objects after which cycles are looked for; some 20 MB.
_NEW_OBJECTS = 100_000


class Service:
    """Answers requests; it holds the device open, so that a file that uses up all descriptors is still answered."""

    def __init__(self) -> None:
        self._file = os.open(ANSWER, os.O_WRONLY)

    def answer(self) -> None:
        """Reads the request that the host has put down, and answers it."""
        from gradient_lens import reader

        result = memoryview(reader.read(pathlib.Path(REQUEST).read_text(encoding='utf-8')).encode())
        while result:
            result = result[os.write(self._file, result) :]
