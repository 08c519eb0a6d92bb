import type { LossKind, Recipe } from '../../graph/graph';
import type { JsonPlace } from './document';

/** By the name without case, spaces and underscores: reading probabilities, and reading scores (`from_logits`). */
const LOSSES: Readonly<Record<string, readonly [LossKind, LossKind]>> = {
  meansquarederror: ['mse', 'mse'],
  mse: ['mse', 'mse'],
  meanabsoluteerror: ['mae', 'mae'],
  mae: ['mae', 'mae'],
  absolutedifference: ['mae', 'mae'],
  huber: ['huber', 'huber'],
  huberloss: ['huber', 'huber'],
  categoricalcrossentropy: ['probs', 'cross-entropy'],
  sparsecategoricalcrossentropy: ['probs', 'cross-entropy'],
  binarycrossentropy: ['bce', 'bce-logits'],
};

/** Optimisers by the short names that `compile` takes. */
const OPTIMISERS: Readonly<Record<string, string>> = {
  adam: 'Adam',
  adamw: 'AdamW',
  adamax: 'Adamax',
  nadam: 'Nadam',
  rmsprop: 'RMSprop',
  sgd: 'SGD',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
};

const plain = (name: string) => name.toLowerCase().replace(/[\s_]/g, '');

/**
 * What the file says of training: `compile_config` of Keras 3, `training_config` of Keras 2 and TF.js. Several losses are left open, and so
 * is what is not the frameworks' own.
 */
export function recipeOf(places: readonly (JsonPlace | null)[]): Recipe {
  const [training] = places.filter((place) => place?.isObject === true);
  if (!training) return { loss: null, optimiser: null };
  return { loss: lossOf(training), optimiser: optimiserOf(training) };
}

function lossOf(training: JsonPlace): Recipe['loss'] {
  const given = training.get('loss');
  if (!given) return null;
  const [only] = given.isArray && given.items.length === 1 ? given.items : [given];
  const name = typeof only?.value === 'string' ? only.value : only?.text('class_name');
  const kinds = typeof name === 'string' ? LOSSES[plain(name.split(/[>.]/).at(-1) ?? name)] : undefined;
  if (!kinds) return null;
  const scores = only?.get('config', 'from_logits')?.value === true;
  return { kind: kinds[scores ? 1 : 0], span: given.span };
}

function optimiserOf(training: JsonPlace): Recipe['optimiser'] {
  const given = training.get('optimizer') ?? training.get('optimizer_config');
  if (!given) return null;
  const written = typeof given.value === 'string' ? given.value : given.text('class_name');
  if (written === null) return null;
  const bare = written.split(/[>.]/).at(-1) ?? written;
  const number = (...names: string[]): number | null => {
    const [found] = names.flatMap((name) => {
      const value = given.get('config', name)?.value;
      return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
    });
    return found ?? null;
  };
  return {
    name: OPTIMISERS[bare.toLowerCase()] ?? bare,
    learningRate: number('learning_rate', 'lr', 'learningRate'),
    momentum: number('momentum'),
    span: given.span,
  };
}
