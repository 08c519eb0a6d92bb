import { type Static, Type } from '@sinclair/typebox';

/** A number that survives JSON: the three values JSON lacks are spelt out. */
export const Scalar = Type.Union([Type.Number(), Type.Literal('inf'), Type.Literal('-inf'), Type.Literal('nan')]);
export type Scalar = Static<typeof Scalar>;

export function scalarToNumber(scalar: Scalar): number {
  if (typeof scalar === 'number') return scalar;
  return scalar === 'inf' ? Infinity : scalar === '-inf' ? -Infinity : NaN;
}
