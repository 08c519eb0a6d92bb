import { parentPort, workerData } from 'node:worker_threads';
import { serve } from '../../../../src/workers/serve';

/** A worker that misbehaves on demand; bundled by the test and run as a real thread. */
export interface FixtureApi {
  echo(value: unknown): unknown;
  fail(message: string): void;
  exit(code: number): void;
  hang(): void;
  hog(): void;
  die(): Promise<void>;
  slow(milliseconds: number): Promise<string>;
  count(to: number): void;
  environment(): string[];
}

export interface FixtureEvents {
  counted(n: number): void;
}

export interface FixtureData {
  mode: 'normal' | 'never-ready' | 'throw-at-start';
  /** [0]: starts so far; [1]: how many of the first starts throw. */
  starts: Int32Array;
}

const data = workerData as FixtureData;
const earlier = Atomics.add(data.starts, 0, 1);
if (data.mode === 'throw-at-start' && earlier < data.starts[1]!) throw new Error('no such model file');

const api: FixtureApi = {
  echo: (value) => value,
  fail: (message) => {
    throw new RangeError(message);
  },
  exit: (code) => process.exit(code),
  hang: () => {
    for (;;);
  },
  hog: () => {
    const kept: unknown[] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i })));
  },
  die: () =>
    new Promise(() => {
      setTimeout(() => {
        throw new Error('from a timer');
      }, 1);
    }),
  slow: (milliseconds) => new Promise((resolve) => setTimeout(() => resolve('done'), milliseconds)),
  count: (to) => {
    for (let n = 1; n <= to; n++) served.tell('counted', n);
  },
  environment: () => Object.keys(process.env),
};
const served = serve<FixtureApi, FixtureEvents>(parentPort!, api);
if (data.mode !== 'never-ready') served.ready();
