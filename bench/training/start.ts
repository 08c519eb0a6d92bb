import { least, median } from '../measure';
import { print, table, type Bench } from './bench';
import { MODELS } from './models';
import type { Side, FirstStep } from './side';

interface Started {
  side: Side;
  first: FirstStep;
  wall: number;
}

/** From the start of a process to the first norms, each round a process of its own, the sides in turns. */
export async function benchStart(bench: Bench, rounds: number): Promise<void> {
  print(`\nProcess start to first norms. Least / median ms, least cpu ms.`);
  const rows = [['model', 'side', 'start', 'cpu', ...bench.pythons.map(({ label }) => `to ${label}`)]];
  for (const model of MODELS.filter(({ name }) => bench.wants(name))) {
    const graph = await bench.graphOf(model);
    const starts: { label: string; ours: boolean; start: () => Promise<Started>; wall: number[]; cpu: number[] }[] = [];
    for (const build of bench.builds) {
      starts.push({ label: build.label, ours: true, start: () => bench.startOurs(graph, build), wall: [], cpu: [] });
    }
    for (const python of bench.pythons) {
      const start = () => bench.startPython(python, model.file, graph);
      starts.push({ label: python.label, ours: false, start, wall: [], cpu: [] });
    }
    for (let round = 0; round < rounds; round++) {
      for (const each of starts) {
        const { side, first, wall } = await each.start();
        each.wall.push(wall);
        each.cpu.push(first.cpu);
        await side.end();
      }
    }
    starts.forEach(({ label, ours, wall, cpu }, i) => {
      const against = bench.pythons.map((python) => {
        const theirs = starts.find((each) => each.label === python.label)?.cpu ?? [];
        return ours ? (least(cpu) / least(theirs)).toFixed(2) : '';
      });
      const figures = [`${least(wall).toFixed(0)} / ${median(wall).toFixed(0)}`, least(cpu).toFixed(0)];
      rows.push([i === 0 ? model.name : '', label, ...figures, ...against]);
    });
  }
  print(table(rows));
}
