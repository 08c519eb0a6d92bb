import type { GraphInput, ModelGraph } from '../graph/graph';

/** Images are not made smaller than this, nor to sizes that the usual five halvings of a backbone would not divide. */
const SMALLEST_SIDE = 64;
const GRAIN = 32;

/** The spatial axes of the model's one image; null where it takes anything else. */
function imageAxes(graph: ModelGraph): readonly [number, number] | null {
  const [input, ...others] = graph.inputs;
  if (input?.shape.length !== 4 || input.kind !== 'float' || input.high !== undefined || others.length > 0) return null;
  const conv = graph.nodes.find(({ op }) => op === 'conv');
  if (conv?.op !== 'conv') return null;
  return conv.attributes.layout === 'channelsFirst' ? [2, 3] : [1, 2];
}

/**
 * The input with its image halved as often as it takes until `fits` (asked with the share of positions that is left), or as
 * often as it may be; null where it cannot be halved. Whether the network takes it is shown by reading it again (`isSameNet`).
 */
export function smallerImage(graph: ModelGraph, fits: (share: number) => boolean): GraphInput | null {
  const axes = imageAxes(graph);
  const [input] = graph.inputs;
  if (axes === null || input === undefined) return null;
  let shape = input.shape;
  for (let share = 1; !fits(share); share /= 4) {
    const halved = shape.map((size, axis) => (axes.includes(axis) ? size / 2 : size));
    if (axes.some((axis) => (halved[axis] ?? 0) < SMALLEST_SIDE || (halved[axis] ?? 0) % GRAIN !== 0)) break;
    shape = halved;
  }
  return shape === input.shape ? null : { ...input, shape };
}

/** Whether two graphs have the same ops and parameters, so that they differ in the sizes of their values alone. */
export function isSameNet(a: ModelGraph, b: ModelGraph): boolean {
  const ops = (graph: ModelGraph) => graph.nodes.map(({ op }) => op).join();
  const parameters = (graph: ModelGraph) =>
    graph.parameters.map(({ name, shape }) => `${name}[${shape.join()}]`).join();
  return ops(a) === ops(b) && parameters(a) === parameters(b);
}
