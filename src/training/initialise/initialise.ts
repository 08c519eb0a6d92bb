import type { GraphParameter } from '../../graph/graph';
import type { Initialiser } from '../../graph/initialiser';
import { scalarToNumber } from '../../graph/scalar';
import { Random } from '../random';
import { orthogonal } from './orthogonal';
import { dirac, identity, overwriteRegion, sparse } from './patterns';

type Draw<K extends Initialiser['kind']> = (
  initialiser: Extract<Initialiser, { kind: K }>,
  shape: readonly number[],
  random: Random,
) => Float32Array;

/**
 * Draws one parameter.
 *
 * @param shape the framework's own layout; elements come in its C order
 * @param random advanced by as many draws as the initialiser needs
 */
export function initialise(initialiser: Initialiser, shape: readonly number[], random: Random): Float32Array {
  // Safe: `kind` chooses the row made for exactly this initialiser.
  return (DRAWS[initialiser.kind] as Draw<Initialiser['kind']>)(initialiser, shape, random);
}

/** Draws parameter number `number` for a run: the same whichever other parameters there are, and as its original if it is a copy. */
export function drawParameter(parameters: readonly GraphParameter[], number: number, seed: number): Float32Array {
  const parameter = parameters[number];
  if (parameter === undefined) throw new RangeError(`There is no parameter ${number}.`);
  const { initialiser, shape, copyOf } = parameter;
  return initialise(initialiser, shape, new Random(seed, PARAMETER_STREAM, copyOf ?? number));
}

const PARAMETER_STREAM = 1;

const DRAWS: { [K in Initialiser['kind']]: Draw<K> } = {
  uniform: ({ low, high }, shape, random) => fill(shape, () => low + (high - low) * random.uniform()),
  normal: ({ mean, std }, shape, random) => fill(shape, () => mean + std * random.normal()),
  truncatedNormal: ({ mean, std, low, high }, shape, random) =>
    fill(shape, () => truncatedNormal(mean, std, low, high, random)),
  constant: ({ value }, shape) => new Float32Array(sizeOf(shape)).fill(scalarToNumber(value)),
  orthogonal: ({ gain, rows }, shape, random) => orthogonal(sizeOf(shape), rows, gain, random),
  identity: ({ gain }, shape) => identity(shape, gain),
  dirac: ({ groups }, shape) => dirac(shape, groups),
  sparse: ({ sparsity, std }, shape, random) => sparse(shape, sparsity, std, random),
  values: ({ values }, shape) => {
    const size = sizeOf(shape);
    if (values.length !== size) throw new Error(`${values.length} values for a parameter of ${size} elements`);
    return Float32Array.from(values, scalarToNumber);
  },
  affine: ({ scale, shift, base }, shape, random) => {
    const elements = initialise(base, shape, random);
    for (let i = 0; i < elements.length; i++) elements[i] = scale * (elements[i] ?? 0) + shift;
    return elements;
  },
  regions: ({ base, regions }, shape, random) => {
    const elements = initialise(base, shape, random);
    for (const region of regions) {
      const part = region.start.map((start, axis) => (region.stop[axis] ?? start) - start);
      overwriteRegion(elements, shape, region.start, part, initialise(region.fill, part, random));
    }
    return elements;
  },
  unknown: ({ assumed }, shape, random) => initialise(assumed, shape, random),
};

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}

function fill(shape: readonly number[], next: () => number): Float32Array {
  const elements = new Float32Array(sizeOf(shape));
  for (let i = 0; i < elements.length; i++) elements[i] = next();
  return elements;
}

/**
 * Redraws until inside. Where [low, high] lies so far out that redraws would hardly ever land, a uniform proposal with
 * exponential acceptance takes over (Robert, "Simulation of truncated normal variables", 1995, section 2.2).
 */
function truncatedNormal(mean: number, std: number, low: number, high: number, random: Random): number {
  if (std === 0 || !(low < high)) return Math.min(Math.max(mean, low), high);
  for (let tries = 0; tries < 64; tries++) {
    const x = mean + std * random.normal();
    if (x >= low && x <= high) return x;
  }
  const a = (low - mean) / std;
  const b = (high - mean) / std;
  const peak = Math.min(Math.max(0, a), b);
  // Beyond ten standard deviations past the nearest point nothing is ever drawn.
  const from = Math.max(a, peak - 10);
  const to = Math.min(b, peak + 10);
  for (;;) {
    const z = from + (to - from) * random.uniform();
    if (random.uniform() <= Math.exp((peak * peak - z * z) / 2)) return mean + std * z;
  }
}
