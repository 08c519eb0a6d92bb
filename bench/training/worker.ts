import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diagnose } from '../../src/diagnosis/diagnose';
import { plan } from '../../src/trace/planning';
import { SupervisedWorker } from '../../src/workers/supervisor';
import type { TrainerApi, TrainerData, TrainerEvents } from '../../src/workers/trainerApi';
import { TrainerClient } from '../../src/workers/trainerClient';
import { figure, least, median, type Sample, timed } from '../measure';
import { print, table, type Bench } from './bench';
import { SOURCES } from '../sources';
import * as fs from 'node:fs';

type Worker = SupervisedWorker<TrainerApi, TrainerEvents>;

const workerOf = (dist: string): Worker => {
  const workerData: TrainerData = { wasm: path.join(dist, 'wasm') };
  const events: TrainerEvents = { step: () => undefined };
  return new SupervisedWorker<TrainerApi, TrainerEvents>({
    name: 'trainer',
    file: path.join(dist, 'trainer.js'),
    workerData,
    events,
  });
};

/** How soon a training thread is up. */
export async function benchReady({ dist }: Bench, rounds: number): Promise<void> {
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    const worker = workerOf(dist);
    const { sample } = await timed(() => worker.start());
    samples.push(sample);
    await worker.dispose();
  }
  print(`\nTraining thread ready: ${figure(samples)} (target 100 ms)`);
}

/** How soon a cancelled run gives its core back: in small ops, and in the middle of one that takes long. */
export async function benchCancel(bench: Bench, rounds: number): Promise<void> {
  const sources = {
    'ResNet-20': fs.readFileSync(path.join(bench.models, 'resnet20.py'), 'utf8'),
    'one dense layer of 4,096 x 4,096': WIDE,
  };
  print('\nFrom the cancel until the process takes less than a third of a core (target 50 ms):');
  for (const [name, text] of Object.entries(sources)) {
    const graph = await bench.source.fromText(text, 512);
    const client = new TrainerClient(bench.dist, () => undefined);
    const times: number[] = [];
    try {
      for (let round = 0; round < rounds; round++) {
        const abort = new AbortController();
        const planned = plan(graph, { steps: 1_000, batch: 512, seeds: [0] });
        await client.start();
        const run = client.train(graph, planned, { signal: abort.signal });
        run.catch(() => undefined);
        await sleep(1_500 + 37 * round);
        abort.abort();
        times.push(await untilIdle());
      }
    } finally {
      await client.dispose();
    }
    print(`  ${name}: ${least(times).toFixed(0)} / ${median(times).toFixed(0)} / ${Math.max(...times).toFixed(0)} ms`);
  }
}

/** Milliseconds until this process is (nearly) idle, watched every 4 ms. */
async function untilIdle(): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const [before, at] = [process.cpuUsage(), performance.now()];
    await sleep(4);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 < (performance.now() - at) / 3) return at - begun;
  }
}

const WIDE = `# gradient-lens: input=(4096,)
import torch.nn as nn

Net = lambda: nn.Sequential(nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 10))
net = Net()
`;

const MLP = `# gradient-lens: input=(64,)\n${SOURCES['PyTorch, in a loop']?.(8) ?? ''}`;

/** Diagnoses of small models one after the other in one thread: memory must stay flat. */
export async function benchLeak(bench: Bench, count: number): Promise<void> {
  print(`\n${count} diagnoses in one thread, of an MLP, an LSTM, a transformer and ResNet-20 in turn.`);
  const files = ['lstm.py', 'transformer.py', 'resnet20.py'].map((file) =>
    fs.readFileSync(path.join(bench.models, file), 'utf8'),
  );
  const texts = [MLP, ...files];
  const graphs = [];
  for (const text of texts) graphs.push(await bench.source.fromText(text, 2));
  // The reader's own memory would hide what the trainer takes.
  await bench.source.dispose();
  const worker = workerOf(bench.dist);
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const rows = [['diagnoses', 'WASM heap MB', 'process MB']];
  try {
    for (let n = 0; n < count; n++) {
      const graph = graphs[n % graphs.length];
      if (graph === undefined) continue;
      const planned = plan(graph, { steps: 2, batch: 2, seeds: [n] });
      const { result, heapBytes } = await worker.call('train', [n, graph, planned, { cancel, budget: null }]);
      diagnose(graph, result);
      if ([4, 20, 100].includes(n + 1) || (n + 1) % Math.ceil(count / 5) === 0) {
        rows.push([String(n + 1), (heapBytes / 2 ** 20).toFixed(1), (process.memoryUsage().rss / 2 ** 20).toFixed(0)]);
      }
    }
  } finally {
    await worker.dispose();
  }
  print(table(rows));
}
