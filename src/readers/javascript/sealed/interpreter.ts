import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import { WorkClock } from '../../../timing/workClock';

export interface InterpreterAssets {
  /** QuickJS itself. */
  module: WebAssembly.Module;
  /** The program that is run before anything else and survives `reset`. */
  program: string;
}

/** Pages of 64 KiB: QuickJS asks for the first figure, and can never have more than the second (256 MB). */
const MEMORY = { initial: 256, maximum: 4096 };
/** Bytes; QuickJS checks its own use, far below what WebAssembly and the thread have. */
const STACK = 512 * 1024;
/** Jobs that are run between looks at the clock. */
const JOBS = 100;

/** The code ran longer than it may. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** An error that the code inside left uncaught. */
export class Raised extends Error {
  override readonly name = 'Raised';

  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

/** The interpreter itself broke off (its memory or stack ended); it must not be used again. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/**
 * QuickJS in WebAssembly: an ECMAScript engine without file, network, thread or module loader. No function of the host is
 * put into it, so nothing but text comes out. `reset` brings back the memory as it was after the program had run.
 */
export class SealedInterpreter {
  #deadline = Infinity;
  #interrupted = false;

  /** What deadlines are given on. */
  readonly clock = new WorkClock();

  private constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly runtime: QuickJSRuntime,
    private readonly context: QuickJSContext,
    private readonly pristine: { bytes: Uint8Array },
  ) {
    runtime.setInterruptHandler(() => {
      this.#interrupted ||= this.clock.now() > this.#deadline;
      return this.#interrupted;
    });
  }

  static async boot({ module, program }: InterpreterAssets): Promise<SealedInterpreter> {
    const memory = new WebAssembly.Memory(MEMORY);
    const engine = await newQuickJSWASMModuleFromVariant(
      newVariant(variant, { wasmModule: module, wasmMemory: memory }),
    );
    const runtime = engine.newRuntime();
    runtime.setMaxStackSize(STACK);
    const interpreter = new SealedInterpreter(memory, runtime, runtime.newContext(), { bytes: new Uint8Array() });
    interpreter.run(program, 'program', Infinity);
    interpreter.pristine.bytes = withoutTail(new Uint8Array(memory.buffer));
    return interpreter;
  }

  /** Bytes of WebAssembly memory, which never shrinks. */
  get heap(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * Runs a script, then the jobs that it left.
   * @param deadline on the interpreter's clock
   * @throws Interrupted, Raised, Broken
   */
  run(code: string, name: string, deadline: number): void {
    this.#within(deadline, () => {
      this.#evaluate(code, name);
      this.#finishJobs();
    });
  }

  /** The string that an expression gives. */
  text(expression: string, deadline: number): string {
    return this.#within(deadline, () => {
      const value = this.#evaluate(expression, 'answer');
      if (typeof value === 'string') return value;
      throw new Raised('TypeError', 'the answer is not a text');
    });
  }

  reset(): void {
    const heap = new Uint8Array(this.memory.buffer);
    const { bytes } = this.pristine;
    heap.set(bytes);
    heap.fill(0, bytes.length);
  }

  #within<T>(deadline: number, body: () => T): T {
    this.#deadline = deadline;
    this.#interrupted = false;
    try {
      return body();
    } catch (error) {
      if (error instanceof Raised || error instanceof Interrupted) throw error;
      // A WebAssembly trap: whatever was going on inside has stopped half-way.
      throw new Broken(error instanceof Error ? error.message : 'trap');
    } finally {
      this.#deadline = Infinity;
    }
  }

  #evaluate(code: string, name: string): unknown {
    const result = this.context.evalCode(code, name, { type: 'global' });
    if (result.error) {
      const error: unknown = this.context.dump(result.error);
      result.error.dispose();
      throw this.#raised(error);
    }
    const type = this.context.typeof(result.value);
    const value = type === 'string' ? this.context.getString(result.value) : undefined;
    result.value.dispose();
    return value;
  }

  #finishJobs(): void {
    for (;;) {
      const result = this.runtime.executePendingJobs(JOBS);
      if (result.error) {
        const error: unknown = result.error.context.dump(result.error);
        result.error.dispose();
        throw this.#raised(error);
      }
      const done = result.value;
      result.dispose();
      if (done < JOBS) return;
      // A loop that awaits makes jobs without end, none of which takes long.
      if (this.clock.now() > this.#deadline) throw new Interrupted('interrupted');
    }
  }

  #raised(error: unknown): Error {
    if (this.#interrupted) return new Interrupted('interrupted');
    const { name, message } = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
    return new Raised(typeof name === 'string' ? name : 'Error', typeof message === 'string' ? message : 'unknown');
  }
}

/** A copy without the zeros at the end. */
function withoutTail(heap: Uint8Array): Uint8Array {
  const words = new Uint32Array(heap.buffer);
  let last = words.length;
  while (last > 0 && words[last - 1] === 0) last--;
  return heap.slice(0, last * 4);
}
