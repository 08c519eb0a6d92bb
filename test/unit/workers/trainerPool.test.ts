import { expect, test } from 'vitest';
import type { ModelGraph } from '../../../src/graph/graph';
import { Analyser } from '../../../src/pipeline/analyse';
import type { TrainerPort } from '../../../src/pipeline/ports';
import { TraceCache } from '../../../src/pipeline/traceCache';
import type { TrainingPlan } from '../../../src/trace/plan';
import { plan as makePlan } from '../../../src/trace/planning';
import { TrainerPool } from '../../../src/workers/trainerPool';
import { flatTrace, twoLayers } from '../pipeline/fixtures';

/** One trainer that holds each run until it is let go, and remembers the seeds in the order that they were begun in. */
class HeldTrainer implements TrainerPort {
  readonly isReady = true;
  readonly begun: (number | undefined)[] = [];
  readonly #held: (() => void)[] = [];

  train(graph: ModelGraph, plan: TrainingPlan) {
    this.begun.push(plan.seeds[0]);
    return new Promise<ReturnType<typeof flatTrace>>((resolve) => {
      this.#held.push(() => resolve(flatTrace(graph, plan, [-1, -1])));
    });
  }

  /** Ends the run at work, once it is begun. */
  async letGo(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#held.shift()?.();
  }
}

const graph = twoLayers();
const seeded = (...seeds: number[]) => makePlan(graph, { seeds });

test('a diagnosis overtakes the waiting runs of a proof', async () => {
  const trainer = new HeldTrainer();
  const analyser = new Analyser(new TrainerPool([trainer]), new TraceCache(8));
  const runs = [
    analyser.train(graph, seeded(1), { budget: 1000, proof: true }),
    analyser.train(graph, seeded(2, 3), { budget: 1000, proof: true }),
    analyser.train(graph, seeded(4), { budget: 1000 }),
  ];
  for (let run = 0; run < 4; run++) await trainer.letGo();
  await Promise.all(runs);
  expect(trainer.begun).toEqual([1, 4, 2, 3]);
});

test('a waiting run of a proof can be cancelled, and the others go on', async () => {
  const trainer = new HeldTrainer();
  const pool = new TrainerPool([trainer]);
  const stop = new AbortController();
  const first = pool.train(graph, seeded(1), { proof: true });
  const cancelled = pool.train(graph, seeded(2), { proof: true, signal: stop.signal });
  const last = pool.train(graph, seeded(3), { proof: true });
  stop.abort();
  await expect(cancelled).rejects.toThrow();
  for (let run = 0; run < 2; run++) await trainer.letGo();
  await Promise.all([first, last]);
  expect(trainer.begun).toEqual([1, 3]);
});
