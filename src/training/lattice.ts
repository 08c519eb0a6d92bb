import type { Framework, GraphInput, GraphParameter } from '../graph/graph';
import type { DrawSource } from './ops/row';

// The conformance pack's lattice rule: every weight, input, draw and loss weight of a conformance run comes from one
// exactly reproducible sequence, so that figures can be held against those of another program.

/** u of the rule for element `index` and `seed`: a whole multiple of 2^-32 in [0, 1). */
export function lattice(index: number, seed: number): number {
  let x = (Math.imul(index, 0x9e3779b1) + Math.imul(seed, 0x85ebca77)) >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return (x >>> 0) / 2 ** 32;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);
const symmetric = (size: number, seed: number, scale: number) =>
  Float32Array.from({ length: size }, (_, i) => (2 * lattice(i, seed) - 1) * scale);

/** Elements of parameter number `number`, C order of the framework's own layout. */
export function latticeParameter(parameter: GraphParameter, number: number, framework: Framework): Float32Array {
  const { shape, name } = parameter;
  const size = sizeOf(shape);
  const seed = 1 + number;
  if (shape.length === 0) return Float32Array.of(0.5);
  if (shape.length === 1) {
    const noise = symmetric(size, seed, 0.1);
    return isShift(name) ? noise : noise.map((_, i) => 1 + 0.1 * (2 * lattice(i, seed) - 1));
  }
  const fanIn = sizeOf(framework === 'pytorch' ? shape.slice(1) : shape.slice(0, -1));
  return symmetric(size, seed, Math.sqrt(3 / fanIn));
}

/** One-dimensional parameters that shift (bias, beta) lie around zero, those that scale around one. */
function isShift(name: string): boolean {
  const last = name.split(/[./]/).at(-1) ?? '';
  return /(bias|beta)$/.test(last) || /^bias_[a-z]+_l\d+(_reverse)?$/.test(last);
}

export function latticeInput(input: GraphInput, number: number): Float32Array | Int32Array {
  const size = sizeOf(input.shape);
  const seed = 1000 + number;
  if (input.kind === 'float') return symmetric(size, seed, Math.sqrt(3));
  return Int32Array.from({ length: size }, (_, i) => Math.floor(lattice(i, seed) * (input.high ?? 1)));
}

/** The weights r that make a loss of output number `number`: mean(output * r). */
export function latticeLossWeights(size: number, number: number): Float32Array {
  return symmetric(size, 3000 + number, Math.sqrt(3));
}

/** Random draws by the rule; dropout of every kind is off. */
export const LATTICE_DRAWS: DrawSource = {
  draw: (distribution, draw, size) =>
    distribution === 'normal'
      ? symmetric(size, 2000 + draw, Math.sqrt(3))
      : Float32Array.from({ length: size }, (_, i) => lattice(i, 2000 + draw)),
  keep: () => null,
};
