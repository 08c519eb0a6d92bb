import type { GraphNode, LossKind, ModelGraph } from '../graph/graph';
import { estimate } from './estimate';
import { admits, isVariational, lossOfHead, nearestLoss, rebuildsInput } from './head';
import type { LossPlan, OptimiserPlan, TrainingPlan } from './plan';

export interface PlanOptions {
  /** Default 31: steps 0 to 30. */
  steps?: number | undefined;
  /** Default [0]; the caller adds seeds where a verdict is near a limit. */
  seeds?: number[] | undefined;
  /** Default 32, less where the model is heavy. */
  batch?: number | undefined;
  /** Milliseconds that one seed may take (default 3,000). */
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

/** Batch and steps: as asked, else as much of the defaults as fits the budget. A smaller batch costs less truth than fewer steps. */
function planSize(graph: ModelGraph, options: PlanOptions): Pick<TrainingPlan, 'steps' | 'batch' | 'reductions'> {
  const asked = options.steps ?? DEFAULT_STEPS;
  if (options.batch !== undefined) return { steps: asked, batch: options.batch, reductions: [] };
  const budget = options.budget ?? DEFAULT_BUDGET;
  const { milliseconds } = estimate(graph);
  const hasBatchNorm = graph.nodes.some((node) => node.op === 'batchNorm');
  let batch = hasBatchNorm ? SMALLEST_BATCH.withBatchNorm : SMALLEST_BATCH.otherwise;
  while (batch < DEFAULT_BATCH && asked * milliseconds(2 * batch) <= budget) batch *= 2;
  // A number of steps that someone chose is kept.
  const fitting = Math.max(FEWEST_STEPS, Math.floor(budget / milliseconds(batch)));
  const steps = asked === DEFAULT_STEPS ? Math.min(asked, fitting) : asked;
  const because = `because a step on ${DEFAULT_BATCH} samples takes about ${Number(milliseconds(DEFAULT_BATCH).toPrecision(2))} ms`;
  const reductions: string[] = [];
  if (batch < DEFAULT_BATCH) reductions.push(`Batch of ${batch} instead of ${DEFAULT_BATCH}, ${because}.`);
  if (steps < asked) reductions.push(`${steps} steps instead of ${asked}, ${because}.`);
  return { steps, batch, reductions };
}

/**
 * The loss that the file names, else the one that fits the head. Of several outputs those are read that bring parameters
 * of their own: an auxiliary head counts, a returned hidden state does not.
 */
export function planLoss(graph: ModelGraph): LossPlan {
  const named = graph.recipe.loss?.kind ?? null;
  if (
    isVariational(graph) &&
    (named === null || named === 'vae' || named === 'reconstruct' || named === 'mse' || named === 'bce')
  ) {
    return { kind: 'vae', outputs: [0, 1, 2], origin: named === 'vae' ? 'file' : 'head' };
  }
  const outputs = outputsToRead(graph);
  const kinds = outputs.map((place) => planKind(graph, place, named));
  const [kind = 'mse'] = kinds;
  const origin = kinds.every((k) => k === named) ? 'file' : 'head';
  return { kind, ...(kinds.some((k) => k !== kind) ? { kinds } : {}), outputs, origin };
}

function planKind(graph: ModelGraph, place: number, named: LossKind | null): LossKind {
  if (named === null) return lossOfHead(graph, place);
  // Autoencoders name a mean squared error; noise as their target would tell another story.
  if (named === 'mse' && rebuildsInput(graph, place)) return 'reconstruct';
  return admits(graph, place, named) ? named : nearestLoss(graph, place, named);
}

function outputsToRead(graph: ModelGraph): number[] {
  const chosen: number[] = [];
  const reached = new Set<number>();
  graph.outputs.forEach((value, place) => {
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
