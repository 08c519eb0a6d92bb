import type { LossKind, Recipe } from '../../graph/graph';
import type { CompiledWith } from './sandbox/records';
import type { CallSite } from './source/callSites';

/** TensorFlow.js' own losses read probabilities, except where their name says otherwise. */
const LOSSES: Readonly<Record<string, LossKind>> = {
  meansquarederror: 'mse',
  mse: 'mse',
  meanabsoluteerror: 'mae',
  mae: 'mae',
  absolutedifference: 'mae',
  huberloss: 'huber',
  huber: 'huber',
  categoricalcrossentropy: 'probs',
  sparsecategoricalcrossentropy: 'probs',
  binarycrossentropy: 'bce',
  sigmoidcrossentropy: 'bce-logits',
  softmaxcrossentropy: 'cross-entropy',
};

/** What `compile` says, in the terms of the trainer. Several losses are left open. */
export function recipeOf(compiled: CompiledWith | null, sites: readonly CallSite[]): Recipe {
  if (!compiled) return { loss: null, optimiser: null };
  const [name, ...more] = compiled.loss ?? [];
  const kind = name === undefined || more.length > 0 ? undefined : LOSSES[name.toLowerCase().replaceAll('_', '')];
  const call = compiled.site === null ? undefined : sites[compiled.site];
  const { optimiser } = compiled;
  const made = optimiser?.site === null || optimiser === null ? undefined : sites[optimiser.site];
  return {
    loss: kind === undefined ? null : { kind, span: call?.options.get('loss') ?? call?.span ?? null },
    optimiser: optimiser && {
      name: optimiser.name,
      learningRate: optimiser.learningRate,
      momentum: optimiser.momentum,
      span: made?.span ?? call?.options.get('optimizer') ?? null,
    },
  };
}
