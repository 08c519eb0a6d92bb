import { type ChildProcess, spawn } from 'node:child_process';
import * as readline from 'node:readline';

/** What a side says once its first step is done. */
export interface FirstStep {
  /** How many norms it took. */
  norms: number;
  parameters: number;
  /** Milliseconds of processor time of the process so far. */
  cpu: number;
}

/** One side of the comparison: a process that does steps when it is told to, so that two can take turns. */
export class Side {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  private constructor(
    readonly name: string,
    command: readonly string[],
  ) {
    const [file = '', ...args] = command;
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#child.on('error', (error) => (this.#errors += error.message));
    this.#child.stdin?.on('error', () => undefined);
    const input = this.#child.stdout;
    if (input === null) throw new Error('A child without output.');
    this.#lines = readline.createInterface({ input })[Symbol.asyncIterator]();
  }

  /** Starts a side; `wall` are the milliseconds from the start of the process to its first norms. */
  static async start(
    name: string,
    command: readonly string[],
  ): Promise<{ side: Side; first: FirstStep; wall: number }> {
    const begun = performance.now();
    const side = new Side(name, command);
    const first = await side.#answer<FirstStep>();
    return { side, first, wall: performance.now() - begun };
  }

  async ask<T>(line: string): Promise<T> {
    this.#child.stdin?.write(`${line}\n`);
    return await this.#answer<T>();
  }

  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill();
    await ended;
  }

  async #answer<T>(): Promise<T> {
    const next: IteratorResult<string, unknown> = await this.#lines.next();
    if (next.done === true) throw new Error(`${this.name} ended: ${this.#errors.trim().slice(-1000)}`);
    return JSON.parse(next.value) as T;
  }
}
