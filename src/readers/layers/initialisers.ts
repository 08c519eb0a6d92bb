import type { Initialiser } from '../../graph/initialiser';
import { Unreadable } from '../unreadable';
import { Config } from './config';
import type { Dialect } from './dialect';

const product = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);

/**
 * Keras' `compute_fans`: kernels are [...spatial, in, out]. TF.js counts a vector as sqrt(n) on both sides, Keras as n.
 */
export function fansOf(shape: readonly number[], dialect: Dialect): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    const n = dialect === 'tfjs' ? Math.sqrt(product(shape)) : product(shape);
    return { fanIn: n, fanOut: n };
  }
  const field = product(shape.slice(0, -2));
  return { fanIn: field * (shape.at(-2) ?? 1), fanOut: field * (shape.at(-1) ?? 1) };
}

/** Standard deviation of N(0, 1) cut at two standard deviations. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

type Mode = 'fanIn' | 'fanOut' | 'fanAvg';
type Distribution = 'uniform' | 'truncated' | 'normal';

/** Keras' `VarianceScaling`: variance `scale / fan`. TF.js cuts the normal without making up for the variance lost. */
function varianceScaling(
  scale: number,
  mode: Mode,
  distribution: Distribution,
  shape: readonly number[],
  dialect: Dialect,
): Initialiser {
  const { fanIn, fanOut } = fansOf(shape, dialect);
  const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
  const variance = scale / Math.max(1, fan);
  if (distribution === 'uniform') {
    const limit = Math.sqrt(3 * variance);
    return { kind: 'uniform', low: -limit, high: limit };
  }
  const std = Math.sqrt(variance);
  if (distribution === 'normal') return { kind: 'normal', mean: 0, std };
  return truncated(0, dialect === 'tfjs' ? std : std / TRUNCATED_DEVIATION);
}

function truncated(mean: number, std: number): Initialiser {
  return { kind: 'truncatedNormal', mean, std, low: mean - 2 * std, high: mean + 2 * std };
}

/** `fanShape` is what fans are counted on, `shape` the weight's own. */
type Rule = (config: Config, fanShape: readonly number[], dialect: Dialect, shape: readonly number[]) => Initialiser;

const scaled =
  (scale: number, mode: Mode, distribution: Distribution): Rule =>
  (_, shape, dialect) =>
    varianceScaling(scale, mode, distribution, shape, dialect);

const MODES: Readonly<Record<string, Mode>> = {
  fan_in: 'fanIn',
  fanin: 'fanIn',
  fan_out: 'fanOut',
  fanout: 'fanOut',
  fan_avg: 'fanAvg',
  fanavg: 'fanAvg',
};
const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  uniform: 'uniform',
  normal: 'truncated',
  truncated_normal: 'truncated',
  truncatednormal: 'truncated',
  untruncated_normal: 'normal',
};

/** One row an initialiser, by its class name in lower case without underscores. */
const RULES: Readonly<Record<string, Rule>> = {
  zeros: () => ({ kind: 'constant', value: 0 }),
  ones: () => ({ kind: 'constant', value: 1 }),
  constant: (config) => ({ kind: 'constant', value: config.number('value', 0) }),
  randomnormal: (config) => ({
    kind: 'normal',
    mean: config.number('mean', 0),
    std: config.number('stddev', 0.05),
  }),
  truncatednormal: (config) => truncated(config.number('mean', 0), config.number('stddev', 0.05)),
  randomuniform: (config) => ({
    kind: 'uniform',
    low: config.number('minval', -0.05),
    high: config.number('maxval', 0.05),
  }),
  glorotuniform: scaled(1, 'fanAvg', 'uniform'),
  glorotnormal: scaled(1, 'fanAvg', 'truncated'),
  henormal: scaled(2, 'fanIn', 'truncated'),
  heuniform: scaled(2, 'fanIn', 'uniform'),
  lecunnormal: scaled(1, 'fanIn', 'truncated'),
  lecununiform: scaled(1, 'fanIn', 'uniform'),
  variancescaling: (config, shape, dialect) => {
    const mode = MODES[config.text('mode', 'fan_in').toLowerCase()];
    const distribution = DISTRIBUTIONS[config.text('distribution', 'truncated_normal').toLowerCase()];
    if (mode === undefined || distribution === undefined)
      throw new Unreadable('bad-argument', 'VarianceScaling has a mode or distribution that Keras does not know.');
    return varianceScaling(config.number('scale', 1), mode, distribution, shape, dialect);
  },
  orthogonal: (config, _fanShape, _dialect, shape) => ({
    kind: 'orthogonal',
    gain: config.number('gain', 1),
    rows: product(shape.slice(0, -1)),
  }),
  identity: (config) => ({ kind: 'identity', gain: config.number('gain', 1) }),
};

const ALIASES: Readonly<Record<string, string>> = {
  normal: 'randomnormal',
  uniform: 'randomuniform',
  zero: 'zeros',
  one: 'ones',
  // The string "orthogonal" of Keras 2 and its class name differ in case alone; these two differ more.
  identityinitializer: 'identity',
  orthogonalinitializer: 'orthogonal',
};

/** The class name of an initialiser given as a string or as `{class_name, config}`. */
export function initialiserName(given: unknown): string {
  if (typeof given === 'string') return given;
  return Config.of(given).text('class_name');
}

const plain = (name: string) => {
  const known = (name.split('>').at(-1) ?? name).toLowerCase().replaceAll('_', '');
  return ALIASES[known] ?? known;
};

/** Whether two spellings mean the same scheme (`glorot_uniform`, `GlorotUniform`). */
export const isSameScheme = (a: string, b: string): boolean => plain(a) === plain(b);

/**
 * @param fanShape the shape by whose last two dims fans are counted, mostly the weight's own
 * @throws Unreadable for a scheme that is not the framework's own
 */
export function initialiserOf(
  given: unknown,
  fanShape: readonly number[],
  dialect: Dialect,
  shape: readonly number[] = fanShape,
): Initialiser {
  const name = initialiserName(given);
  const rule = RULES[plain(name)];
  if (rule === undefined)
    throw new Unreadable(
      'unknown-initialiser',
      `The initialiser \`${name}\` is not one of the framework's own, so its figures are not known. Name a built-in one, such as GlorotUniform.`,
    );
  const config = typeof given === 'string' ? new Config({}) : Config.of(Config.of(given).raw('config'));
  return rule(config, fanShape, dialect, shape);
}
