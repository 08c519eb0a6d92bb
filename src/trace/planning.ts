import type { GraphInput, GraphNode, LossKind, ModelGraph } from '../graph/graph';
import { estimate, gibibytes, MEMORY_LIMIT } from './estimate';
import { isFused } from './fusedLoss';
import { admits, isVariational, lossOfHead, nearestLoss, rebuildsInput } from './head';
import type { LossPlan, OptimiserPlan, TrainingPlan } from './plan';
import { smallerImage } from './smallerImage';

export interface PlanOptions {
  /** Default 31: steps 0 to 30. */
  steps?: number | undefined;
  /** Default [0]; the caller adds seeds where a verdict is near a limit. */
  seeds?: number[] | undefined;
  /** Default 32, less where the model is heavy. */
  batch?: number | undefined;
  /** Milliseconds that one seed is planned to take (default 3,000). */
  budget?: number | undefined;
  loss?: { kind: LossKind; kinds?: LossKind[]; outputs: number[] } | undefined;
  optimiser?: 'adam' | 'sgd' | undefined;
}

export const DEFAULT_STEPS = 31;
export const DEFAULT_BATCH = 32;
const DEFAULT_BUDGET = 3_000;
/** Under eight samples batch statistics are noise; without them two samples tell a gradient's size. */
const SMALLEST_BATCH = { withBatchNorm: 8, otherwise: 2 };
/** Verdicts read steps from number 5 on. */
const FEWEST_STEPS = 6;
/** A batch that makes a step no more than so many times as long as the smallest one does is not made smaller. */
const NEARLY_FREE = 1.25;

/**
 * How to train `graph`. The batch size is fixed in the graph: where `plan.batch` differs from the graph's, read the model
 * again with that batch before training. The same arguments give the same plan.
 */
export function plan(graph: ModelGraph, options: PlanOptions = {}): TrainingPlan {
  const { steps, batch, reductions } = planSize(graph, options);
  return {
    seeds: options.seeds ?? [0],
    steps,
    batch,
    loss: options.loss === undefined ? planLoss(graph) : { ...options.loss, origin: 'asked' },
    optimiser: planOptimiser(graph, options.optimiser),
    reductions,
  };
}

type Size = Pick<TrainingPlan, 'steps' | 'batch' | 'reductions'>;

const smallestBatch = (graph: ModelGraph): number =>
  graph.nodes.some(({ op }) => op === 'batchNorm') ? SMALLEST_BATCH.withBatchNorm : SMALLEST_BATCH.otherwise;

/** Batch and steps: as asked, else as much of the defaults as fits the budget. A smaller batch costs less truth than fewer steps. */
function planSize(graph: ModelGraph, options: PlanOptions): Size {
  const asked = options.steps ?? DEFAULT_STEPS;
  if (options.batch !== undefined) return { steps: asked, batch: options.batch, reductions: [] };
  const budget = options.budget ?? DEFAULT_BUDGET;
  const { milliseconds, bytes } = estimate(graph);
  let batch = smallestBatch(graph);
  if (bytes(batch) > MEMORY_LIMIT) return planStart(graph);
  const fits = (samples: number) => asked * milliseconds(samples) <= budget && bytes(samples) <= MEMORY_LIMIT;
  // Where a step's cost lies in its many ops, samples are nearly free, and leaving them out saves nothing.
  const free = (samples: number) => milliseconds(samples) <= NEARLY_FREE * milliseconds(smallestBatch(graph));
  while (batch < DEFAULT_BATCH && (fits(2 * batch) || (free(2 * batch) && bytes(2 * batch) <= MEMORY_LIMIT)))
    batch *= 2;
  const steps = asked === DEFAULT_STEPS ? Math.min(asked, fittingSteps(milliseconds(batch), budget)) : asked;
  const step = `a step on ${DEFAULT_BATCH} samples`;
  const because =
    bytes(2 * batch) > MEMORY_LIMIT
      ? `because ${step} needs about ${gibibytes(bytes(DEFAULT_BATCH))}`
      : `because ${step} takes about ${Number(milliseconds(DEFAULT_BATCH).toPrecision(2))} ms`;
  const reductions: string[] = [];
  if (batch < DEFAULT_BATCH) reductions.push(`Batch of ${batch} instead of ${DEFAULT_BATCH}, ${because}.`);
  if (steps < asked) reductions.push(`${steps} steps instead of ${asked}, ${because}.`);
  return { steps, batch, reductions };
}

/** As many steps as the budget holds; the fewest that verdicts want may overrun it by half an estimate's error. */
function fittingSteps(milliseconds: number, budget: number): number {
  const affordable = Math.floor(budget / milliseconds);
  return affordable >= FEWEST_STEPS ? affordable : Math.max(1, Math.min(FEWEST_STEPS, 2 * affordable));
}

/** One backward pass at the initialisation, on as many samples as the memory holds, for a net that cannot be trained in it. */
function planStart(graph: ModelGraph): Size {
  const { bytes, bytesAtStart } = estimate(graph);
  const usual = smallestBatch(graph);
  // Batch statistics of one sample may be of one element.
  const fewest = usual === SMALLEST_BATCH.withBatchNorm ? 2 : 1;
  let batch = usual;
  while (batch > fewest && bytesAtStart(batch) > MEMORY_LIMIT) batch /= 2;
  const on = batch === 1 ? 'one sample' : `${batch} samples`;
  const needed = `training on ${usual} needs about ${gibibytes(bytes(usual))} of memory, and the limit is ${gibibytes(MEMORY_LIMIT)}`;
  return { steps: 1, batch, reductions: [`Only the gradients at the initialisation, on ${on}: ${needed}.`] };
}

/** The model's input with a smaller image where training on the whole one fits neither the budget nor the memory. */
export function planImage(graph: ModelGraph, options: PlanOptions): { input: GraphInput; reduction: string } | null {
  const { milliseconds, bytes } = estimate(graph);
  const budget = options.budget ?? DEFAULT_BUDGET;
  const batch = smallestBatch(graph);
  const steps = Math.min(FEWEST_STEPS, options.steps ?? FEWEST_STEPS);
  const fits = (share: number) => steps * milliseconds(share * batch) <= budget && bytes(share * batch) <= MEMORY_LIMIT;
  const input = smallerImage(graph, fits);
  const from = graph.inputs[0]?.shape.slice(1).join(' x ') ?? '';
  return (
    input && {
      input,
      reduction:
        `Images of ${input.shape.slice(1).join(' x ')} instead of ${from}, because a step on ${batch} of these takes about ` +
        `${Number((milliseconds(batch) / 1000).toPrecision(2))} s and ${gibibytes(bytes(batch))}.`,
    }
  );
}

/**
 * The loss that the file names, else the one that fits the head. Of several outputs those are read that bring parameters
 * of their own: an auxiliary head counts, a returned hidden state does not. Terms that the file's code computes itself
 * count as they are.
 */
export function planLoss(graph: ModelGraph): LossPlan {
  const named = graph.recipe.loss?.kind ?? null;
  const terms = graph.recipe.terms ?? [];
  if (named === 'output' && terms.length > 0) return { kind: 'output', outputs: terms, origin: 'file' };
  if (
    terms.length === 0 &&
    isVariational(graph) &&
    (named === null || named === 'vae' || named === 'reconstruct' || named === 'mse' || named === 'bce')
  ) {
    return { kind: 'vae', outputs: [0, 1, 2], origin: named === 'vae' ? 'file' : 'head' };
  }
  const read = outputsToRead(graph, terms);
  const own = read.map((place) => planKind(graph, place, named));
  const origin = own.every((k) => k === named) ? 'file' : 'head';
  const outputs = [...read, ...terms];
  const kinds = [...own, ...terms.map((): LossKind => 'output')];
  const [kind = 'mse'] = kinds;
  const fused = isFused(graph, kinds, outputs);
  return { kind, ...(kinds.some((k) => k !== kind) ? { kinds } : {}), outputs, ...(fused ? { fused } : {}), origin };
}

function planKind(graph: ModelGraph, place: number, named: LossKind | null): LossKind {
  if (named === null) return lossOfHead(graph, place);
  // Autoencoders name a mean squared error; noise as their target would tell another story.
  if (named === 'mse' && rebuildsInput(graph, place)) return 'reconstruct';
  return admits(graph, place, named) ? named : nearestLoss(graph, place, named);
}

function outputsToRead(graph: ModelGraph, terms: readonly number[]): number[] {
  const chosen: number[] = [];
  const reached = new Set<number>();
  graph.outputs.forEach((value, place) => {
    if (terms.includes(place)) return;
    const fresh = [...parametersBehind(graph, value)].filter((parameter) => !reached.has(parameter));
    if (place > 0 && fresh.length === 0) return;
    chosen.push(place);
    for (const parameter of fresh) reached.add(parameter);
  });
  return chosen;
}

/** Numbers of the parameters from which gradients could flow to `value`. */
function parametersBehind(graph: ModelGraph, value: number): Set<number> {
  const makers = new Map<number, GraphNode>(graph.nodes.flatMap((node) => node.outputs.map((made) => [made, node])));
  const seen = new Set<number>([value]);
  const found = new Set<number>();
  for (const next of seen) {
    const node = makers.get(next);
    if (node === undefined || node.op === 'detach') continue;
    if (node.op === 'parameter') found.add(node.attributes.index);
    for (const input of node.inputs) seen.add(input);
  }
  return found;
}

/** Classes whose steps Adam stands for; its kin differ in decay and warm-up, not in scale. */
const ADAM_KIN = /^(adam|adamw|nadam|radam|adamax|sparseadam|rmsprop)$/i;

const DEFAULT_RATES: Record<ModelGraph['framework'], { adam: number; sgd: number }> = {
  pytorch: { adam: 1e-3, sgd: 1e-3 },
  keras: { adam: 1e-3, sgd: 1e-2 },
  tfjs: { adam: 1e-3, sgd: 1e-2 },
};

/** As the file says where it uses SGD or Adam or their kin, else Adam with a rate of 1e-3; epsilon is the framework's own. */
export function planOptimiser(graph: ModelGraph, asked?: 'adam' | 'sgd'): OptimiserPlan {
  const named = graph.recipe.optimiser;
  const kind =
    named === null ? null : ADAM_KIN.test(named.name) ? 'adam' : /^(sgd|momentum)$/i.test(named.name) ? 'sgd' : null;
  const common = { beta1: 0.9, beta2: 0.999, epsilon: graph.framework === 'pytorch' ? 1e-8 : 1e-7 };
  if (asked !== undefined) {
    return { kind: asked, learningRate: asked === 'adam' ? 1e-3 : 1e-2, momentum: 0, ...common, origin: 'asked' };
  }
  if (named === null || kind === null) {
    return { kind: 'adam', learningRate: 1e-3, momentum: 0, ...common, origin: 'default' };
  }
  return {
    kind,
    learningRate: named.learningRate ?? DEFAULT_RATES[graph.framework][kind],
    momentum: kind === 'sgd' ? (named.momentum ?? 0) : 0,
    ...common,
    origin: 'file',
  };
}
