import { GUESSED_SIZE, factsOf, type Facts, unknownIn, type Unknowns } from './unknowns';
import { UnknownValue } from './unknownValue';

type Table = Record<string, unknown>;

/** Settings of a layer that shape neither the model nor its start. */
const HARMLESS = /regularizer|constraint|^trainable$|^weights$|callback/i;

/** Sizes taken for one that is not known, by the setting. */
const SIZES: Readonly<Record<string, number>> = {
  units: GUESSED_SIZE,
  filters: GUESSED_SIZE,
  inputDim: GUESSED_SIZE,
  outputDim: GUESSED_SIZE,
  inputLength: GUESSED_SIZE,
  n: GUESSED_SIZE,
  kernelSize: 3,
  poolSize: 2,
  rate: 0.5,
};
const SHAPES = new Set(['inputShape', 'shape', 'batchInputShape', 'batchShape']);

/** Shapes taken for an input that is wholly unknown, by what is said to read it; batch left off. */
const INPUTS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/conv3d|pooling3d/i, [8, 8, 8, 3]],
  [/conv2d|pooling2d|upSampling2d|zeroPadding2d|cropping2D/i, [32, 32, 3]],
  [/conv1d|pooling1d|lstm|gru|rnn|bidirectional|timeDistributed|flatten/i, [16, 8]],
  [/./, [16]],
];

/**
 * The settings of a layer or model as it may be built with them: while guessing, sizes that are not known are filled in.
 * @throws UnknownValue where something decides the model that is not known
 */
export function knownSettings(name: string, config: unknown, unknowns: Unknowns): unknown {
  const whole = factsOf(config);
  if (whole) throw refusal(name, null, whole);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    const found = unknownIn(config);
    if (found) throw refusal(name, null, found.facts);
    return config;
  }
  const prototype: unknown = Object.getPrototypeOf(config);
  if (prototype !== Object.prototype && prototype !== null) return config;
  const known: Table = {};
  for (const [key, value] of Object.entries(config as Table)) {
    const found = unknownIn(value);
    if (found === null || HARMLESS.test(key)) known[key] = value;
    else if (unknowns.guessing) known[key] = guess(name, key, value, unknowns) ?? fail(name, key, found.facts);
    else throw refusal(name, key, found.facts);
  }
  return known;
}

function fail(name: string, key: string, facts: Facts): never {
  throw refusal(name, key, facts);
}

function guess(name: string, key: string, value: unknown, unknowns: Unknowns): unknown {
  const note = (facts: Facts | null) => unknowns.guessed.add(facts?.name ?? `${key} of ${name}`);
  const size = SIZES[key];
  const facts = factsOf(value);
  if (size !== undefined) {
    if (Array.isArray(value)) return value.map((item: unknown) => (isOpen(item) ? (note(factsOf(item)), size) : item));
    note(facts);
    return size;
  }
  if (!SHAPES.has(key)) return null;
  if (Array.isArray(value))
    return value.map((item: unknown) => (isOpen(item) ? (note(factsOf(item)), GUESSED_SIZE) : item));
  if (key !== 'inputShape') return null;
  note(facts);
  return [...(INPUTS.find(([layer]) => layer.test(name))?.[1] ?? [])];
}

const isOpen = (item: unknown) => factsOf(item) !== null || (typeof item === 'number' && Number.isNaN(item));

function refusal(name: string, key: string | null, { name: source, loaded }: Facts): UnknownValue {
  const what = key === null ? `What \`${name}\` is given` : `\`${key}\` of \`${name}\``;
  if (loaded === true)
    return new UnknownValue(
      `${what} comes from a model that is loaded: its layers are not in this file. Only models whose layers are all written down can be read.`,
    );
  const from = source === undefined ? '' : ` (\`${source}\`)`;
  return new UnknownValue(
    `${what} is not known here${from}: it comes from an argument, data or a package that is not read.`,
  );
}
