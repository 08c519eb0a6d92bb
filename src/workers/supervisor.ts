import type { Methods, NoEvents } from './channel';
import { afterWork } from '../timing/workClock';
import { Backoff, type BackoffLimits, DEFAULT_BACKOFF } from './supervisorBackoff';
import { Cancelled, WorkerCrashed, WorkerTimedOut } from './supervisorErrors';
import { Thread, type ThreadSpec } from './supervisorThread';

export interface WorkerSpec<Events> extends Omit<ThreadSpec<Events>, 'readyTimeout' | 'workerData'> {
  /** Handed to the thread; a function is called for it at each start. */
  workerData?: unknown;
  /** Milliseconds a start may take (default 20,000). */
  readyTimeout?: number;
  /** Milliseconds without a call after which the thread is stopped; the next call starts it again (default: never). */
  idleTimeout?: number;
  /** Calls that the thread gets at once (default 1: the others wait, and their time limit has not begun). */
  concurrency?: number;
  /** Milliseconds a cancelled call may go on before its thread is terminated (default 0). */
  cancelGrace?: number;
  backoff?: Partial<BackoffLimits>;
  /** One line for each start, end and failure. */
  log?: (message: string) => void;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds of work (see `WorkClock`) from when the thread gets the call; past them the thread is terminated (default: none). */
  timeout?: number | undefined;
  /** Called when the thread gets the call; what it returns is called when the call is over. */
  onStart?: (() => () => void) | undefined;
}

/** One queued or running call. */
interface Job<Api extends Methods<Api>> {
  method: keyof Api & string;
  args: Parameters<Api[keyof Api & string]>;
  timeout: number | undefined;
  onStart: (() => () => void) | undefined;
  /** Set once the caller has its answer. */
  settled: boolean;
  settle(outcome: { value: Awaited<ReturnType<Api[keyof Api & string]>> } | { error: Error }): void;
}

/**
 * A worker thread that is started when it is needed, watched, and replaced when it fails. Every call is answered: by the
 * thread, or with `WorkerCrashed`, `WorkerTimedOut`, `OutOfMemory` or `Cancelled`. A call that brought its thread down is
 * not repeated; calls that had not reached the thread go to the next one. Threads are expected to `serve()`.
 */
export class SupervisedWorker<Api extends Methods<Api>, Events extends Methods<Events> = NoEvents> {
  private readonly backoff: Backoff;
  private readonly queue: Job<Api>[] = [];
  private readonly running = new Set<Job<Api>>();
  private thread: Thread<Api, Events> | null = null;
  private ready = false;
  private starting: Promise<void> | null = null;
  private idleTimer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(private readonly spec: WorkerSpec<Events>) {
    this.backoff = new Backoff({ ...DEFAULT_BACKOFF, ...spec.backoff });
  }

  /** Whether a thread is up and has said that it is ready. */
  get isReady(): boolean {
    return this.ready;
  }

  /** Runs `method` in the thread. Rejects with what the method threw, or with one of the supervisor's errors. */
  call<M extends keyof Api & string>(
    method: M,
    args: Parameters<Api[M]>,
    options: CallOptions = {},
  ): Promise<Awaited<ReturnType<Api[M]>>> {
    const { signal, timeout, onStart } = options;
    if (this.disposed || signal?.aborted === true) return Promise.reject(new Cancelled());
    return new Promise((resolve, reject) => {
      const abort = () => this.cancel(job);
      const job: Job<Api> = {
        method,
        args,
        timeout,
        onStart,
        settled: false,
        settle: (outcome) => {
          if (job.settled) return;
          job.settled = true;
          signal?.removeEventListener('abort', abort);
          if ('value' in outcome) resolve(outcome.value);
          else reject(outcome.error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.queue.push(job);
      this.pump();
    });
  }

  /** Starts the thread ahead of the first call, trying again as the back-off allows; rejects where it gave up. */
  start(): Promise<void> {
    if (this.disposed) return Promise.reject(new Cancelled());
    if (this.ready) return Promise.resolve();
    this.starting ??= this.bringUp().finally(() => (this.starting = null));
    return this.starting;
  }

  /** Ends the thread (calls under way are cancelled; waiting ones start a new thread). Frees what WebAssembly never gives back. */
  async stop(): Promise<void> {
    await this.thread?.end(new Cancelled(`The ${this.spec.name} thread was stopped.`));
  }

  /** Ends the thread for good; all calls, also later ones, reject with `Cancelled`. */
  async dispose(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.idleTimer);
    for (const job of this.queue.splice(0)) job.settle({ error: new Cancelled() });
    await this.stop();
  }

  private async bringUp(): Promise<void> {
    let last: unknown = null;
    while (!this.backoff.exhausted) {
      await pause(this.backoff.delay);
      if (this.disposed) throw new Cancelled();
      try {
        await this.startOnce();
        return;
      } catch (error) {
        if (error instanceof Cancelled && this.queue.length === 0) throw error;
        last = error;
        this.backoff.failed();
        this.log(`could not start: ${describe(error)}`);
      }
    }
    const error = new WorkerCrashed(
      `The ${this.spec.name} thread does not start; it is tried again later.${last === null ? '' : ` ${describe(last)}`}`,
      { cause: last },
    );
    for (const job of this.queue.splice(0)) job.settle({ error });
    throw error;
  }

  private async startOnce(): Promise<void> {
    const begun = performance.now();
    const { workerData, readyTimeout = 20_000 } = this.spec;
    const data: unknown = typeof workerData === 'function' ? await (workerData as () => unknown)() : workerData;
    if (this.disposed) throw new Cancelled();
    const thread = new Thread<Api, Events>({ ...this.spec, workerData: data, readyTimeout });
    this.thread = thread;
    void thread.ended.then((reason) => this.onEnd(thread, reason));
    await thread.ready;
    this.backoff.succeeded();
    this.ready = true;
    this.log(`ready after ${(performance.now() - begun).toFixed(0)} ms`);
    this.rest();
    this.pump();
  }

  private onEnd(thread: Thread<Api, Events>, reason: Error): void {
    if (this.thread !== thread) return;
    this.thread = null;
    this.ready = false;
    this.log(`ended: ${reason.message}`);
    if (this.starting === null) this.pump();
  }

  /** Hands waiting calls to the thread, as many as it takes; starts one where there is none. */
  private pump(): void {
    if (this.queue.length === 0 || this.disposed) return;
    clearTimeout(this.idleTimer);
    const thread = this.thread;
    if (thread?.ending === true) return; // Its end comes back here.
    if (thread === null || !this.ready) {
      this.start().catch(() => undefined); // Has answered the calls itself.
      return;
    }
    while (this.running.size < (this.spec.concurrency ?? 1)) {
      const job = this.queue.shift();
      if (job === undefined) return;
      void this.run(thread, job);
    }
  }

  private async run(thread: Thread<Api, Events>, job: Job<Api>): Promise<void> {
    const { name } = this.spec;
    this.running.add(job);
    thread.hold(true);
    const { timeout } = job;
    const over = job.onStart?.();
    let callOff: (() => void) | undefined;
    if (timeout !== undefined) {
      const message = `\`${job.method}\` in the ${name} thread took longer than ${timeout} ms.`;
      callOff = afterWork(timeout, () => {
        job.settle({ error: new WorkerTimedOut(message, timeout) });
        void thread.end(new WorkerCrashed(`The ${name} thread was ended, since another call hung.`));
      });
    }
    try {
      const value = await thread.call(job.method, job.args);
      job.settle({ value });
    } catch (error) {
      job.settle({ error: error instanceof Error ? error : new WorkerCrashed(String(error)) });
    }
    callOff?.();
    over?.();
    this.running.delete(job);
    this.rest();
    this.pump();
  }

  private cancel(job: Job<Api>): void {
    const waiting = this.queue.indexOf(job);
    if (waiting >= 0) this.queue.splice(waiting, 1);
    job.settle({ error: new Cancelled() });
    const thread = this.thread;
    if (thread === null || !this.running.has(job)) return;
    setTimeout(() => {
      if (this.running.has(job)) {
        void thread.end(new WorkerCrashed(`The ${this.spec.name} thread was ended with a cancelled call.`));
      }
    }, this.spec.cancelGrace ?? 0);
  }

  /** With no call under way, the thread neither keeps the process alive nor stays for ever. */
  private rest(): void {
    const { thread } = this;
    // A thread that is being ended is held until its end is known, since waiting calls depend on it.
    if (this.running.size > 0 || this.queue.length > 0 || !this.ready || thread?.ending !== false) return;
    thread.hold(false);
    clearTimeout(this.idleTimer);
    if (this.spec.idleTimeout === undefined) return;
    this.idleTimer = setTimeout(() => {
      if (this.running.size === 0) void this.stop();
    }, this.spec.idleTimeout).unref();
  }

  private log(message: string): void {
    this.spec.log?.(`${this.spec.name} thread ${message}`);
  }
}

function pause(milliseconds: number): Promise<void> {
  return milliseconds > 0 ? new Promise((resolve) => setTimeout(resolve, milliseconds)) : Promise.resolve();
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
