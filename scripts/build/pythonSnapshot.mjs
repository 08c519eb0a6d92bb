// The two products of the interpreter itself: its standard library compiled, and its memory after importing the packages.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Standard modules that no model needs; a file that imports one gets a stand-in as for any unknown package. */
const DROPPED = `_pyrepl/ _sysconfigdata bdb cProfile cgi ctypes/ curses/ doctest ensurepip/ ftplib idlelib/
  imaplib lib2to3/ mailbox multiprocessing/ netrc nntplib pdb pickletools plistlib poplib profile pstats pydoc pydoc_data/
  smtplib sqlite3/ telnetlib test/ tkinter/ turtle unittest/ venv/ wave webbrowser wsgiref/ xmlrpc/`.split(/\s+/);
/** Of the many codecs, those that sources and texts have. */
const CODECS = `__init__ aliases ascii base64_codec charmap cp1252 cp437 hex_codec idna iso8859_1 latin_1 punycode
  raw_unicode_escape unicode_escape utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_7 utf_8 utf_8_sig
  zlib_codec`.split(/\s+/);
/** What user files import most, loaded ahead. */
const WARM = `abc argparse ast base64 bisect collections collections.abc configparser contextlib copy csv dataclasses
  datetime decimal encodings.utf_16_le enum fractions functools gc gzip hashlib heapq importlib.util inspect io itertools json linecache
  logging math numbers operator os pathlib pickle platform pprint random re shutil signal statistics string struct
  subprocess tempfile textwrap threading time tokenize traceback types typing urllib.parse uuid warnings weakref
  zipfile`.split(/\s+/);
// The time zone of the machine would be baked into the snapshot.
process.env.TZ = 'UTC';
const ENVIRONMENT = { HOME: '/home', PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' };

/** Pyodide at the trampoline that every Node version has, so that a snapshot made on one runs on all. */
async function boot(directory, options) {
  const runtime = pathToFileURL(path.join(directory, 'pyodide.mjs')).href;
  const { loadPyodide } = await import(runtime);
  const { default: createModule } = await import(new URL('pyodide.asm.mjs', runtime).href);
  const createPyodideModule = (settings) => {
    const plainTrampoline = (module) => {
      const offset = module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2];
      module.HEAP32[(module.__PyRuntime + offset) >>> 2] = 0;
    };
    return createModule({ ...settings, preRun: [...settings.preRun, plainTrampoline] });
  };
  return loadPyodide({
    createPyodideModule,
    env: ENVIRONMENT,
    ...options,
  });
}

/** The standard library as a zip of hash-based .pyc (never checked against a source), compiled by the interpreter itself. */
export async function compileStandardLibrary(pyodide) {
  const python = await boot(pyodide, {});
  python.FS.writeFile('/full.zip', fs.readFileSync(path.join(pyodide, 'python_stdlib.zip')));
  python.globals.set('dropped', python.toPy(DROPPED));
  python.globals.set('codecs', python.toPy(CODECS));
  python.runPython(`
import importlib._bootstrap_external as bootstrap, importlib.util, zipfile
dropped = tuple(dropped)
kept_codecs = {f'encodings/{codec}.py' for codec in codecs}
with zipfile.ZipFile('/full.zip') as full, zipfile.ZipFile('/trimmed.zip', 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as out:
    for entry in sorted(full.infolist(), key=lambda entry: entry.filename):
        name = entry.filename
        if name.endswith('/') or name.startswith(dropped):
            continue
        if name.startswith('encodings/') and name not in kept_codecs:
            continue
        data = full.read(entry)
        if name.endswith('.py'):
            code = compile(data, f'/lib/python314.zip/{name}', 'exec', dont_inherit=True, optimize=2)
            data = bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(data), False))
            name += 'c'
        out.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
`);
  return python.FS.readFile('/trimmed.zip');
}

/** All Python files of the packages but their tests, sorted. */
export function listPackages(directory) {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => path.relative(directory, file).split(path.sep)[0] !== 'tests')
    .sort();
}

/**
 * The interpreter's memory with every module of the packages imported, and the reader warm from reading examples. Files are not part of it: what is imported later
 * must come from the standard library. `runtime` is the folder with Pyodide and that library. Fails where a package does
 * not import.
 */
export async function makeSnapshot(runtime, directory, sources) {
  const python = await boot(runtime, { indexURL: runtime, _makeSnapshot: true });
  const modules = [];
  for (const source of sources) {
    const relative = path.relative(directory, source).split(path.sep).join('/');
    python.FS.mkdirTree(path.posix.dirname(`/packages/${relative}`));
    python.FS.writeFile(`/packages/${relative}`, fs.readFileSync(source));
    modules.push(relative.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.'));
  }
  if (!modules.includes('gradient_lens.reader')) {
    throw new Error(
      'src/readers/python/packages holds no `gradient_lens.reader`: the sealed interpreter has nothing to run.',
    );
  }
  python.globals.set('names', python.toPy([...WARM, ...modules]));
  python.runPython(`
import sys
sys.path.insert(0, '/packages')
import gc, importlib, random
for name in names:
    try:
        importlib.import_module(name)
    except BaseException as error:
        raise ImportError(f'the tracing package \`{name}\` does not import: {error!r}') from error
from gradient_lens import reader
if hasattr(reader, 'warm_up'):
    from gradient_lens_sandbox.service import warm_up
    warm_up(reader.warm_up)
    del warm_up
del reader
sys.path.remove('/packages')
sys.path_importer_cache.clear()
del name, names
random.seed(0)
gc.collect()
`);
  return { bytes: python.makeMemorySnapshot(), modules: modules.length };
}
