import { describe, expect, it } from 'vitest';
import {
  erf,
  erfc,
  normalCumulative,
  sigmoid,
  sigmoidSlope,
  softPlus,
  tanhSlope,
} from '../../../../src/training/ops/special';

/** [x, erf x, erfc x] as C's math library gives them. */
const ERRORS: [number, number, number][] = [
  [0, 0, 1],
  [0.1, 0.1124629160182849, 0.8875370839817151],
  [0.5, 0.5204998778130465, 0.4795001221869535],
  [1, 0.8427007929497149, 0.15729920705028513],
  [1.9, 0.9927904292352575, 0.007209570764742524],
  [2, 0.9953222650189527, 0.004677734981047266],
  [3, 0.9999779095030014, 2.209049699858544e-5],
  [5, 0.9999999999984626, 1.5374597944280349e-12],
  [10, 1, 2.088487583762545e-45],
  [-1, -0.8427007929497149, 1.842700792949715],
  [-3, -0.9999779095030014, 1.9999779095030015],
];

describe('special functions', () => {
  it.each(ERRORS)('erf and erfc at %f', (x, wanted, complement) => {
    expect(Math.abs(erf(x) - wanted)).toBeLessThanOrEqual(4e-16);
    expect(Math.abs(erfc(x) / complement - 1)).toBeLessThan(1e-13);
  });

  it('keeps the tails that 1 - y would lose', () => {
    expect(sigmoidSlope(80) / Math.exp(-80)).toBeCloseTo(1, 12);
    expect(sigmoidSlope(-80)).toBe(sigmoidSlope(80));
    expect(tanhSlope(30) / (4 * Math.exp(-60))).toBeCloseTo(1, 12);
    expect(sigmoid(-700) / Math.exp(-700)).toBeCloseTo(1, 12);
    expect(softPlus(-50) / Math.exp(-50)).toBeCloseTo(1, 12);
    expect(softPlus(1000)).toBe(1000);
    expect(normalCumulative(-10) / 7.61985302416053e-24).toBeCloseTo(1, 12);
  });

  it('passes NaN on', () => {
    for (const f of [erf, erfc, sigmoid, sigmoidSlope, tanhSlope, softPlus]) expect(f(NaN)).toBeNaN();
  });
});
