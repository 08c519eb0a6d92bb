// Our side of the bench as a process of its own, so that its start can be timed: `ours.js GRAPH.json WASM-FOLDER plain|relaxed`.
// Prints a line of JSON with the first step's norms, then answers each line on standard input:
// `steps N`: N times forward, backward and the norms of every weight and activation gradient;
// `product N`: N steps as the product makes them (fresh data, loss, statistics of every value, optimiser too);
// `peak FILE`: GFLOP/s of the loop in that file;
// `memory`: bytes of the WASM heap and of the process.
import * as fs from 'node:fs';
import * as readline from 'node:readline';
import type { ModelGraph } from '../../src/graph/graph';
import { plan } from '../../src/trace/planning';
import { bootBackend, hasRelaxedSimd, heap } from '../../src/training/backend';
import { stepInputs } from '../../src/training/data';
import { Executor } from '../../src/training/executor/executor';
import { log2NormOf } from '../../src/training/executor/scaled';
import { toScaled, toTensor } from '../../src/training/feeds';
import { drawParameter } from '../../src/training/initialise/initialise';
import { OP_TABLE } from '../../src/training/ops/table';
import { stepDraws } from '../../src/training/stepDraws';
import { train } from '../../src/training/train';
import type { Sample } from '../measure';
import { measurePeak } from './peak';

const [graphFile = '', wasm = '', build = 'plain'] = process.argv.slice(2);
const answer = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Forward, backward and every norm, on the same inputs and weights each time. */
function bareStep(graph: ModelGraph): () => number[] {
  const executor = new Executor(graph, OP_TABLE);
  const inputs = stepInputs(graph.inputs, 0, 0).map((data, i) => toTensor(data, graph.inputs[i]?.shape ?? []));
  const parameters = graph.parameters.map(({ shape }, i) => toTensor(drawParameter(graph.parameters, i, 0), shape));
  const seeds = graph.outputs.map((value) => {
    const shape = graph.values[value]?.shape ?? [];
    const size = shape.reduce((all, n) => all * n, 1);
    return toScaled(new Float64Array(size).fill(1 / size), shape);
  });
  return () => {
    const norms: number[] = [];
    const made = executor.forward({ inputs, parameters }, stepDraws(0, 0), { retire: true }).backward(seeds, {
      measureInputs: true,
      onValueGradient: (_value, gradient) => norms.push(log2NormOf(gradient)),
    });
    for (const gradient of made.parameters) if (gradient !== null) norms.push(log2NormOf(gradient));
    made.dispose();
    return norms;
  };
}

/** Times of the steps that `train` makes. */
async function productSteps(graph: ModelGraph, steps: number): Promise<Sample[]> {
  const executor = new Executor(graph, OP_TABLE);
  const samples: Sample[] = [];
  // The first step includes the drawing of weights and is left out.
  let before = { wall: performance.now(), cpu: cpu() };
  const batch = graph.inputs[0]?.shape[0] ?? 1;
  const planned = plan(graph, { steps: steps + 1, batch, seeds: [0] });
  await train(executor, planned, {
    onStep: (_seed, step) => {
      const now = { wall: performance.now(), cpu: cpu() };
      if (step > 0) samples.push({ wall: now.wall - before.wall, cpu: now.cpu - before.cpu });
      before = now;
    },
  });
  executor.dispose();
  return samples;
}

async function main(): Promise<void> {
  const graph = JSON.parse(fs.readFileSync(graphFile, 'utf8')) as ModelGraph;
  const relaxed = build === 'relaxed';
  if (relaxed && !hasRelaxedSimd()) throw new Error('This Node has no relaxed SIMD.');
  await bootBackend({ directory: wasm, relaxed });
  const step = bareStep(graph);
  const norms = step();
  const parameters = graph.parameters.reduce((sum, { shape }) => sum + shape.reduce((all, n) => all * n, 1), 0);
  answer({ norms: norms.length, parameters, cpu: cpu() });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [command, count = '1'] = line.split(' ');
    if (command === 'memory') answer({ heap: heap().heapMemory.buffer.byteLength, rss: process.memoryUsage().rss });
    else if (command === 'peak') answer(await measurePeak(new Uint8Array(fs.readFileSync(line.slice(5)))));
    else if (command === 'product') answer(await productSteps(graph, Number(count)));
    else {
      const samples: Sample[] = [];
      for (let n = 0; n < Number(count); n++) {
        const before = { wall: performance.now(), cpu: cpu() };
        step();
        samples.push({ wall: performance.now() - before.wall, cpu: cpu() - before.cpu });
      }
      answer(samples);
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
