import type { BirpcReturn } from 'birpc';
import { Worker } from 'node:worker_threads';
import { connect, type Methods, READY } from './channel';
import { OutOfMemory, WorkerCrashed } from './supervisorErrors';

export interface ThreadSpec<Events> {
  /** How messages call the worker, e.g. `reader`. */
  name: string;
  /** The bundle that the thread runs; it ends with `serve(...)`. */
  file: string | URL;
  workerData?: unknown;
  /** Answers to what the worker tells. */
  events?: Events;
  /** Limit of the thread's JavaScript heap (WebAssembly memory is not part of it). */
  heapMegabytes?: number;
  stackMegabytes?: number;
  /** Milliseconds within which the thread must call `ready()`. */
  readyTimeout: number;
  /** Receives what the thread writes to its stdout and stderr. */
  output?: (text: string) => void;
}

/** One life of a worker thread: from its start to its end, which comes exactly once and with a reason. */
export class Thread<Api extends Methods<Api>, Events extends Methods<Events>> {
  /** Resolves at the thread's `ready()`; rejects where the thread ends or the limit passes before. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the thread is gone, whoever ended it. */
  readonly ended: Promise<Error>;
  private readonly worker: Worker;
  private readonly rpc: BirpcReturn<Api, object, false>;
  private reason: Error | null = null;

  /** @throws what `new Worker` throws for a file or data that cannot be handed over. */
  constructor(private readonly spec: ThreadSpec<Events>) {
    const worker = new Worker(spec.file, {
      name: spec.name,
      workerData: spec.workerData,
      env: {},
      execArgv: [],
      argv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        ...(spec.heapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: spec.heapMegabytes }),
        ...(spec.stackMegabytes === undefined ? {} : { stackSizeMb: spec.stackMegabytes }),
      },
    });
    this.worker = worker;
    for (const stream of [worker.stdout, worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => spec.output?.(text));
    }
    this.ended = new Promise((resolve) => {
      worker.once('error', (error) => {
        this.fail(this.crash(error));
      });
      worker.once('messageerror', (error) => void this.end(this.crash(error)));
      worker.once('exit', (code) => {
        this.reason ??= new WorkerCrashed(`The ${spec.name} thread exited with code ${code}.`);
        this.rpc.$close(this.reason);
        resolve(this.reason);
      });
    });
    let shake: () => void = () => undefined;
    this.ready = this.awaitReady(new Promise((resolve) => (shake = () => resolve(undefined))));
    this.ready.catch(() => undefined);
    this.rpc = connect(worker, { ...(spec.events as object | undefined), [READY]: () => shake() });
  }

  /** Rejects with the reason of the thread's end where it ends before it answers. */
  call<M extends keyof Api & string>(method: M, args: Parameters<Api[M]>): Promise<Awaited<ReturnType<Api[M]>>> {
    if (this.reason !== null) return Promise.reject(this.reason);
    return this.rpc.$call(method, ...args);
  }

  /** True once the end is decided; `ended` follows. */
  get ending(): boolean {
    return this.reason !== null;
  }

  /** Whether the thread keeps the process alive. */
  hold(alive: boolean): void {
    if (alive) this.worker.ref();
    else this.worker.unref();
  }

  /** Ends the thread, whatever it is doing; calls under way reject with `reason`. */
  async end(reason: Error): Promise<void> {
    this.fail(reason);
    await this.worker.terminate();
  }

  private fail(reason: Error): void {
    this.reason ??= reason;
    this.rpc.$close(this.reason);
  }

  private async awaitReady(handshake: Promise<undefined>): Promise<void> {
    const { name, readyTimeout } = this.spec;
    const late = Symbol('late');
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<symbol>((resolve) => {
      timer = setTimeout(() => resolve(late), readyTimeout);
    });
    const first = await Promise.race([handshake, this.ended, limit]);
    clearTimeout(timer);
    if (first instanceof Error) throw first;
    if (first !== late) return;
    const error = new WorkerCrashed(`The ${name} thread was not ready within ${readyTimeout} ms.`);
    await this.end(error);
    throw error;
  }

  private crash(error: Error): Error {
    const { name } = this.spec;
    if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return new OutOfMemory(`The ${name} thread ran out of memory.`, { cause: error });
    }
    return new WorkerCrashed(`The ${name} thread failed: ${error.message}`, { cause: error });
  }
}
