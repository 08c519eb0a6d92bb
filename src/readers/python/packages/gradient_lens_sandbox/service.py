"""The life of the sealed interpreter: prepared once for the snapshot, closed at each boot, then one request after another."""

import gc
import os
import pathlib
import sys

from gradient_lens_sandbox import refusals, time_limit
from gradient_lens_sandbox.whereabouts import Whereabouts

REQUEST = '/request.json'
ANSWER = '/answer.json'
DEVICE = '/dev/whereabouts'

#: Modules of the bridge to JavaScript; the seal denies all they could do, so they are not offered either.
_BRIDGE = ('js', 'pyodide_js', 'pyodide', '_pyodide', '_pyodide_core')


def close() -> None:
    """Makes the interpreter ready for foreign code. The host seals it right after."""
    for name in list(sys.modules):
        if name.partition('.')[0] in _BRIDGE:
            del sys.modules[name]
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__.partition('.')[0] not in _BRIDGE]
    os.environ.clear()
    os.environ['HOME'] = '/home'
    time_limit.install()
    Whereabouts(DEVICE).install()
    refusals.install()
    # Objects of the bridge must never be collected inside the seal: their finalisers call JavaScript.
    gc.collect()
    gc.freeze()


def answer() -> None:
    """Reads the request that the host has put down, and puts down the answer."""
    from gradient_lens import reader

    result = reader.read(pathlib.Path(REQUEST).read_text(encoding='utf-8'))
    pathlib.Path(ANSWER).write_text(result, encoding='utf-8')
