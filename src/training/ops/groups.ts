import { forEachRun, stridesOf, walk } from './strides';
import { sizeOf } from './tensors';

/** The elements of a tensor in groups: all that differ only along the reduced axes belong together. */
export interface Groups {
  /** How many groups there are, numbered in C order of the axes that stay. */
  size: number;
  /** Elements of one group. */
  count: number;
  /** Calls `visit` with each element in C order and its group. */
  forEach(visit: (element: number, group: number) => void): void;
  /** The same in runs: elements from `first` on, whose group moves by `step`. */
  forEachRun(visit: (first: number, count: number, group: number, step: number) => void): void;
}

/** No axes at all leave every element alone; all axes give one group. */
export function groupsOf(shape: readonly number[], axes: readonly number[]): Groups {
  const stays = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const strides = stridesOf(stays).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const cells = walk(shape, [strides]);
  const size = sizeOf(stays);
  const eachRun: Groups['forEachRun'] = (visit) =>
    forEachRun(cells, (count, cell, [group = 0], [step = 0]) => visit(cell, count, group, step));
  return {
    size,
    count: size === 0 ? 0 : sizeOf(shape) / size,
    forEachRun: eachRun,
    forEach: (visit) =>
      eachRun((first, count, group, step) => {
        for (let i = first, g = group; i < first + count; i++, g += step) visit(i, g);
      }),
  };
}

/** Folds each element into its group's total. */
export function foldInto(
  totals: Float64Array,
  groups: Groups,
  x: ArrayLike<number>,
  step: (total: number, x: number) => number,
): Float64Array {
  groups.forEachRun((first, count, group, stride) => {
    if (stride === 0) {
      let total = totals[group] ?? 0;
      for (let i = first; i < first + count; i++) total = step(total, x[i] ?? 0);
      totals[group] = total;
    } else {
      for (let i = first, g = group; i < first + count; i++, g += stride) totals[g] = step(totals[g] ?? 0, x[i] ?? 0);
    }
  });
  return totals;
}
