// Thread entry (dist/trainer.js): trains one model at a time on its own WASM heap.
import { parentPort, workerData } from 'node:worker_threads';
import { TfjsTrainer } from '../training/tfjsTrainer';
import { serve } from './serve';
import type { TrainerApi, TrainerData, TrainerEvents } from './trainerApi';

async function main(): Promise<void> {
  if (parentPort === null) throw new Error('This file runs as a worker thread only.');
  const trainer = await TfjsTrainer.create((workerData as TrainerData).wasm);
  const answer = <T>(result: T) => ({ result, heapBytes: trainer.heapBytes });
  const thread = serve<TrainerApi, TrainerEvents>(parentPort, {
    async train(job, graph, plan, { cancel, budget }) {
      const trace = await trainer.train(graph, plan, {
        cancelled: () => Atomics.load(cancel, 0) !== 0,
        onStep: (seed, step, loss) => thread.tell('step', job, seed, step, loss),
        ...(budget === null ? {} : { budget }),
      });
      return answer(trace);
    },
    lattice: async (graph) => answer(await trainer.lattice(graph)),
    initialDeviations: async (graph, seeds) => answer(await trainer.initialDeviations(graph, seeds)),
  });
  thread.ready();
}

void main();
