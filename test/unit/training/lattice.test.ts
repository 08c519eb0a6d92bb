import { describe, expect, it } from 'vitest';
import type { GraphParameter } from '../../../src/graph/graph';
import {
  lattice,
  LATTICE_DRAWS,
  latticeInput,
  latticeLossWeights,
  latticeParameter,
} from '../../../src/training/lattice';

const parameter = (name: string, shape: number[]): GraphParameter => ({
  name,
  shape,
  trainable: true,
  initialiser: { kind: 'constant', value: 0 },
  initialiserOrigin: 'default',
  initialiserSpan: null,
  module: null,
  span: null,
});

/** The rule in exact integers. */
function exact(index: bigint, seed: bigint): number {
  const mask = 0xffffffffn;
  let x = (index * 0x9e3779b1n + seed * 0x85ebca77n) & mask;
  x ^= x >> 16n;
  x = (x * 0x7feb352dn) & mask;
  x ^= x >> 15n;
  x = (x * 0x846ca68bn) & mask;
  x ^= x >> 16n;
  return Number(x) / 2 ** 32;
}

describe('the lattice rule', () => {
  it('gives the published first values', () => {
    const published = [0.7680800175, 0.0091201193, 0.2458827482, 0.6218303139];
    published.forEach((u, i) => expect(lattice(i, 1)).toBeCloseTo(u, 10));
  });

  it('is exact for large indices and seeds', () => {
    for (const index of [0, 1, 65_535, 4_194_303, 123_456_789, 2 ** 32 - 1]) {
      for (const seed of [1, 77, 1_000, 3_001]) expect(lattice(index, seed)).toBe(exact(BigInt(index), BigInt(seed)));
    }
  });

  it('scales weights by the fan-in of their framework', () => {
    const torch = latticeParameter(parameter('a.weight', [2, 3, 5]), 0, 'pytorch');
    const keras = latticeParameter(parameter('a/kernel', [2, 3, 5]), 0, 'keras');
    expect(torch[1]).toBeCloseTo((2 * 0.0091201193 - 1) * Math.sqrt(3 / 15), 6);
    expect(keras[1]).toBeCloseTo((2 * 0.0091201193 - 1) * Math.sqrt(3 / 6), 6);
  });

  it.each(['fc.bias', 'norm/beta', 'rnn.bias_ih_l0', 'rnn.bias_hh_l1_reverse', 'attention.in_proj_bias'])(
    'puts the shift %s around zero',
    (name) =>
      expect(latticeParameter(parameter(name, [4]), 0, 'pytorch')[0]).toBeCloseTo(0.1 * (2 * 0.7680800175 - 1), 6),
  );

  it.each(['norm.weight', 'norm/gamma', 'scales.0', 'block.summary'])('puts the scale %s around one', (name) =>
    expect(latticeParameter(parameter(name, [4]), 0, 'pytorch')[0]).toBeCloseTo(1 + 0.1 * (2 * 0.7680800175 - 1), 6),
  );

  it('gives scalars one half', () => {
    expect([...latticeParameter(parameter('alpha', []), 5, 'pytorch')]).toEqual([0.5]);
  });

  it('makes inputs, draws and loss weights from their own seeds', () => {
    const float = latticeInput({ name: 'x', shape: [1, 2], kind: 'float', origin: 'declared', reason: '' }, 1);
    const int = latticeInput({ name: 'x', shape: [3], kind: 'int', high: 7, origin: 'declared', reason: '' }, 0);
    expect(float[1]).toBeCloseTo((2 * exact(1n, 1001n) - 1) * Math.sqrt(3), 6);
    expect([...int]).toEqual([0, 1, 2].map((i) => Math.floor(exact(BigInt(i), 1000n) * 7)));
    expect(LATTICE_DRAWS.draw('normal', 2, 3)[2]).toBeCloseTo((2 * exact(2n, 2002n) - 1) * Math.sqrt(3), 6);
    expect(LATTICE_DRAWS.draw('uniform', 0, 1)[0]).toBeCloseTo(exact(0n, 2000n), 6);
    expect(LATTICE_DRAWS.keep(0, 0.5, 4)).toBeNull();
    expect(latticeLossWeights(2, 1)[1]).toBeCloseTo((2 * exact(1n, 3001n) - 1) * Math.sqrt(3), 6);
  });
});
