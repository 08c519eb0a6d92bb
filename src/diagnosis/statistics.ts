/** log10(2): turns the trace's base-2 logarithms into decades. */
export const DECADES_PER_OCTAVE = Math.log10(2);

/** Median of the numbers, NaN entries left out; NaN for none. Infinities take part, so half zeros give -Infinity. */
export function median(numbers: Iterable<number>): number {
  const sorted = [...numbers].filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) return NaN;
  return upper === lower ? upper : (upper + lower) / 2;
}

/** Largest of the numbers, NaN entries left out; NaN for none. */
export function largest(numbers: Iterable<number>): number {
  let best = NaN;
  for (const x of numbers) if (!Number.isNaN(x) && !(x <= best)) best = x;
  return best;
}

/** Smallest of the numbers, NaN entries left out; NaN for none. */
export function smallest(numbers: Iterable<number>): number {
  return -largest([...numbers].map((x) => -x));
}

/** `items` gathered under a key, in order of first appearance. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups.values()];
}
