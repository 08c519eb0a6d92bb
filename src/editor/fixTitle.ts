import type { Remedy } from '../report/report';
import { formatLog10, plural } from './figures';

/**
 * What the quick-fix menu says of a remedy: what it does, then what was measured. The figures are the smallest relative
 * gradient |dL/dW| / |W| among the finding's weights, before and after.
 */
export function fixTitle(remedy: Remedy, seeds: number): string {
  const { before, after } = remedy.measured;
  if (before === null || after === null) return remedy.title;
  const from = formatLog10(before.logRelativeGradient);
  const to = formatLog10(after.logRelativeGradient);
  const outcome =
    remedy.status === 'proved' ? `healthy on ${plural(seeds, 'seed')}` : `better, yet still ${after.verdict}`;
  return `${remedy.title} (gradient ${from} → ${to}, ${outcome})`;
}
