import { answerOf, stateOf, tracedOf } from './answers';
import type { PageElement } from './sandbox/page';
import type { Answer, Failure, State, TraceAnswer } from './sandbox/records';
import { Interrupted, Raised, type SealedInterpreter } from './sealed/interpreter';
import type { Declaration, Method } from './source/declarations';
import type { Prepared } from './source/prepare';

/** Milliseconds for the file's own top level, for one function that builds, for one that only shows how to, and for all of it. */
export interface TracingLimits {
  load: number;
  build: number;
  exercise: number;
  all: number;
}

export const DEFAULT_TRACING_LIMITS: TracingLimits = { load: 3000, build: 1500, exercise: 400, all: 6500 };

/** Milliseconds for anything once all the time is used up. */
const LEAST = 30;
/** Milliseconds for the answer itself. */
const ANSWER = 2000;

/** One file and its modules inside the seal. */
export class Tracing {
  #changes: string | undefined;

  constructor(
    private readonly interpreter: SealedInterpreter,
    private readonly path: string,
    private readonly limits: TracingLimits,
    /** When everything ends, on the interpreter's clock. */
    private readonly deadline: number,
  ) {}

  /** @returns whether the top level came to its end in time. */
  load(files: readonly Prepared[]): boolean {
    for (const { path, code } of files) this.#run(`__lens.define(${JSON.stringify(path)},${code})`, ANSWER);
    return this.#run(`__lens.run(${JSON.stringify(this.path)})`, this.limits.load);
  }

  variable(name: string): Answer {
    return this.#ask('variable', name, this.limits.build);
  }

  call(name: string): Answer {
    return this.#ask('call', name, this.limits.build);
  }

  construct(name: string): Answer {
    return this.#ask('construct', name, this.limits.build);
  }

  /** @param path of the module, '' for the active one */
  exercise({ name, parameters }: Declaration, path: string): Answer {
    return this.#ask('exercise', name, this.limits.exercise, path, parameters);
  }

  exerciseMethod({ name, parameters }: Declaration, method: Method | null, path: string): Answer {
    const rest = [parameters, method?.name ?? null, method?.parameters ?? []];
    return this.#ask('exerciseMethod', name, this.limits.exercise, path, ...rest);
  }

  /** Runs another module of the workspace. */
  runOther(path: string): void {
    this.#run('__lens.begin()', ANSWER);
    if (!this.#run(`__lens.runOther(${JSON.stringify(path)})`, this.limits.build)) this.#run('__lens.clear()', ANSWER);
  }

  /**
   * Calls a function that the code so far has handed to an unknown one.
   * @returns whether more are left, and whether anything happened to a model since the last such call
   */
  callBack(): { more: boolean; changed: boolean } {
    if (!this.#run('__lens.callBack()', this.limits.build)) this.#run('__lens.clear()', ANSWER);
    const [left, changes] = this.interpreter
      .text('__lens.callbacks()', this.interpreter.clock.now() + ANSWER)
      .split(' ');
    const changed = changes !== this.#changes;
    this.#changes = changes;
    return { more: left !== '0', changed };
  }

  /** Sizes that are not known are filled in from here on. */
  guess(): void {
    this.#run('__lens.guess()', ANSWER);
  }

  /** Whether there is no time left. */
  get isOver(): boolean {
    return this.interpreter.clock.now() > this.deadline;
  }

  /** What the page beside the file says about its input fields. */
  page(elements: Readonly<Record<string, PageElement>>): void {
    this.#run(`__lens.page(${JSON.stringify(elements)})`, ANSWER);
  }

  entry(number: number): Answer {
    return this.#ask('entry', number, this.limits.build);
  }

  /** The operations of one call of a layer of the file's own, in the model number `model`. */
  trace(
    model: number,
    path: readonly string[],
    given: readonly { shape: readonly number[]; dtype: string }[],
    named: Record<string, unknown>,
  ): { trace: TraceAnswer | null; failure: Failure | null } {
    const request = [model, path, given, named].map((item) => JSON.stringify(item)).join(',');
    if (!this.#run(`__lens.trace(${request})`, this.limits.build)) {
      this.#run('__lens.clear()', ANSWER);
      const message = `\`call\` was still running after ${this.limits.build / 1000} s and was stopped.`;
      return { trace: null, failure: { code: 'timeout', message, site: null } };
    }
    return tracedOf(this.interpreter.text('__lens.traced()', this.interpreter.clock.now() + ANSWER));
  }

  state(): State {
    return stateOf(this.interpreter.text('__lens.state()', this.interpreter.clock.now() + ANSWER));
  }

  #ask(method: string, subject: string | number, limit: number, path = '', ...rest: unknown[]): Answer {
    const given = [path === '' ? this.path : path, subject, ...rest].map((item) => JSON.stringify(item)).join(',');
    const done = this.#run(`__lens.${method}(${given})`, limit);
    const answer = answerOf(this.interpreter.text('__lens.answer()', this.interpreter.clock.now() + ANSWER));
    if (done) return answer;
    const site = this.state().whereabouts;
    this.#run('__lens.clear()', ANSWER);
    const message = `This was still running after ${limit / 1000} s and was stopped.`;
    return { found: [], failure: { code: 'timeout', message, site } };
  }

  #run(code: string, limit: number): boolean {
    try {
      const now = this.interpreter.clock.now();
      this.interpreter.run(code, 'reading', Math.min(now + limit, Math.max(now + LEAST, this.deadline)));
      return true;
    } catch (error) {
      if (error instanceof Interrupted) return false;
      // Jobs of the file's own (an unhandled rejection) say nothing about its models.
      if (error instanceof Raised && error.kind !== 'InternalError') return true;
      throw error;
    }
  }
}
