import * as path from 'node:path';
import type { ModelGraph } from '../../src/graph/graph';
import { estimate } from '../../src/trace/estimate';
import { least, median, type Sample } from '../measure';
import { type Build, type Bench, print, table } from './bench';
import { MODELS, type BenchModel } from './models';
import { type FirstStep, Side } from './side';

/** Milliseconds that one side works before the other has its turn. */
const TURN = 250;
/** A side is warm (V8's and PyTorch's first runs are slower) after this many milliseconds of steps. */
const WARM = 1_500;

interface Runner {
  label: string;
  side: Side;
  command: (steps: number) => string;
  samples: Sample[];
}

/** Steps of each model on every side, in turns; and what the same step costs in the product. */
export async function benchSteps(bench: Bench, rounds: number): Promise<void> {
  print(
    `\nOne step: forward, backward, norm of every weight and activation gradient. Least / median ms, least cpu ms.`,
  );
  const rows: string[][] = [];
  for (const model of MODELS.filter(({ name }) => bench.wants(name))) {
    const graph = await bench.graphOf(model);
    rows.push(...(await benchModel(bench, model, graph, rounds)));
  }
  const heads = ['model', 'side', 'step', 'cpu', 'GFLOP/s', 'of peak', 'to target', 'MB'];
  print(table([[...heads, ...bench.pythons.map(({ label }) => `to ${label}`)], ...rows]));
}

async function benchModel(bench: Bench, model: BenchModel, graph: ModelGraph, rounds: number): Promise<string[][]> {
  const runners: Runner[] = [];
  const ours: { build: Build; side: Side }[] = [];
  const add = (label: string, side: Side, command: Runner['command']) =>
    runners.push({ label, side, command, samples: [] });
  try {
    let parameters: number | null = null;
    const check = (label: string, first: FirstStep) => {
      parameters ??= first.parameters;
      if (first.parameters !== parameters)
        throw new Error(`${model.name}: ${label} has ${first.parameters} parameters, the others ${parameters}.`);
    };
    for (const build of bench.builds) {
      const { side, first } = await bench.startOurs(graph, build);
      check(build.label, first);
      ours.push({ build, side });
      add(build.label, side, (steps) => `steps ${steps}`);
    }
    for (const python of bench.pythons) {
      const { side, first } = await bench.startPython(python, model.file, graph);
      check(python.label, first);
      add(python.label, side, String);
    }
    for (const { build, side } of ours) add(`${build.label}, product`, side, (steps) => `product ${steps}`);
    await takeTurns(runners, rounds);
    const { flops } = estimate(graph);
    const rows: string[][] = [];
    for (const { label, side, samples } of runners) {
      const own = ours.find((each) => each.side === side);
      const cpu = least(samples.map((sample) => sample.cpu));
      const peak = own?.build.peak ?? null;
      const heapBytes = own && (await side.ask<{ heap: number; rss: number }>('memory'));
      const target = own === undefined ? null : model.target;
      const wall = samples.map((sample) => sample.wall);
      const against = bench.pythons.map((python) => {
        const theirs = runners.find((runner) => runner.label === python.label)?.samples ?? [];
        return own ? (cpu / least(theirs.map((sample) => sample.cpu))).toFixed(2) : '';
      });
      rows.push([
        rows.length === 0 ? `${model.name}, batch ${model.batch}` : '',
        label,
        `${least(wall).toFixed(1)} / ${median(wall).toFixed(1)}`,
        cpu.toFixed(1),
        (flops / cpu / 1e6).toFixed(1),
        peak === null ? '' : `${((100 * flops) / cpu / 1e6 / peak).toFixed(0)} %`,
        target === null ? '' : (cpu / target).toFixed(2),
        heapBytes ? `${(heapBytes.heap / 2 ** 20).toFixed(0)} (${(heapBytes.rss / 2 ** 20).toFixed(0)})` : '',
        ...against,
      ]);
    }
    print(`  ${path.basename(model.file)} done`);
    return rows;
  } finally {
    for (const { side } of runners) await side.end();
  }
}

async function takeTurns(runners: readonly Runner[], rounds: number): Promise<void> {
  const lengths = new Map<Runner, number>();
  for (const runner of runners) {
    let [spent, longest] = [0, 0];
    let steps = 1;
    while (spent < WARM) {
      const samples = await runner.side.ask<Sample[]>(runner.command(steps));
      spent += samples.reduce((sum, { wall }) => sum + wall, 0);
      longest = median(samples.map(({ wall }) => wall));
      steps = Math.min(2 * steps, Math.max(1, Math.ceil(TURN / longest)));
    }
    lengths.set(runner, Math.max(2, Math.ceil(TURN / longest)));
  }
  for (let round = 0; round < rounds; round++) {
    for (const runner of runners) {
      const samples = await runner.side.ask<Sample[]>(runner.command(lengths.get(runner) ?? 1));
      runner.samples.push(...samples);
    }
  }
}
