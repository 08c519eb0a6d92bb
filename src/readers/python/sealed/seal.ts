import { VirtualClock } from './clock';
import type { EmscriptenModule } from './emscripten';
import { FixedEntropy } from './entropy';
import { FileGuard } from './fileGuard';
import { ALLOWED_IMPORTS, CONSTANT_IMPORTS, refusalOf } from './importTable';
import { removeForeignEntries } from './functionTable';
import { DEFAULT_LIMITS, type SealLimits } from './limits';
import { SUBSTITUTED_IMPORTS, type Substitute, substitutesFor } from './substitutes';
import type { SharedWhereabouts } from './whereabouts';

type ImportedFunction = (...args: never[]) => unknown;

/** Thrown out of the interpreter by an import that is denied and cannot answer with an error number. */
export class SealBreach extends Error {
  override readonly name = 'SealBreach';
}

/** What the interpreter needs of its wall; tests put an open one in its place to show that their attacks are real. */
export interface Wall {
  /** Wraps the imports of the WebAssembly module before it is instantiated. */
  guard(imports: WebAssembly.Imports, module: WebAssembly.Module): WebAssembly.Imports;
  /** From now on foreign code may run. */
  close(module: EmscriptenModule): void;
  /** Work of the host's own on the in-memory file system. */
  exempt<T>(work: () => T): T;
  /** Takes back what a request left outside the linear memory. */
  reset(): void;
}

/**
 * Denies by default: once closed, an import of the WebAssembly module does something only if `importTable.ts` lists it.
 * Nothing in the linear memory can change that, whatever code runs there.
 */
export class Seal implements Wall {
  private readonly clock = new VirtualClock();
  private readonly entropy = new FixedEntropy();
  private substitutes: ReadonlyMap<string, Substitute> = new Map();
  private closed = false;
  private importedFunctions = 0;
  private files: FileGuard | null = null;

  constructor(
    private readonly whereabouts: SharedWhereabouts,
    private readonly limits: SealLimits = DEFAULT_LIMITS,
  ) {}

  guard(imports: WebAssembly.Imports, module: WebAssembly.Module): WebAssembly.Imports {
    const guarded: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    const needed = WebAssembly.Module.imports(module);
    this.importedFunctions = needed.filter(({ kind }) => kind === 'function').length;
    for (const { module: space, name, kind } of needed) {
      const value = imports[space]?.[name];
      if (value === undefined)
        throw new Error(`The interpreter imports ${space}.${name}, which Pyodide does not give.`);
      guarded[space] ??= {};
      guarded[space][name] = kind === 'function' ? this.wrap(name, value) : value;
    }
    return guarded;
  }

  close(module: EmscriptenModule): void {
    const { clock, entropy, whereabouts } = this;
    this.substitutes = substitutesFor(module, { clock, entropy, whereabouts });
    removeForeignEntries(module.wasmTable, this.importedFunctions);
    this.files = new FileGuard(module.FS, this.limits);
    this.files.close();
    this.closed = true;
    this.reset();
  }

  exempt<T>(work: () => T): T {
    return this.files === null ? work() : this.files.exempt(work);
  }

  reset(): void {
    this.clock.reset();
    this.entropy.reset();
    this.files?.reset();
  }

  private wrap(name: string, value: WebAssembly.ImportValue): ImportedFunction {
    const own = this.replacement(name, value);
    if (own !== undefined) return own;
    const constant = CONSTANT_IMPORTS.get(name);
    if (constant !== undefined) return () => constant;
    // Not a function: a `WebAssembly.Suspending`, which waits for promises of the host; nothing here needs one.
    const real = typeof value === 'function' ? (value as ImportedFunction) : null;
    if (real !== null && ALLOWED_IMPORTS.has(name)) return real;
    const refusal = refusalOf(name);
    return (...args) => {
      if (!this.closed && real !== null) return real(...args);
      if (refusal !== null) return refusal;
      throw new SealBreach(name);
    };
  }

  /** Imports that have a substitute inside the seal; before it is closed they are the host's. */
  private replacement(name: string, value: WebAssembly.ImportValue): ImportedFunction | undefined {
    const real = value as ImportedFunction;
    if (name === 'emscripten_resize_heap') {
      return (bytes: number) => (bytes >>> 0 > this.limits.heap ? 0 : (real as (bytes: number) => unknown)(bytes));
    }
    if (!SUBSTITUTED_IMPORTS.has(name)) return undefined;
    return (...args) => (this.substitutes.get(name) ?? real)(...args);
  }
}
