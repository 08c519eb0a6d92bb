import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Gathered, openChannel } from './channel';
import type { EmscriptenModule, EmscriptenSettings, ModuleFactory } from './emscripten';
import { PristineMemory } from './pristineMemory';
import { type SealLimits, DEFAULT_LIMITS } from './limits';
import { SealBreach, type Wall } from './seal';
import { GuestExit } from './substitutes';
import type { SharedWhereabouts } from './whereabouts';

/** What a thread needs to boot in a quarter of a second: all of it can be shared by several threads. */
export interface InterpreterAssets {
  /** The folder made by `scripts/build/python.mjs`. */
  directory: string;
  /** Compiled `pyodide.asm.wasm`. */
  module: WebAssembly.Module;
  /** `snapshot.bin`. */
  snapshot: Uint8Array;
}

export interface BootOptions {
  assets: InterpreterAssets;
  wall: Wall;
  whereabouts: SharedWhereabouts;
  limits?: SealLimits;
  /** The Python expression that makes the service; the tests leave out its refusals to show that the wall holds alone. */
  prepare?: string;
}

/** How a request ended. */
export type Outcome = (
  | { kind: 'answered'; answer: string }
  /** The interpreter was left in the middle of something: by a denied import, an exit, or a stack or memory that ran full. */
  | { kind: 'trapped'; reason: 'denied' | 'exit' | 'stack' | 'crash'; detail: string }
) & {
  /** What was printed, up to the limit. */
  output: string;
  /** Bytes of WebAssembly memory, which never shrinks. */
  heap: number;
};

export interface MountedFile {
  path: string;
  text: string;
}

interface Pyodide {
  _module: EmscriptenModule;
  runPython(code: string): unknown;
  setStdin(options: { stdin: () => null }): void;
  setStdout(options: { write: (bytes: Uint8Array) => number }): void;
  setStderr(options: { write: (bytes: Uint8Array) => number }): void;
}

interface PyodidePackage {
  loadPyodide(options: object): Promise<Pyodide>;
}

const SERVICE = 'gradient_lens_sandbox.service';
const REQUEST = '/request.json';
const USER_ROOT = '/user';

/** CPython in a closed seal: takes one request at a time, and forgets everything between two. */
export class SealedInterpreter {
  private readonly pristine: PristineMemory;
  private readonly command: number;
  private clean = true;

  private constructor(
    private readonly module: EmscriptenModule,
    private readonly wall: Wall,
    private readonly whereabouts: SharedWhereabouts,
    private readonly answer: Gathered,
    private readonly output: Gathered,
  ) {
    this.command = module.stringToNewUTF8('service.answer()');
    this.pristine = new PristineMemory(module);
  }

  /** Loads the snapshot, prepares Python, and closes the wall. Rejects where the assets do not fit each other. */
  static async boot(options: BootOptions): Promise<SealedInterpreter> {
    const { assets, wall, whereabouts, limits = DEFAULT_LIMITS, prepare = 'close()' } = options;
    const runtime = (file: string) => pathToFileURL(path.join(assets.directory, file)).href;
    const pyodide = (await import(runtime('pyodide.mjs'))) as PyodidePackage;
    const { default: createModule } = (await import(runtime('pyodide.asm.mjs'))) as { default: ModuleFactory };
    const python = await pyodide.loadPyodide({
      indexURL: assets.directory,
      createPyodideModule: (settings: EmscriptenSettings) => instantiate(createModule, settings, assets, wall),
      env: { HOME: '/home' },
      _loadSnapshot: assets.snapshot,
      _sysExecutable: 'python',
    });
    const module = python._module;
    const answer = new Gathered(limits.answer);
    const output = new Gathered(limits.output);
    openChannel(module.FS, 'whereabouts', 0, whereabouts.receive);
    openChannel(module.FS, 'answer', 1, answer.add);
    module.FS.mkdirTree(USER_ROOT);
    module.FS.mkdirTree('/home');
    python.setStdin({ stdin: () => null });
    const print = (bytes: Uint8Array) => {
      output.add(bytes);
      return bytes.length;
    };
    python.setStdout({ write: print });
    python.setStderr({ write: print });
    python.runPython(`from ${SERVICE} import Service, close\nservice = ${prepare}`);
    module.HEAPU8[module._Py_EMSCRIPTEN_SIGNAL_HANDLING] = 1;
    const interpreter = new SealedInterpreter(module, wall, whereabouts, answer, output);
    wall.close(module);
    return interpreter;
  }

  /** Reads one request; `request` is JSON, the files are mounted under `/user/`. Never throws. */
  run(request: string, files: readonly MountedFile[]): Outcome {
    if (!this.clean) this.reset();
    this.clean = false;
    this.whereabouts.clear();
    const { FS } = this.module;
    try {
      this.wall.exempt(() => {
        for (const file of files) {
          const target = path.posix.join(USER_ROOT, file.path);
          if (!target.startsWith(`${USER_ROOT}/`))
            throw new Error(`${file.path} leads out of the folder of user files`);
          FS.mkdirTree(path.posix.dirname(target));
          FS.writeFile(target, file.text);
        }
        FS.writeFile(REQUEST, request);
      });
      const status = this.module._PyRun_SimpleString(this.command);
      if (status === 0 && !this.answer.overflowed) return this.end({ kind: 'answered', answer: this.answer.text() });
      // CPython has printed why: the traceback's last line.
      const why = this.output.text().trimEnd().split('\n').at(-1) ?? '';
      const detail = status === 0 ? 'the answer is too long' : `the reader failed (${why.slice(0, 300)})`;
      return this.end({ kind: 'trapped', reason: 'crash', detail });
    } catch (error) {
      return this.end({ kind: 'trapped', ...describeTrap(error) });
    }
  }

  /** Forgets the last request. Called by itself before the next one; call it earlier to have that one start at once. */
  reset(): void {
    if (this.clean) return;
    this.pristine.restore();
    this.wall.reset();
    this.output.clear();
    this.answer.clear();
    this.clean = true;
  }

  private end<T extends object>(how: T): T & { output: string; heap: number } {
    return { ...how, output: this.output.text(), heap: this.module.HEAPU8.length };
  }
}

async function instantiate(
  createModule: ModuleFactory,
  settings: EmscriptenSettings,
  assets: InterpreterAssets,
  wall: Wall,
): Promise<EmscriptenModule> {
  const noValue = Symbol('error marker');
  const module = await createModule({
    ...settings,
    instantiateWasm: (imports, receive) => {
      // Pyodide's own instantiation adds these two; only its error markers have to be alike.
      Object.assign(imports['env'] ?? {}, {
        Jsv_GetError_import: () => noValue,
        JsvError_Check: (value: unknown) => value === noValue,
      });
      void WebAssembly.instantiate(assets.module, wall.guard(imports, assets.module)).then((instance) =>
        receive(instance, assets.module),
      );
      return {};
    },
  });
  // A snapshot larger than the initial memory does not load otherwise (Pyodide issue 6254).
  const memory = memoryOf(assets.snapshot);
  if (memory > module.HEAPU8.length) module._emscripten_resize_heap(memory);
  return module;
}

/** Bytes of memory in a snapshot: all but its header, whose length stands in its second word. */
function memoryOf(snapshot: Uint8Array): number {
  return snapshot.length - new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true);
}

function describeTrap(error: unknown): { reason: 'denied' | 'exit' | 'stack' | 'crash'; detail: string } {
  if (error instanceof SealBreach) return { reason: 'denied', detail: error.message };
  if (error instanceof GuestExit) return { reason: 'exit', detail: error.message };
  const detail = error instanceof Error ? error.message : String(error);
  return { reason: error instanceof RangeError ? 'stack' : 'crash', detail: detail.slice(0, 500) };
}
