import type { GateCost } from '../gates';

/**
 * Waking: behind a gate that starts at or near zero and is opening. Such a weight has (almost) no gradient at step 0 by design (Goyal et
 * al. 2017, zero gamma; ReZero, Bachlechner et al. 2020; LayerScale, Touvron et al. 2021) and one that grows with the gate. It is let off
 * as far as the gate's own measured size explains what is missing: a stack that vanishes for another reason stays an alarm.
 */
export function isWaking(start: number, late: number, limit: number, gate: GateCost | undefined): boolean {
  if (!gate || gate.gates.length === 0 || !Number.isFinite(gate.decades)) return false;
  const grew = start === -Infinity ? late > -Infinity : late > start;
  return grew && late < limit && late >= limit - gate.decades;
}
