import * as esbuild from 'esbuild';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, SupervisedWorker, type WorkerSpec } from '../../../../src/workers/supervisor';
import { Cancelled, OutOfMemory, WorkerCrashed, WorkerTimedOut } from '../../../../src/workers/supervisorErrors';
import type { FixtureApi, FixtureData, FixtureEvents } from './fixtureWorker';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'supervisor-'));
const file = path.join(directory, 'worker.cjs');
const living: SupervisedWorker<FixtureApi, FixtureEvents>[] = [];

beforeAll(async () => {
  const entryPoints = [path.join(import.meta.dirname, 'fixtureWorker.ts')];
  await esbuild.build({ entryPoints, outfile: file, bundle: true, platform: 'node', target: 'node20', format: 'cjs' });
});
afterEach(async () => {
  await Promise.all(living.splice(0).map((w) => w.dispose()));
});
afterAll(() => fs.rmSync(directory, { recursive: true }));

function supervise(spec: Partial<WorkerSpec<FixtureEvents>> = {}, mode: FixtureData['mode'] = 'normal', failing = 0) {
  const starts = new Int32Array(new SharedArrayBuffer(8));
  starts[1] = failing;
  const workerData: FixtureData = { mode, starts };
  const worker = new SupervisedWorker<FixtureApi, FixtureEvents>({
    name: 'fixture',
    file,
    workerData,
    backoff: { first: 10 },
    ...spec,
  });
  living.push(worker);
  const echo = (value: unknown, options?: CallOptions) => worker.call('echo', [value], options);
  return { worker, echo, starts: () => Atomics.load(starts, 0) };
}

describe('a supervised worker', () => {
  it('answers calls, passes errors through, and starts one thread for many calls', async () => {
    const { worker, echo, starts } = supervise();
    expect(starts()).toBe(0);
    expect(await Promise.all([echo(1), echo({ a: [2] }), echo(undefined)])).toEqual([1, { a: [2] }, undefined]);
    await expect(worker.call('fail', ['too deep'])).rejects.toThrow(new RangeError('too deep'));
    expect(await echo('still there')).toBe('still there');
    expect(starts()).toBe(1);
  });

  it('gives the thread nothing of the environment, and passes its events on in order', async () => {
    const seen: number[] = [];
    const { worker } = supervise({ events: { counted: (n) => void seen.push(n) } });
    expect(await worker.call('environment', [])).toEqual([]);
    await worker.call('count', [3]);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('hands over one call at a time unless told otherwise', async () => {
    const order = async (concurrency: number) => {
      const { worker } = supervise({ concurrency });
      const done: string[] = [];
      await Promise.all([
        worker.call('slow', [60]).then(() => done.push('long')),
        worker.call('slow', [1]).then(() => done.push('short')),
      ]);
      return done;
    };
    expect(await order(1)).toEqual(['long', 'short']);
    expect(await order(Infinity)).toEqual(['short', 'long']);
  });

  it.each([
    ['exits', 'exit', [3], 'The fixture thread exited with code 3.'],
    ['throws outside a call', 'die', [], 'The fixture thread failed: from a timer'],
  ] as const)('answers with WorkerCrashed where the thread %s; the waiting call gets a new thread', async (...row) => {
    const [, method, args, message] = row;
    const { worker, echo, starts } = supervise();
    const broken = worker.call(method, args as never);
    const next = echo('next file');
    await expect(broken).rejects.toThrow(WorkerCrashed);
    await expect(broken).rejects.toThrow(message);
    expect(await next).toBe('next file');
    expect(starts()).toBe(2);
  });

  it('ends a hanging thread at the time limit, which begins when the thread gets the call', async () => {
    const { worker, echo, starts } = supervise();
    await worker.start();
    const first = worker.call('slow', [150]);
    const hanging = worker.call('hang', [], { timeout: 100 });
    const next = echo('next file');
    expect(await first).toBe('done');
    const begun = performance.now();
    const error = await hanging.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WorkerTimedOut);
    expect((error as WorkerTimedOut).limit).toBe(100);
    expect(performance.now() - begun).toBeGreaterThan(50);
    expect(await next).toBe('next file');
    expect(starts()).toBe(2);
  });

  it('tells a full heap from a crash', async () => {
    const { worker, echo } = supervise({ heapMegabytes: 32 });
    await expect(worker.call('hog', [])).rejects.toThrow(OutOfMemory);
    expect(await echo(1)).toBe(1);
  });

  it('rejects with Cancelled at once: before the call is sent, while it waits, while it runs', async () => {
    const { worker, echo, starts } = supervise();
    const gone = AbortSignal.abort();
    await expect(echo(1, { signal: gone })).rejects.toThrow(Cancelled);
    expect(starts()).toBe(0);
    const running = new AbortController();
    const waiting = new AbortController();
    const hang = worker.call('hang', [], { signal: running.signal });
    const queued = echo('never', { signal: waiting.signal });
    const next = echo('next file');
    await worker.start();
    waiting.abort();
    await expect(queued).rejects.toThrow(Cancelled);
    running.abort();
    await expect(hang).rejects.toThrow(Cancelled);
    expect(await next).toBe('next file');
    expect(starts()).toBe(2);
  });

  it('lets a cancelled call end by itself within the grace, and keeps the thread', async () => {
    const { worker, echo, starts } = supervise({ cancelGrace: 2_000 });
    const controller = new AbortController();
    await worker.start();
    const slow = worker.call('slow', [50], { signal: controller.signal });
    controller.abort();
    await expect(slow).rejects.toThrow(Cancelled);
    expect(await echo('same thread')).toBe('same thread');
    expect(starts()).toBe(1);
  });

  it('starts again after failed starts, with growing pauses', async () => {
    const { echo, starts } = supervise({ backoff: { first: 40, attempts: 4 } }, 'throw-at-start', 2);
    const begun = performance.now();
    expect(await echo('up')).toBe('up');
    expect(starts()).toBe(3);
    expect(performance.now() - begun).toBeGreaterThan(40 + 80);
  });

  it('gives up after so many failed starts in a row, answers at once, and recovers after the cool-down', async () => {
    const { echo, starts } = supervise({ backoff: { first: 1, attempts: 2, coolDown: 300 } }, 'throw-at-start', 2);
    const both = await Promise.allSettled([echo(1), echo(2)]);
    expect(both.map((r) => r.status)).toEqual(['rejected', 'rejected']);
    await expect(echo(3)).rejects.toThrow(WorkerCrashed);
    expect(starts()).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(await echo('back')).toBe('back');
    expect(starts()).toBe(3);
  });

  it('counts a thread that never gets ready as a failed start', async () => {
    const { echo } = supervise({ readyTimeout: 150, backoff: { attempts: 1 } }, 'never-ready');
    await expect(echo(1)).rejects.toThrow('not ready within 150 ms');
  });

  it('says that the file is missing', async () => {
    const { echo } = supervise({ file: path.join(directory, 'missing.cjs'), backoff: { attempts: 1 } });
    await expect(echo(1)).rejects.toThrow(/missing\.cjs/);
  });

  it('rejects a call whose arguments cannot be sent, and goes on', async () => {
    const { echo, starts } = supervise();
    await expect(echo(() => 1)).rejects.toThrow(/could not be cloned/);
    expect(await echo(1)).toBe(1);
    expect(starts()).toBe(1);
  });

  it('stops an idle thread and starts it again for the next call', async () => {
    const { worker, echo, starts } = supervise({ idleTimeout: 50 });
    await echo(1);
    expect(worker.isReady).toBe(true);
    await expect.poll(() => worker.isReady).toBe(false);
    expect(await echo(2)).toBe(2);
    expect(starts()).toBe(2);
  });

  it('stops for a fresh thread on demand: the running call is cancelled, the waiting one is served', async () => {
    const { worker, echo, starts } = supervise();
    await worker.start();
    const slow = worker.call('slow', [5_000]);
    const next = echo('fresh');
    const stopped = worker.stop();
    await expect(slow).rejects.toThrow(Cancelled);
    await stopped;
    expect(await next).toBe('fresh');
    expect(starts()).toBe(2);
  });

  it('answers everything when it is disposed of', async () => {
    const { worker, echo } = supervise();
    await worker.start();
    const calls = [worker.call('hang', []), echo(1), echo(2)];
    const settled = Promise.allSettled(calls);
    await worker.dispose();
    const reasons = (await settled).map((r) => (r.status === 'rejected' ? (r.reason as Error).name : 'answered'));
    expect(reasons).toEqual(['Cancelled', 'Cancelled', 'Cancelled']);
    await expect(echo(3)).rejects.toThrow(Cancelled);
  });
});
