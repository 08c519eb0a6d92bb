import type { GraphNode, LossKind, ModelGraph } from '../graph/graph';
import type { OpName } from '../graph/ops';

/** What the last layers say about an output: which losses it admits. */
export type Head = 'probabilities' | 'log-probabilities' | 'unit-interval' | 'scores';

/** Ops that move or relabel elements: the meaning of the values comes from before them. */
const CARRIERS = new Set<OpName>([
  'identity',
  'reshape',
  'permute',
  'slice',
  'cast',
  'broadcast',
  'concat',
  'flip',
  'clip',
]);

/** The node that gives output number `place` its meaning: the last that is no mere carrier. */
export function headNode(graph: ModelGraph, place: number): GraphNode | null {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
  let node = makers.get(graph.outputs[place] ?? -1);
  while (node !== undefined && CARRIERS.has(node.op)) node = makers.get(node.inputs[0] ?? -1);
  return node ?? null;
}

export function headOf(graph: ModelGraph, place: number): Head {
  const node = headNode(graph, place);
  if (node === null) return 'scores';
  switch (node.op) {
    case 'softmax':
      return 'probabilities';
    case 'logSoftmax':
      return 'log-probabilities';
    case 'sigmoid':
    case 'hardSigmoid':
      return 'unit-interval';
    default:
      return 'scores';
  }
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);

/** Whether the output has as many elements as the model's first float input, in something larger than a few columns. */
export function rebuildsInput(graph: ModelGraph, place: number): boolean {
  const input = graph.inputs.find(({ kind }) => kind === 'float');
  const output = graph.values[graph.outputs[place] ?? -1];
  if (input === undefined || output === undefined) return false;
  const batch = input.shape[0] ?? 1;
  return sizeOf(input.shape) === sizeOf(output.shape) && sizeOf(input.shape) >= SMALLEST_REBUILT * batch;
}

/** Below this many elements a sample, equal sizes are taken for chance. */
const SMALLEST_REBUILT = 32;

/** Number of classes that the output tells apart, by the convention of the frameworks (see the trainer's class axis). */
export function classCount(graph: ModelGraph, place: number): number {
  const shape = graph.values[graph.outputs[place] ?? -1]?.shape ?? [];
  if (shape.length < 2) return 1;
  return (graph.framework === 'pytorch' && shape.length >= 4 ? shape[1] : shape.at(-1)) ?? 1;
}

/** The loss that fits the last layers where the file names none. */
export function lossOfHead(graph: ModelGraph, place: number): LossKind {
  const classes = classCount(graph, place);
  const head = headOf(graph, place);
  if (head === 'log-probabilities') return 'nll';
  if (rebuildsInput(graph, place)) return 'reconstruct';
  if (head === 'probabilities') return classes === 1 ? 'bce' : 'probs';
  if (head === 'unit-interval') return 'bce';
  if (classes === 1 || isQuantity(headNode(graph, place)) || isImage(graph, place)) return 'mse';
  return SCORES_BY_DEFAULT[graph.framework] ? 'cross-entropy' : 'mse';
}

/**
 * Whether a head without activation gives class scores where no loss is named. PyTorch's cross-entropy takes scores; those of
 * Keras and TensorFlow.js take probabilities unless the file says otherwise (`from_logits=True`), so that a classifier
 * ends in a softmax there.
 */
const SCORES_BY_DEFAULT: Record<ModelGraph['framework'], boolean> = { pytorch: true, keras: false, tfjs: false };

/** Values squashed into an interval (tanh of a generator or a policy), and rates made positive, are no class scores. */
function isQuantity(node: GraphNode | null): boolean {
  return node !== null && QUANTITIES.has(node.op);
}

const QUANTITIES = new Set<OpName>(['tanh', 'softSign', 'exp', 'softPlus']);

/** More places than classes and one to four channels: a picture rather than a map of class scores... */
function isImage(graph: ModelGraph, place: number): boolean {
  const shape = graph.values[graph.outputs[place] ?? -1]?.shape ?? [];
  const input = graph.inputs[0]?.shape ?? [];
  // ...unless the input is one too: segmentation nets give as many places as they take.
  return shape.length === 4 && input.length < 4;
}

/** Three outputs (rebuilt input, mean, log-variance) beside a random draw: a variational autoencoder. */
export function isVariational(graph: ModelGraph): boolean {
  const [, mean, logVariance] = graph.outputs.map((value) => graph.values[value]?.shape.join());
  return (
    graph.outputs.length === 3 &&
    mean === logVariance &&
    rebuildsInput(graph, 0) &&
    graph.nodes.some((node) => node.op === 'random')
  );
}

/**
 * Whether training with `kind` on this output is what the file does: a logarithm needs probabilities, which a training loop may make outside
 * the model. `compile` of Keras applies the loss to the output as it is, so a head that gives none is the file's own fault there.
 */
export function admits(graph: ModelGraph, place: number, kind: LossKind): boolean {
  const head = headOf(graph, place);
  const isCompiled = graph.framework === 'keras' && graph.outputs.length === 1;
  switch (kind) {
    case 'nll':
      return head === 'log-probabilities';
    case 'probs':
      return isCompiled || head === 'probabilities' || head === 'unit-interval';
    case 'bce':
      return isCompiled || head === 'unit-interval' || head === 'probabilities';
    case 'reconstruct':
      return rebuildsInput(graph, place);
    case 'vae':
      return isVariational(graph);
    default:
      return true;
  }
}

/** The nearest defined loss for a kind that the output does not admit (the file applies the missing step outside the model). */
export function nearestLoss(graph: ModelGraph, place: number, kind: LossKind): LossKind {
  if (kind === 'bce') return 'bce-logits';
  if (kind === 'nll' || kind === 'probs') return headOf(graph, place) === 'probabilities' ? 'probs' : 'cross-entropy';
  return lossOfHead(graph, place);
}
