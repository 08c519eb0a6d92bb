import type { GraphNode } from '../../graph/graph';
import { scalarToNumber } from '../../graph/scalar';
import type { OpAttributes, OpName } from '../../graph/ops';

/** Derivative of an activation at pre-activation x. */
type Slope = (x: number) => number;

const sigmoid: Slope = (x) => 1 / (1 + Math.exp(-x));
const sigmoidSlope: Slope = (x) => sigmoid(x) * sigmoid(-x);
const tanhSlope: Slope = (x) => 1 / Math.cosh(x) ** 2;
const inside =
  (low: number, high: number, slope: number): Slope =>
  (x) =>
    x > low && x < high ? slope : 0;

/** Slope of erf-GELU needs the normal distribution function; its error of 1e-7 (Abramowitz and Stegun 7.1.26) is far below 5 %. */
function normalDistribution(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = (polynomial * Math.exp(-z * z)) / 2;
  return x > 0 ? 1 - upper : upper;
}

function mishSlope(x: number): number {
  const softPlus = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  return Math.tanh(softPlus) + x * tanhSlope(softPlus) * sigmoid(x);
}

/** Activations whose slope depends on x alone; one row each, as the frameworks define them (see `graph/ops.ts`). */
const SLOPES: { [O in OpName]?: (attributes: OpAttributes<O>) => Slope } = {
  relu: () => (x) => (x > 0 ? 1 : 0),
  leakyRelu:
    ({ slope }) =>
    (x) =>
      x > 0 ? 1 : slope,
  elu:
    ({ alpha }) =>
    (x) =>
      x > 0 ? 1 : alpha * Math.exp(x),
  celu:
    ({ alpha }) =>
    (x) =>
      x > 0 ? 1 : Math.exp(x / alpha),
  selu: () => (x) => 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x)),
  gelu: () => (x) => normalDistribution(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  silu: () => (x) => sigmoid(x) + x * sigmoidSlope(x),
  mish: () => mishSlope,
  sigmoid: () => sigmoidSlope,
  logSigmoid: () => (x) => sigmoid(-x),
  hardSigmoid: ({ slope, offset }) => inside(-offset / slope, (1 - offset) / slope, slope),
  hardSwish: () => (x) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5),
  tanh: () => tanhSlope,
  tanhShrink: () => (x) => Math.tanh(x) ** 2,
  softPlus:
    ({ beta }) =>
    (x) =>
      sigmoid(beta * x),
  softSign: () => (x) => 1 / (1 + Math.abs(x)) ** 2,
  softShrink:
    ({ lambda }) =>
    (x) =>
      Math.abs(x) > lambda ? 1 : 0,
  hardShrink:
    ({ lambda }) =>
    (x) =>
      Math.abs(x) > lambda ? 1 : 0,
  threshold:
    ({ threshold }) =>
    (x) =>
      x > threshold ? 1 : 0,
  clip: ({ min, max }) => inside(scalarToNumber(min), scalarToNumber(max), 1),
};

/**
 * Where an activation passes less than 5 % of its steepest slope, and where it passes nothing: half-open in x, with edges
 * rounded up to float32, which changes no comparison with a float32.
 */
export interface FlatParts {
  saturated: readonly Interval[];
  closed: readonly Interval[];
}
export type Interval = readonly [from: number, to: number];

/** Share of the steepest slope under which a unit counts as saturated. */
const SATURATED = 0.05;

/** The grid reaches as far as any of the activations still changes, in steps finer than their narrowest feature. */
const REACH = 40;
const STEP = 1 / 64;

export const isActivation = (node: GraphNode): boolean => node.op in SLOPES;

/** The flat parts of a node's activation; null where the node is no activation of one value. */
export function flatParts(node: GraphNode): FlatParts | null {
  const make = SLOPES[node.op];
  if (make === undefined) return null;
  // Safe: the node's op chose the row, so its attributes are that row's.
  const slope = (make as (attributes: GraphNode['attributes']) => Slope)(node.attributes);
  let steepest = 0;
  for (let x = -REACH; x <= REACH; x += STEP) steepest = Math.max(steepest, Math.abs(slope(x)));
  return {
    saturated: intervals((x) => Math.abs(slope(x)) < SATURATED * steepest),
    // Within the grid's reach a slope is exactly zero by definition, or lies below 1e-300 as far out in GELU's tail.
    closed: intervals((x) => slope(x) === 0),
  };
}

/** Where `holds`, found on the grid and refined at its edges by bisection; what holds at the grid's end holds beyond. */
function intervals(holds: (x: number) => boolean): Interval[] {
  const found: Interval[] = [];
  let from: number | null = holds(-REACH) ? -Infinity : null;
  for (let x = -REACH; x < REACH; x += STEP) {
    const next = holds(x + STEP);
    if (next === (from !== null)) continue;
    const edge = bisect(holds, x, x + STEP);
    if (from === null) from = edge;
    else {
      found.push([roundedUp(from), roundedUp(edge)]);
      from = null;
    }
  }
  if (from !== null) found.push([roundedUp(from), Infinity]);
  return found;
}

/** The smallest x for which `holds(x)` is as at `high`, to the last bit: a ReLU is closed at zero and open just above. */
function bisect(holds: (x: number) => boolean, low: number, high: number): number {
  const wanted = holds(high);
  let [a, b] = [low, high];
  for (;;) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) return b;
    if (holds(middle) === wanted) b = middle;
    else a = middle;
  }
}

/** The smallest float32 that is not below x. */
function roundedUp(x: number): number {
  const float = Float32Array.of(x);
  const bits = new Int32Array(float.buffer);
  if ((float[0] ?? 0) < x) bits[0] = (bits[0] ?? 0) + (x > 0 ? 1 : -1);
  return float[0] ?? x;
}
