import type { DiagnosisContext } from '../context';
import type { GateCost } from '../gates';
import { hasZeroGradient, isReached } from '../relativeGradient';
import type { NoGradient } from './zero';

/**
 * Waking: behind a gate that starts at or near zero and is opening. Such a weight has (almost) no gradient at step 0 by design (Goyal et
 * al. 2017, zero gamma; ReZero, Bachlechner et al. 2020; LayerScale, Touvron et al. 2021) and one that grows with the gate. It is let off
 * as far as the gate's own measured size explains what is missing: a stack that vanishes for another reason stays an alarm. Where step 0
 * alone was run there is no growth to see; the gate is then taken to open.
 */
export function isWaking(
  { start, late }: { start: number; late: number },
  limit: number,
  gate: GateCost,
  atInitialisation: boolean,
): boolean {
  if (gate.gates.length === 0 || !Number.isFinite(gate.decades)) return false;
  const grew = atInitialisation || (start === -Infinity ? late > -Infinity : late > start);
  return grew && late >= limit - gate.decades;
}

/**
 * The gates that keep a weight's gradient at exactly zero, where step 0 alone was run and each of them is trained and gets a gradient
 * itself: the first steps open them, so zero at step 0 says nothing yet. Null in every other case.
 */
export function gatesAboutToOpen(
  none: NoGradient,
  { graph, trace, window }: DiagnosisContext,
): readonly number[] | null {
  if (!window.atInitialisation || none.reason.kind !== 'shut-gate') return null;
  const opens = (gate: number) =>
    graph.parameters[gate]?.trainable === true && isReached(trace, gate) && !hasZeroGradient(trace, window, gate);
  return none.reason.gates.every(opens) ? none.reason.gates : null;
}
