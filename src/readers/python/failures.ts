import type { Problem, ReadRequest } from '../../graph/reading';
import type { SourceSpan } from '../../graph/source';
import type { Outcome } from './sealed/interpreter';
import type { Whereabouts } from './sealed/whereabouts';

/** The ways a file can bring its thread down, as the supervisor names them. */
export type Failure = 'WorkerTimedOut' | 'OutOfMemory' | 'WorkerCrashed';

type Trap = Extract<Outcome, { kind: 'trapped' }>;

const WAY_OUT = 'Move the code into a function that building the model does not call.';

/** Null for errors that the file has not caused. */
export function failureOf(error: unknown): Failure | null {
  if (!(error instanceof Error)) return null;
  const { name } = error;
  return name === 'WorkerTimedOut' || name === 'OutOfMemory' || name === 'WorkerCrashed' ? name : null;
}

/** The limit in milliseconds that a thread was ended for, where the error names one. */
export function limitOf(error: unknown): number | null {
  return error instanceof Error && 'limit' in error && typeof error.limit === 'number' ? error.limit : null;
}

/** The thread is gone; the line that it reached last is known from the shared memory. */
export function problemOfFailure(
  failure: Failure,
  at: Whereabouts | null,
  request: ReadRequest,
  timeout: number,
): Problem {
  const seconds = Math.round(timeout / 1_000);
  const [code, what] = {
    WorkerTimedOut: ['timeout', `Reading was stopped after ${seconds} s: this does not come to an end.`],
    OutOfMemory: ['out-of-memory', 'Reading was stopped: this uses more memory than the sealed interpreter has.'],
    WorkerCrashed: ['crashed', 'The sealed interpreter ended while it ran this.'],
  }[failure] as [string, string];
  return problem(code, `${what} ${WAY_OUT}`, at, request);
}

/** The interpreter was left in the middle of a statement, and is whole again. */
export function problemOfTrap(trap: Trap, at: Whereabouts | null, request: ReadRequest): Problem {
  const told = {
    denied: ['denied', `The sealed interpreter does not give what this asks of the machine (\`${trap.detail}\`).`],
    exit: ['denied', 'This ends the interpreter (`os._exit`, `os.abort` or the like).'],
    stack: ['too-deep', 'This recurses deeper than the sealed interpreter can.'],
    crash: ['crashed', `The sealed interpreter failed while it ran this: ${trap.detail}.`],
  } as const;
  // The limit may come just after the statement that took the time.
  const late = trap.detail.includes('TimeLimitReached');
  const [code, what] = late
    ? (['timeout', 'The time limit for reading a file came here.'] as const)
    : told[trap.reason];
  return problem(code, `${what} ${WAY_OUT}`, at, request);
}

function problem(code: string, message: string, at: Whereabouts | null, request: ReadRequest): Problem {
  return { code, message, span: at === null ? null : spanOf(at, request), related: [] };
}

/** The text of the line, without its indentation; null for a file that the request does not hold. */
function spanOf(at: Whereabouts, request: ReadRequest): SourceSpan | null {
  const file = request.files.find(({ path }) => `/user/${path}` === at.path || path === at.path);
  const text = file?.text.split(/\r\n|\r|\n/)[at.line - 1];
  if (file === undefined || text === undefined) return null;
  const line = at.line - 1;
  const start = text.length - text.trimStart().length;
  return {
    path: file.path,
    range: { start: { line, character: start }, end: { line, character: Math.max(start, text.trimEnd().length) } },
  };
}
