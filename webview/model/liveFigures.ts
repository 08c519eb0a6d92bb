import type { LiveStep } from '../../src/report/panelProtocol';
import { printable } from './figures';

/** The smallest relative gradient at each step so far, and the weight that has it now. */
export function liveFigures(live: readonly LiveStep[]): { weakest: (number | null)[]; name: string | null } {
  const weakest = live.map(({ weights }) =>
    weights.reduce<{ name: string; at: number | null } | null>((least, { name, logRelativeGradient: at }) => {
      if (least === null) return { name, at };
      return (at ?? -Infinity) < (least.at ?? -Infinity) ? { name, at } : least;
    }, null),
  );
  const name = weakest.at(-1)?.name;
  return { weakest: weakest.map((each) => each?.at ?? null), name: name === undefined ? null : printable(name) };
}
