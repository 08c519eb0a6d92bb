import type { ReadResult } from '../src/graph/reading';
import { ReadingValidator } from '../src/graph/validate';
import { ReaderClient } from '../src/workers/readerClient';
import { figure, least, type Sample, timed } from './measure';
import { SOURCES } from './sources';

const SIZES = [10, 50, 100, 1000];
/** What is asked for, in milliseconds of an idle machine. */
const TARGETS = { first: 600, warm: 50, large: 500 };
/** Far above the product's, so that a busy machine gives figures rather than nothing. */
const LIMITS = { timeout: 120_000, interrupt: 110_000, stall: 60_000, heap: 2 ** 27 };
/** The memory is put back after each answer; the next request of a user comes later than that. */
const PAUSE = 100;

/** How long reading takes: thread up, first file, the same size again and again, and how time grows with depth. */
export async function benchReading(dist: string, rounds: number): Promise<void> {
  for (const [name, source] of Object.entries(SOURCES)) await benchSource(dist, name, source, rounds);
}

async function benchSource(dist: string, name: string, source: (layers: number) => string, rounds: number) {
  const validator = new ReadingValidator();
  const client = new ReaderClient(dist, () => undefined, LIMITS);
  const read = async (layers: number): Promise<Sample> => {
    const text = source(layers);
    const { sample, value } = await timed(async () =>
      validator.result(await client.read({ path: 'net.py', files: [{ path: 'net.py', text }], batch: 2 })),
    );
    expectLayers(value, layers);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return sample;
  };
  print(`\n${name}`);
  try {
    const start = await timed(() => client.start());
    print(`  thread up         ${figure([start.sample])}`);
    const first = await read(50);
    print(`  first, 50 layers  ${figure([first])}, ${ratio(first.wall, TARGETS.first)}`);
    const warm = new Map<number, number>();
    for (const layers of SIZES) {
      const samples: Sample[] = [];
      for (let n = 0; n < rounds; n++) samples.push(await read(layers));
      const best = least(samples.map(({ wall }) => wall));
      warm.set(layers, least(samples.map(({ cpu }) => cpu)));
      const target = layers === 50 ? TARGETS.warm : layers === 1000 ? TARGETS.large : null;
      print(
        `  ${String(layers).padStart(4)} layers       ${figure(samples)}${target === null ? '' : `, ${ratio(best, target)}`}`,
      );
    }
    const [ten = NaN, hundred = NaN, thousand = NaN] = [10, 100, 1000].map((layers) => warm.get(layers));
    const growth = (thousand - hundred) / 900 / ((hundred - ten) / 90);
    print(`  cpu of a layer between 100 and 1,000 against that between 10 and 100: ${growth.toFixed(2)} (linear: 1)`);
  } finally {
    await client.dispose();
  }
}

/** A figure of a model that was not read whole would mean nothing. */
function expectLayers({ models, problems }: ReadResult, layers: number): void {
  const found = models[0]?.graph?.nodes.filter(({ op }) => op === 'linear').length;
  if (found !== layers) {
    const why = models[0]?.unread ?? problems[0];
    throw new Error(`${layers} layers were asked for, ${String(found)} read: ${why?.message ?? 'no reason is given'}`);
  }
}

const ratio = (milliseconds: number, target: number) =>
  `${(milliseconds / target).toFixed(2)} of the target (${target} ms)`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
