import type { GraphNode } from '../graph/graph';
import type { GradientTrace } from '../trace/trace';
import type { GraphIndex } from './graphIndex';
import { elementCount, initialMoments } from './initialScale';
import { START, type MeasurementWindow } from './measurementWindow';
import { logRootMeanSquare } from './relativeGradient';

/** Root mean square under which a parameter that scales a branch counts as a gate that starts shut (LayerScale: 1e-4 to 1e-6). */
export const SHUT_GATE = 1e-3;

/** What stands between a value and the loss because branches start switched off. */
export interface GateCost {
  /** Decades that the gates on the most open path take in the late steps; 0 where a path has none, Infinity where one stays shut. */
  decades: number;
  /** The gates on that path, as parameter numbers. */
  gates: readonly number[];
}

const OPEN: GateCost = { decades: 0, gates: [] };

/**
 * For each value the gates that its gradient must pass, on the path that loses least. A gate is a parameter that multiplies a
 * branch and starts at or near zero: a zero gamma of the last norm of a residual block (Goyal et al. 2017, 5.1), ReZero (Bachlechner et
 * al. 2020), LayerScale (Touvron et al. 2021), LoRA's B (Hu et al. 2021). What it takes is its own measured size.
 */
export function gateCosts(
  index: GraphIndex,
  trace: GradientTrace,
  window: MeasurementWindow,
  outputs: readonly number[],
): Map<number, GateCost> {
  const { graph } = index;
  const costs = new Map<number, GateCost>(outputs.map((value) => [value, OPEN]));
  for (let number = graph.nodes.length - 1; number >= 0; number--) {
    const node = graph.nodes[number];
    if (!node) continue;
    const behind = cheapest(node.outputs.map((value) => costs.get(value)));
    if (!behind) continue;
    node.inputs.forEach((input, place) => {
      const gate = gateOf(node, place, index);
      const cost = gate === null ? behind : addGate(behind, gate, index, trace, window);
      const known = costs.get(input);
      if (!known || cost.decades < known.decades) costs.set(input, cost);
    });
  }
  return costs;
}

function cheapest(costs: (GateCost | undefined)[]): GateCost | undefined {
  return costs.reduce((best, cost) => (!best || (cost && cost.decades < best.decades) ? cost : best), undefined);
}

function addGate(
  behind: GateCost,
  gate: number,
  index: GraphIndex,
  trace: GradientTrace,
  window: MeasurementWindow,
): GateCost {
  const parameter = index.graph.parameters[gate];
  if (!parameter) return behind;
  const size = elementCount(parameter.shape);
  const late = logRootMeanSquare(trace, window, gate, size);
  const opens = window.atInitialisation || late > logRootMeanSquare(trace, START, gate, size);
  const decades = opens && Number.isFinite(late) ? Math.max(0, -late) : Infinity;
  return { decades: behind.decades + decades, gates: [...behind.gates, gate] };
}

/** The shut gate (parameter number) by which the input at `place` is multiplied in this node, or null. */
export function gateOf(node: GraphNode, place: number, index: GraphIndex): number | null {
  for (const factor of factorsFor(node, place)) {
    const parameter = index.parameterOf(node.inputs[factor] ?? -1);
    if (parameter !== null && startsShut(parameter, index)) return parameter;
  }
  return null;
}

/** Places of a node's inputs that multiply the input at `place`. */
function factorsFor(node: GraphNode, place: number): number[] {
  switch (node.op) {
    case 'mul':
    case 'matmul':
      return [1 - place];
    case 'linear':
    case 'conv':
    case 'convTranspose':
      return place === 0 ? [1] : [];
    case 'batchNorm':
    case 'layerNorm':
    case 'groupNorm':
    case 'rmsNorm':
      return place === 0 && node.attributes.scale ? [1] : [];
    case 'batchNormFixed':
      return place === 0 && node.attributes.scale ? [3] : [];
    default:
      return [];
  }
}

/**
 * True where the parameter starts as (almost) nothing. A drawn weight counts only when it is exactly zero: small random weights are a
 * matter of initialisation, not a gate.
 */
function startsShut(parameter: number, index: GraphIndex): boolean {
  const described = index.graph.parameters[parameter];
  if (!described) return false;
  const { mean, variance } = initialMoments(described.initialiser, described.shape);
  return variance === 0 && Math.abs(mean) <= SHUT_GATE;
}
