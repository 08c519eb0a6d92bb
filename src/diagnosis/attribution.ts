import type { DiagnosisContext } from './context';
import { descendants } from './reach';
import { labelOf, roleOf, type OpLabel, type OpRole } from './opLabels';
import { groupBy } from './statistics';
import type { Attribution } from '../report/report';

/** One op on the way of the gradient from `to` (nearer the loss) back to `from`. */
export interface PathStep {
  node: number;
  from: number;
  to: number;
  /** log10 RMS(dL/dto) - log10 RMS(dL/dfrom): decades lost (positive) or gained. */
  decades: number;
}

/** The way of the gradient between two layers, split into ops whose decades add up to the whole. */
export interface GradientPath {
  steps: PathStep[];
  /** log10 RMS of the gradient at the flagged layer's output and at the reference. */
  flagged: number;
  reference: number;
  /** Parameter whose layer is the reference; null: the output that the loss reads. */
  referenceParameter: number | null;
  /**
   * What the ops do not explain of the difference in relative gradient: the two layers' own scale (size of their input and of
   * their weights). whole = sum of steps + rest.
   */
  rest: number;
  /** Difference of the two relative gradients in decades; NaN where the reference is an output. */
  whole: number;
}

/**
 * Follows the strongest gradient from the flagged layer's output toward the reference layer's. At a branch the gradient
 * of a value is the sum over its readers; taking each step from value to value makes the decades telescope, so that the parts add up to
 * the whole whatever the branches.
 */
export function traceGradient(
  flagged: number,
  reference: number | null,
  late: (parameter: number) => number,
  context: DiagnosisContext,
): GradientPath | null {
  const { gradient } = context;
  const from = layerOutput(flagged, context);
  if (from === null || !Number.isFinite(gradient(from))) return null;
  const target = reference === null || reference === flagged ? null : layerOutput(reference, context);
  const downstream = descendants(from, context.index);
  const usesLayer = target !== null && target !== from && downstream.has(target) && Number.isFinite(gradient(target));
  const ends = usesLayer ? [target] : context.read.filter((value) => downstream.has(value));
  const steps = walk(from, ends, context);
  const to = steps.at(-1)?.to ?? from;
  const sum = steps.reduce((total, step) => total + step.decades, 0);
  const whole = usesLayer && reference !== null ? late(reference) - late(flagged) : NaN;
  return {
    steps,
    flagged: gradient(from),
    reference: gradient(to),
    referenceParameter: usesLayer ? reference : null,
    rest: Number.isNaN(whole) ? 0 : whole - sum,
    whole,
  };
}

/** Output of the layer that uses a parameter; where several do, the one with the largest gradient. */
function layerOutput(parameter: number, context: DiagnosisContext): number | null {
  const { gradient } = context;
  let best: number | null = null;
  for (const user of context.index.usersOf(parameter)) {
    const value = context.graph.nodes[user]?.outputs[0];
    if (value === undefined || Number.isNaN(gradient(value))) continue;
    if (best === null || gradient(value) > gradient(best)) best = value;
  }
  return best;
}

function walk(from: number, ends: readonly number[], context: DiagnosisContext): PathStep[] {
  const { gradient } = context;
  const allowed = context.index.ancestors(ends);
  const steps: PathStep[] = [];
  for (let value = from; !ends.includes(value);) {
    const next = context.index
      .readers(value)
      .flatMap((node) => (context.graph.nodes[node]?.outputs ?? []).map((to) => ({ node, to })))
      .filter(({ to }) => allowed.has(to) && Number.isFinite(gradient(to)))
      .reduce<{ node: number; to: number } | null>(
        (best, step) => (!best || gradient(step.to) > gradient(best.to) ? step : best),
        null,
      );
    if (!next) break;
    steps.push({ ...next, from: value, decades: gradient(next.to) - gradient(value) });
    value = next.to;
  }
  return steps;
}

/** Steps of one kind of op at one place in the source. */
export interface AttributedGroup extends OpLabel {
  role: OpRole;
  nodes: number[];
  decades: number;
  /** Geometric mean of one op's backward gain. */
  gain: number;
}

/** Groups the steps by op and source span, the greatest loss first. */
export function groupSteps(steps: readonly PathStep[], context: DiagnosisContext): AttributedGroup[] {
  const labelled = steps.flatMap((step) => {
    const node = context.graph.nodes[step.node];
    return node ? [{ step, label: labelOf(node, context.index), role: roleOf(node) }] : [];
  });
  return groupBy(labelled, ({ label }) => JSON.stringify([label.name, label.span]))
    .flatMap((group): AttributedGroup[] => {
      const [first] = group;
      if (!first) return [];
      const decades = group.reduce((total, { step }) => total + step.decades, 0);
      const nodes = group.map(({ step }) => step.node);
      return [{ ...first.label, role: first.role, nodes, decades, gain: 10 ** (-decades / nodes.length) }];
    })
    .sort((a, b) => b.decades - a.decades);
}

/** The groups as the report shows them; the two layers' own scale is a row of its own where it matters. */
export function toAttribution(groups: readonly AttributedGroup[], path: GradientPath): Attribution[] {
  const rows = groups.map(({ name, span, nodes, decades, gain }) => ({
    operation: name,
    count: nodes.length,
    span,
    decades,
    gain,
  }));
  if (Math.abs(path.rest) < 1e-9) return rows;
  return [...rows, { operation: OWN_SCALE, count: 1, span: null, decades: path.rest, gain: 10 ** -path.rest }];
}

/** Row of the report for what lies in the two layers themselves (size of input and weights) and in no op between them. */
export const OWN_SCALE = 'own scale of the two layers';
