import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../scripts/build/kernels.mjs';
import { plan } from '../../../src/trace/planning';
import { TrainerClient } from '../../../src/workers/trainerClient';
import { TrainerPool } from '../../../src/workers/trainerPool';
import { stack } from '../training/graphs';

const small = stack({ sizes: [6, 8, 3], batch: 8, activation: 'tanh' });
const deep = stack({ sizes: new Array<number>(40).fill(128), batch: 32, activation: 'relu' });

let directory: string;
let client: TrainerClient;
const log: string[] = [];

beforeAll(async () => {
  await buildKernels();
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trainer-'));
  await build({
    entryPoints: ['src/workers/trainer.ts'],
    outfile: path.join(directory, 'trainer.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
  fs.cpSync('dist/wasm', path.join(directory, 'wasm'), { recursive: true });
  // A loaded machine may take longer than the product waits for the flag to be seen.
  client = new TrainerClient(directory, (line) => log.push(line), 10_000);
}, 60_000);

afterAll(async () => {
  await client.dispose();
  fs.rmSync(directory, { recursive: true });
});

describe('the training thread', () => {
  it('trains, tells its steps, and gives the trace whole', async () => {
    const steps: number[] = [];
    const trace = await client.train(small, plan(small, { steps: 4, batch: 8 }), {
      onStep: (_, step) => steps.push(step),
    });
    expect(steps).toEqual([0, 1, 2, 3]);
    expect(trace.seeds[0]?.parameters[0]?.gradient).toBeInstanceOf(Float64Array);
    expect(trace.seeds[0]?.parameters[0]?.gradient.every(Number.isFinite)).toBe(true);
    expect(trace.partial).toBe(false);
  });

  it('answers the questions of the conformance pack', async () => {
    const { parameters, outputShapes } = await client.lattice(small);
    expect(outputShapes).toEqual([[8, 3]]);
    expect(parameters).toHaveLength(4);
    const [deviation] = await client.initialDeviations(small, [0, 1]);
    expect(deviation).toBeCloseTo(1 / Math.sqrt(6) / Math.sqrt(3), 1);
  });

  it('rejects with the message for people, and goes on', async () => {
    const huge = stack({ sizes: [1_000_000, 1_000_000], batch: 4, activation: 'relu' });
    await expect(client.train(huge, plan(huge), {})).rejects.toThrow('1,000,001,000,000 parameters');
    await expect(client.train(small, plan(small, { steps: 1 }), {})).resolves.toMatchObject({ partial: false });
  });

  it('stops a cancelled run by itself, so that the thread is kept', async () => {
    // The line that a start logs is not the run's.
    await client.start();
    const before = log.length;
    const abort = new AbortController();
    const run = client.train(deep, plan(deep, { steps: 10_000 }), {
      signal: abort.signal,
      onStep: () => abort.abort(),
    });
    await expect(run).rejects.toMatchObject({ name: 'Cancelled' });
    await client.train(small, plan(small, { steps: 1 }), {});
    expect(log.slice(before)).toEqual([]);
  });

  it('terminates a cancelled run that is in the middle of a long op, and goes on with a new thread', async () => {
    const lines: string[] = [];
    const strict = new TrainerClient(directory, (line) => lines.push(line), 0);
    try {
      // Each product takes far longer than the millisecond that it gets.
      const wide = stack({ sizes: [1_024, 1_024, 1_024], batch: 512, activation: 'relu' });
      const abort = new AbortController();
      const run = strict.train(wide, plan(wide, { steps: 1_000, batch: 512 }), {
        signal: abort.signal,
        onStep: () => setTimeout(() => abort.abort(), 50),
      });
      await expect(run).rejects.toMatchObject({ name: 'Cancelled' });
      await strict.train(small, plan(small, { steps: 1 }), {});
      expect(lines.some((line) => line.includes('ended with a cancelled call'))).toBe(true);
    } finally {
      await strict.dispose();
    }
  });

  it('takes calls in turn; one that is given up while it waits does not disturb the others', async () => {
    const abort = new AbortController();
    const order: string[] = [];
    const run = (name: string, signal?: AbortSignal) =>
      client.train(small, plan(small, { steps: 3 }), { ...(signal ? { signal } : {}), onStep: () => order.push(name) });
    const runs = [run('a'), run('b', abort.signal), run('c')];
    abort.abort();
    await expect(runs[1]).rejects.toMatchObject({ name: 'Cancelled' });
    await Promise.all([runs[0], runs[2]]);
    expect(order).toEqual(['a', 'a', 'a', 'c', 'c', 'c']);
  });

  it('obeys the budget', async () => {
    const trace = await client.train(deep, plan(deep, { steps: 10_000 }), { budget: 80 });
    expect(trace.partial).toBe(true);
  });
});

describe('the pool', () => {
  /** A member that trains until it is told to stop. */
  class Fake {
    isReady = false;
    readonly running: (() => void)[] = [];
    train() {
      return new Promise<never>((_, reject) => this.running.push(() => reject(new Error('done'))));
    }
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('gives each run a free thread, ready ones first, and lets the rest wait in order', async () => {
    const members = [new Fake(), new Fake()];
    members[1]!.isReady = true;
    const pool = new TrainerPool(members);
    const started = () => members.map(({ running }) => running.length);
    const outcomes: string[] = [];
    const abort = new AbortController();
    const run = (name: string, signal?: AbortSignal) =>
      pool
        .train(small, plan(small), signal ? { signal } : {})
        .catch((error: unknown) => outcomes.push(`${name} ${String(error)}`));
    void run('a');
    await settle();
    expect(started()).toEqual([0, 1]);
    void run('b');
    void run('c', abort.signal);
    void run('d');
    await settle();
    expect(started()).toEqual([1, 1]);
    abort.abort();
    members[0]!.running[0]!();
    await settle();
    expect(started()).toEqual([2, 1]);
    expect(outcomes).toEqual(['c Cancelled: Cancelled.', 'b Error: done']);
  });
});
