import type { GraphNode, ModelGraph } from '../graph/graph';

/** Where the time steps of a recurrent layer lie in a value: element i (C order) belongs to step floor(i / stride) % steps. */
export interface TimePlace {
  stride: number;
  steps: number;
}

/**
 * For each output of the graph, the places of all recurrent layers whose steps it still holds one by one (the logits of a
 * tagger or a language model); and the numbers of those layers' nodes. Followed through ops that keep the steps apart:
 * what reads or mixes them (a slice of the last step, a mean, attention's keys) ends the trail, and so does an op whose
 * effect on the axis is not known.
 */
export function outputTimePlaces(graph: ModelGraph): { outputs: TimePlace[][]; layers: ReadonlySet<number> } {
  const outputs = graph.outputs.map((): TimePlace[] => []);
  const layers = new Set<number>();
  graph.nodes.forEach((node, number) => {
    if (node.op !== 'recurrent') return;
    const [sequence = -1] = node.outputs;
    const [, steps = 1, hidden = 1] = graph.values[sequence]?.shape ?? [];
    if (steps < 2) return;
    const places = follow(graph, number, sequence, { stride: hidden, steps });
    graph.outputs.forEach((value, k) => {
      const place = places.get(value);
      if (!place) return;
      layers.add(number);
      const known = outputs[k]?.some((other) => other.stride === place.stride && other.steps === place.steps);
      if (known === false) outputs[k]?.push(place);
    });
  });
  return { outputs, layers };
}

/** The places of the steps in all values that hold them, from the recurrent layer's own sequence on. */
function follow(graph: ModelGraph, from: number, sequence: number, start: TimePlace): Map<number, TimePlace> {
  const places = new Map([[sequence, start]]);
  for (const node of graph.nodes.slice(from + 1)) {
    const [output = -1] = node.outputs;
    const to = graph.values[output]?.shape ?? [];
    for (const [k, input] of node.inputs.entries()) {
      const place = places.get(input);
      if (!place) continue;
      const kept = passed(node, k, graph.values[input]?.shape ?? [], to, place);
      if (kept) places.set(output, kept);
    }
  }
  return places;
}

/** Ops that put another number of features in place of the last axis and leave the leading axes alone. */
const PRODUCTS: ReadonlySet<GraphNode['op']> = new Set(['linear', 'matmul']);
/** Ops that move elements within axes, mix them along axes or compute elsewhere than where their output lies. */
const MIXING: ReadonlySet<GraphNode['op']> = new Set([
  ...(['flip', 'roll', 'sort', 'topK', 'cumSum', 'cumProd', 'einsum', 'gather', 'gatherElements'] as const),
  ...(['scatterElements', 'fold', 'unfold', 'resize', 'detach'] as const),
]);

function passed(
  node: GraphNode,
  input: number,
  from: readonly number[],
  to: readonly number[],
  place: TimePlace,
): TimePlace | null {
  if (MIXING.has(node.op)) return null;
  if (node.op === 'reshape') return place;
  if (node.op === 'permute') {
    const axis = axisOf(from, place);
    return axis === null ? null : placeAt(to, node.attributes.order.indexOf(axis), place.steps);
  }
  if (node.op === 'recurrent') {
    return input === 0 && axisOf(from, place) === 1 ? placeAt(to, 1, place.steps) : null;
  }
  if (node.op === 'attention' && input > 0) return null;
  if (PRODUCTS.has(node.op)) {
    if (input > 0 || (node.op === 'matmul' && node.attributes.transposeA)) return null;
    const [before = 1, after = 1] = [from.at(-1), to.at(-1)];
    const sameRows = from.slice(0, -1).join() === to.slice(0, -1).join();
    return sameRows && place.stride % before === 0 ? { ...place, stride: (place.stride / before) * after } : null;
  }
  if (from.join() === to.join()) return place;
  const axis = axisOf(from, place);
  if (axis === null) return null;
  if ('keepDims' in node.attributes && from.length !== to.length) {
    const gone = 'axes' in node.attributes ? node.attributes.axes : [node.attributes.axis];
    return gone.includes(axis) ? null : placeAt(to, axis - gone.filter((other) => other < axis).length, place.steps);
  }
  // A broadcast operand is aligned to the right; for all other ops the ranks are the same.
  return placeAt(to, axis + to.length - from.length, place.steps);
}

/** The axis that counts the steps alone; null where it was merged with others. */
function axisOf(shape: readonly number[], { stride, steps }: TimePlace): number | null {
  const axis = shape.findIndex((size, k) => size === steps && strideOf(shape, k) === stride);
  return axis < 0 ? null : axis;
}

/** The place of axis `axis` if it still has all the steps. */
function placeAt(shape: readonly number[], axis: number, steps: number): TimePlace | null {
  return shape[axis] === steps ? { stride: strideOf(shape, axis), steps } : null;
}

function strideOf(shape: readonly number[], axis: number): number {
  return shape.slice(axis + 1).reduce((product, size) => product * size, 1);
}

/** A copy of `gradient` (of an output whose steps lie at `places`) that is zero but for the last step. */
export function atLastStep(gradient: Float64Array, places: readonly TimePlace[]): Float64Array {
  return gradient.map((element, i) =>
    places.every(({ stride, steps }) => Math.floor(i / stride) % steps === steps - 1) ? element : 0,
  );
}
