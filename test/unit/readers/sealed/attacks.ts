/** Python that tries to get out of the interpreter, or to use up the host. */
export interface Attack {
  name: string;
  source: string;
  /** Whether it gets through where nothing is sealed; where it does not, Pyodide as built gives no such way. */
  opens: boolean;
}

/** Where the attacks find what they are after. */
export interface Target {
  /** A file whose text must not be seen. */
  secret: string;
  /** A file that must not come into being. */
  marker: string;
  /** A port of this machine that must not be reached. */
  port: number;
}

export function escapes({ secret, marker, port }: Target): Attack[] {
  const s = JSON.stringify(secret);
  const folder = JSON.stringify(secret.slice(0, secret.lastIndexOf('/')));
  const steal = `process.getBuiltinModule ? process.getBuiltinModule('fs').readFileSync(${s}, 'utf8')
    : process.binding('fs').readFileUtf8(${s}, 0)`;
  const copy = `cp ${secret} ${marker}`;
  return [
    {
      name: 'js.process.getBuiltinModule',
      opens: true,
      source: `
import js
result = js.process.getBuiltinModule('fs').readFileSync(${s}, 'utf8')`,
    },
    {
      name: 'pyodide.code.run_js',
      opens: true,
      source: `
from pyodide.code import run_js
result = run_js(${JSON.stringify(steal)})`,
    },
    {
      name: 'dynamic import() from run_js',
      opens: true,
      source: `
from pyodide.code import run_js
run_js("import('node:fs').then((fs) => fs.copyFileSync(${secret}, ${marker}))".replace(${s}, repr(${s})).replace(${JSON.stringify(marker)}, repr(${JSON.stringify(marker)})))
result = 'later'`,
    },
    {
      name: 'the function constructor behind a JavaScript object',
      opens: true,
      source: `
import js
result = js.Object.constructor.new(${JSON.stringify(`return ${steal}`)})()`,
    },
    {
      name: 'a JavaScript object found by the garbage collector',
      opens: true,
      source: `
import gc
gc.unfreeze()
result = None
for found in gc.get_referents(*gc.get_objects()):
    if type(found).__name__ == 'JsProxy' and result is None:
        try:
            result = found.constructor.constructor.new(${JSON.stringify(`return ${steal}`)})()
        except AttributeError:
            pass`,
    },
    {
      name: 'a JavaScript object found in the globals of the frames above',
      opens: true,
      source: `
import sys
modules = list(sys.modules.values())
frame = sys._getframe()
spaces = [m.__dict__ for m in modules if hasattr(m, '__dict__')]
while frame:
    spaces.append(frame.f_globals)
    frame = frame.f_back
result = None
for space in spaces:
    for value in list(space.values()):
        if 'Js' in type(value).__name__:
            try:
                result = value.constructor.constructor.new(${JSON.stringify(`return ${steal}`)})()
                break
            except Exception as error:
                result = result or repr(error)`,
    },
    {
      name: 'the bridge re-imported from its extension module',
      opens: true,
      source: `
import importlib, sys
for name in [n for n in sys.modules if 'pyodide' in n]:
    del sys.modules[name]
import _pyodide_core
from pyodide.code import run_js
result = run_js(${JSON.stringify(steal)})`,
    },
    {
      name: 'a folder of the host mounted by mountNodeFS',
      opens: true,
      source: `
import pyodide_js
pyodide_js.mountNodeFS('/stolen', ${folder})
result = open('/stolen/' + ${JSON.stringify(secret.slice(secret.lastIndexOf('/') + 1))}).read()`,
    },
    {
      name: 'a folder of the host mounted by FS.mount',
      opens: true,
      source: `
import os, pyodide_js
from pyodide.code import run_js
os.makedirs('/stolen2')
FS = pyodide_js.FS
FS.mount(FS.filesystems.NODEFS, run_js("({ root: " + repr(${folder}) + " })"), '/stolen2')
result = open('/stolen2/' + ${JSON.stringify(secret.slice(secret.lastIndexOf('/') + 1))}).read()`,
    },
    { name: 'os.system', opens: true, source: `import os\nresult = os.system(${JSON.stringify(copy)})` },
    {
      name: 'system() by _ctypes',
      opens: true,
      source: `
import _ctypes
class Function(_ctypes.CFuncPtr):
    _flags_ = _ctypes.FUNCFLAG_CDECL
    _restype_ = None
class Text(_ctypes._SimpleCData):
    _type_ = 'z'
handle = _ctypes.dlopen(None, 0)
Function(_ctypes.dlsym(handle, 'system'))(Text(${JSON.stringify(copy)}.encode()))
result = 'called'`,
    },
    {
      name: 'emscripten_run_script by _ctypes',
      opens: true,
      source: `
import _ctypes
class Function(_ctypes.CFuncPtr):
    _flags_ = _ctypes.FUNCFLAG_CDECL
    _restype_ = None
class Text(_ctypes._SimpleCData):
    _type_ = 'z'
handle = _ctypes.dlopen(None, 0)
Function(_ctypes.dlsym(handle, 'emscripten_run_script'))(Text(b"process.getBuiltinModule('fs').copyFileSync(" + repr(${s}).encode() + b"," + repr(${JSON.stringify(marker)}).encode() + b")"))
result = 'called'`,
    },
    {
      name: 'a library of the host loaded with dlopen',
      opens: false,
      source: `
import _ctypes
result = _ctypes.dlopen(${s}, 0)`,
    },
    {
      name: 'subprocess',
      opens: false,
      source: `
import subprocess
result = subprocess.run(['cat', ${s}], capture_output=True).stdout`,
    },
    {
      name: 'os.posix_spawn and os.fork',
      opens: false,
      source: `
import os
try:
    os.posix_spawn('/bin/cp', ['cp', ${s}, ${JSON.stringify(marker)}], {})
except BaseException:
    if os.fork() == 0:
        os.execv('/bin/cp', ['cp', ${s}, ${JSON.stringify(marker)}])
result = 'spawned'`,
    },
    {
      name: 'a TCP connection',
      opens: true,
      source: `
import socket
connection = socket.socket()
connection.setblocking(False)
try:
    connection.connect(('127.0.0.1', ${port}))
except BlockingIOError:
    pass
result = 'connecting'`,
    },
    {
      name: 'an HTTP request',
      opens: true,
      source: `
from pyodide.http import pyfetch
import js
js.fetch('http://127.0.0.1:${port}/')
result = 'fetching'`,
    },
    {
      name: 'the path of the secret opened as it is',
      opens: false,
      source: `result = open(${s}).read()`,
    },
    {
      name: 'a pickle that calls os.system',
      opens: true,
      source: `
import os, pickle
class Bomb:
    def __reduce__(self):
        return os.system, (${JSON.stringify(copy)},)
result = pickle.loads(pickle.dumps(Bomb()))`,
    },
    {
      name: 'the environment of the host',
      opens: false,
      source: `
import os
result = dict(os.environ)`,
    },
    {
      name: 'a handler run at exit',
      opens: true,
      source: `
import atexit, os
atexit.register(os.system, ${JSON.stringify(copy)})
atexit._run_exitfuncs()
result = 'done'`,
    },
    {
      name: 'byte code that reads past its constants',
      opens: false,
      source: `
def victim():
    return 1
victim.__code__ = victim.__code__.replace(co_code=bytes([0x64, 0xff] * 8))
result = victim()`,
    },
  ];
}
