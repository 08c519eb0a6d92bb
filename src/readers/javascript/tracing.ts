import { answerOf, stateOf } from './answers';
import type { Answer, State } from './sandbox/records';
import { Interrupted, Raised, type SealedInterpreter } from './sealed/interpreter';
import type { Prepared } from './source/prepare';

/** Milliseconds for the file's own top level, for one function that builds, and for one that only shows how to. */
export interface TracingLimits {
  load: number;
  build: number;
  exercise: number;
}

export const DEFAULT_TRACING_LIMITS: TracingLimits = { load: 3000, build: 1500, exercise: 400 };

/** Milliseconds for the answer itself. */
const ANSWER = 2000;

/** One file and its modules inside the seal. */
export class Tracing {
  constructor(
    private readonly interpreter: SealedInterpreter,
    private readonly path: string,
    private readonly limits: TracingLimits,
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

  exercise(name: string): Answer {
    return this.#ask('exercise', name, this.limits.exercise);
  }

  entry(number: number): Answer {
    return this.#ask('entry', number, this.limits.build);
  }

  state(): State {
    return stateOf(this.interpreter.text('__lens.state()', performance.now() + ANSWER));
  }

  #ask(method: string, subject: string | number, limit: number): Answer {
    const done = this.#run(`__lens.${method}(${JSON.stringify(this.path)},${JSON.stringify(subject)})`, limit);
    const answer = answerOf(this.interpreter.text('__lens.answer()', performance.now() + ANSWER));
    if (done) return answer;
    const site = this.state().whereabouts;
    this.#run('__lens.clear()', ANSWER);
    const message = `This was still running after ${limit / 1000} s and was stopped.`;
    return { found: [], failure: { code: 'timeout', message, site } };
  }

  #run(code: string, limit: number): boolean {
    try {
      this.interpreter.run(code, 'reading', performance.now() + limit);
      return true;
    } catch (error) {
      if (error instanceof Interrupted) return false;
      // Jobs of the file's own (an unhandled rejection) say nothing about its models.
      if (error instanceof Raised && error.kind !== 'InternalError') return true;
      throw error;
    }
  }
}
