/** Runs of neighbours with the same key, in order; items with key null stand alone. */
export function runsOf<T>(items: readonly T[], key: (item: T) => string | null): [key: string | null, members: T[]][] {
  const runs: [string | null, T[]][] = [];
  for (const item of items) {
    const name = key(item);
    const last = runs.at(-1);
    if (last && name !== null && last[0] === name) last[1].push(item);
    else runs.push([name, [item]]);
  }
  return runs;
}
