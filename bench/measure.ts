import * as os from 'node:os';

/** Milliseconds of one run: on the clock, and of processor time of all threads of this process. */
export interface Sample {
  wall: number;
  cpu: number;
}

export async function timed<T>(work: () => Promise<T>): Promise<{ sample: Sample; value: T }> {
  const before = process.cpuUsage();
  const begun = performance.now();
  const value = await work();
  const wall = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  return { sample: { wall, cpu: (user + system) / 1000 }, value };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export const least = (numbers: readonly number[]) => Math.min(...numbers);

/** `12 / 15 ms, cpu 11`: least and median on the clock, least processor time. */
export function figure(samples: readonly Sample[]): string {
  const wall = samples.map((sample) => sample.wall);
  const cpu = samples.map((sample) => sample.cpu);
  return `${least(wall).toFixed(0)} / ${median(wall).toFixed(0)} ms, cpu ${least(cpu).toFixed(0)}`;
}

export function machine(): string {
  const [processor] = os.cpus();
  const load = os.loadavg().map((n) => n.toFixed(1));
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return `${date} UTC, ${processor?.model ?? 'unknown processor'}, ${os.cpus().length} cores, Node ${process.versions.node}, load ${load.join(' ')}`;
}
