import type { Interval } from './slopes';

/** How often pre-activations fall into flat parts, by unit. */
export interface Activity {
  /** Share of elements in the saturated parts. */
  saturated: number;
  /** Share of units all of whose elements lie in closed parts. */
  dead: number;
}

/**
 * @param elements pre-activations in C order
 * @param axis where the units lie
 */
export function activity(
  elements: Float32Array,
  shape: readonly number[],
  axis: number,
  saturated: readonly Interval[],
  closed: readonly Interval[],
): Activity {
  const size = elements.length;
  let count = 0;
  for (const [from, to] of saturated) {
    for (let i = 0; i < size; i++) {
      const x = elements[i] ?? 0;
      if (x < to && x >= from) count++;
    }
  }
  return { saturated: count / size, dead: closed.length === 0 ? 0 : deadShare(elements, shape, axis, closed) };
}

function deadShare(
  elements: Float32Array,
  shape: readonly number[],
  axis: number,
  closed: readonly Interval[],
): number {
  const units = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((size, n) => size * n, 1);
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    if (isDead(elements, unit * inner, units * inner, inner, closed)) dead++;
  }
  return dead / units;
}

/** Most units open within the first few elements, so that this rarely reads far. */
function isDead(
  elements: Float32Array,
  first: number,
  stride: number,
  inner: number,
  closed: readonly Interval[],
): boolean {
  for (let start = first; start < elements.length; start += stride) {
    for (let i = start; i < start + inner; i++) {
      const x = elements[i] ?? 0;
      if (!closed.some(([from, to]) => x >= from && x < to)) return false;
    }
  }
  return true;
}
