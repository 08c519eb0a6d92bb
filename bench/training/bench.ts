import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { ModelGraph } from '../../src/graph/graph';
import { type BenchModel, GraphSource } from './models';
import { compilePeak } from './peak';
import { Side } from './side';

/** Our kernels with or without fused multiply-add. */
export interface Build {
  label: string;
  build: 'plain' | 'relaxed';
  /** What Node is started with. */
  flags: readonly string[];
  /** GFLOP/s of one core in this build on registers alone. */
  peak: number;
}

export interface Python {
  label: string;
  command: string;
}

/** What the parts of the training bench share. */
export class Bench {
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradient-lens-bench-'));
  readonly #graphs = new Map<ModelGraph, string>();
  readonly #read = new Map<string, ModelGraph>();
  readonly source: GraphSource;
  readonly builds: Build[] = [];

  constructor(
    readonly dist: string,
    /** The folder of the models' files. */
    readonly models: string,
    readonly pythons: readonly Python[],
    private readonly only: readonly string[],
  ) {
    this.source = new GraphSource(dist);
  }

  wants(model: string): boolean {
    return this.only.length === 0 || this.only.some((name) => model.toLowerCase().includes(name.toLowerCase()));
  }

  /** The model's graph, read once. */
  async graphOf({ file, batch }: BenchModel): Promise<ModelGraph> {
    const known = this.#read.get(file);
    if (known !== undefined) return known;
    const graph = await this.source.fromFile(path.join(this.models, file), batch);
    this.#read.set(file, graph);
    return graph;
  }

  /** Finds out which builds run here and how fast a core is at best. */
  async prepare(): Promise<void> {
    const flag = '--experimental-wasm-relaxed-simd';
    const graph = await this.source.fromText(TINY, 2);
    const candidates = [
      { label: 'plain', build: 'plain', flags: [] },
      { label: 'relaxed', build: 'relaxed', flags: Number(process.versions.node.split('.')[0]) < 22 ? [flag] : [] },
    ] as const;
    for (const candidate of candidates) {
      const file = path.join(this.#folder, `peak-${candidate.build}.wasm`);
      fs.writeFileSync(file, await compilePeak(candidate.build === 'relaxed'));
      const { side } = await this.startOurs(graph, { ...candidate, peak: NaN });
      try {
        this.builds.push({ ...candidate, peak: await side.ask<number>(`peak ${file}`) });
      } finally {
        await side.end();
      }
    }
    print(this.builds.map(({ label, peak }) => `WASM peak, ${label}: ${peak.toFixed(1)} GFLOP/s a core`).join('\n'));
  }

  startOurs(graph: ModelGraph, { label, build, flags }: Build): ReturnType<typeof Side.start> {
    const script = path.join(__dirname, 'ours.js');
    return Side.start(label, [
      process.execPath,
      ...flags,
      script,
      this.#file(graph),
      path.join(this.dist, 'wasm'),
      build,
    ]);
  }

  startPython({ label, command }: Python, file: string, graph: ModelGraph): ReturnType<typeof Side.start> {
    const script = path.join(this.models, '..', 'training', 'pytorch.py');
    const inputs = graph.inputs.map(({ shape, kind, high }) => ({ shape, high: kind === 'int' ? (high ?? 1) : null }));
    return Side.start(label, [command, script, path.join(this.models, file), JSON.stringify(inputs)]);
  }

  async dispose(): Promise<void> {
    await this.source.dispose();
    fs.rmSync(this.#folder, { recursive: true });
  }

  #file(graph: ModelGraph): string {
    const known = this.#graphs.get(graph);
    if (known !== undefined) return known;
    const file = path.join(this.#folder, `graph-${this.#graphs.size}.json`);
    fs.writeFileSync(file, JSON.stringify(graph));
    this.#graphs.set(graph, file);
    return file;
  }
}

const TINY =
  '# gradient-lens: input=(4,)\nimport torch.nn as nn\n\nNet = lambda: nn.Sequential(nn.Linear(4, 4))\nnet = Net()\n';

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Rows of equal length as a Markdown table. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}
