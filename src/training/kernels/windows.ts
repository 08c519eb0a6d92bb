import type { HeapBackend } from './heap';
import type { Three } from './convolution';
import { workspace, writeInts } from './workspace';

/** What one output cell reads along one axis: input indices from `first` up to `last` (exclusive) by `step`. */
export interface Window {
  first: number;
  last: number;
  step: number;
  /** How many cells the mean's divisor counts. */
  count: number;
}

/** Windows of a pool with a fixed kernel. `countedPad`: how many of the far pads the divisor counts, null for no pads at all. */
export function slidingWindows(
  length: number,
  output: number,
  { kernel, stride, before, dilation }: { kernel: number; stride: number; before: number; dilation: number },
  countedPad: number | null,
): Window[] {
  return Array.from({ length: output }, (_, i) => {
    const start = i * stride - before;
    const end = Math.min(start + (kernel - 1) * dilation + 1, length);
    const first = start >= 0 ? start : start + Math.ceil(-start / dilation) * dilation;
    const inside = Math.max(0, Math.ceil((end - first) / dilation));
    const count = countedPad === null ? inside : Math.min(start + kernel, length + countedPad) - start;
    return { first, last: end, step: dilation, count };
  });
}

/** Windows of an adaptive pool: cell i of n reads [floor(i L / n), ceil((i + 1) L / n)). */
export function adaptiveWindows(length: number, output: number): Window[] {
  return Array.from({ length: output }, (_, i) => {
    const first = Math.floor((i * length) / output);
    const last = Math.ceil(((i + 1) * length) / output);
    return { first, last, step: 1, count: last - first };
  });
}

/** One list of windows each for depth, height and width. */
export type WindowTable = readonly [readonly Window[], readonly Window[], readonly Window[]];

/** Writes the tables as the pooling kernels read them; the address is good until the next use of working memory. */
export function writeWindows(backend: HeapBackend, table: WindowTable): number {
  const rows = table.flat();
  const [address = 0] = workspace(backend, [16 * rows.length]);
  writeInts(
    backend,
    address,
    rows.flatMap(({ first, last, step, count }) => [first, last, step, count]),
  );
  return address;
}

export const outputsOf = (table: WindowTable): Three => [table[0].length, table[1].length, table[2].length];
