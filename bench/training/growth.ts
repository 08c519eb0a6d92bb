import { least, type Sample } from '../measure';
import { SOURCES } from '../sources';
import { print, table, type Bench } from './bench';

const sequence = (cell: 'LSTM' | 'GRU', steps: number) => `# gradient-lens: input=(${steps}, 32)
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.${cell}(32, 32, batch_first=True)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        y, _ = self.cell(x)
        return self.head(y[:, -1])
`;

const layers = (count: number) => {
  const source = SOURCES['PyTorch, in a loop'];
  if (source === undefined) throw new Error('No source of a deep network.');
  return `# gradient-lens: input=(64,)\n${source(count)}`;
};

const SERIES: { name: string; sizes: number[]; source: (size: number) => string; batch: number }[] = [
  { name: 'layers of 64 units and ReLU', sizes: [10, 100, 1000], source: layers, batch: 32 },
  { name: 'steps of an LSTM of 32 units', sizes: [10, 100, 1000], source: (n) => sequence('LSTM', n), batch: 16 },
  { name: 'steps of a GRU of 32 units', sizes: [10, 100, 1000], source: (n) => sequence('GRU', n), batch: 16 },
];

/** What a layer and a time step more cost, in the product's step: linear growth keeps the last column at one. */
export async function benchGrowth(bench: Bench, rounds: number): Promise<void> {
  print(`\nGrowth: least cpu ms of one product step.`);
  const [build] = bench.builds;
  if (build === undefined) return;
  const rows: string[][] = [];
  for (const { name, sizes, source, batch } of SERIES) {
    const costs: number[] = [];
    for (const size of sizes) {
      const { side } = await bench.startOurs(await bench.source.fromText(source(size), batch), build);
      try {
        const samples: Sample[] = [];
        await side.ask(`product ${Math.max(3, 1000 / size)}`);
        for (let round = 0; round < rounds; round++) {
          samples.push(...(await side.ask<Sample[]>(`product ${Math.max(3, 300 / size)}`)));
        }
        costs.push(least(samples.map(({ cpu }) => cpu)));
      } finally {
        await side.end();
      }
    }
    const [ten = NaN, hundred = NaN, thousand = NaN] = costs;
    const each = [(hundred - ten) / 90, (thousand - hundred) / 900];
    const figures = costs.map((cost, i) => `${sizes[i] ?? ''}: ${cost.toFixed(2)}`);
    rows.push([
      name,
      ...figures,
      ...each.map((cost) => (1000 * cost).toFixed(1)),
      ((each[1] ?? NaN) / (each[0] ?? NaN)).toFixed(2),
    ]);
  }
  print(table([['', 'ms', 'ms', 'ms', 'us each to 100', 'us each to 1,000', 'ratio'], ...rows]));
}
