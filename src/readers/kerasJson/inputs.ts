import type { GraphInput } from '../../graph/graph';
import type { InputRequest } from '../../graph/reading';
import { Unreadable } from '../unreadable';
import type { LayerEntry, Topology } from './topology';

/** Sizes taken where a file leaves them open, by the number of dims with the batch. */
const OPEN_SIZE: Readonly<Record<number, number>> = { 2: 16, 3: 16, 4: 32, 5: 8 };

/** `[null, 24, 4]`: the shape that a layer declares for its input. */
export function declaredShape(layer: LayerEntry | undefined): (number | null)[] | null {
  for (const entry of ['batch_shape', 'batch_input_shape', 'batchInputShape'])
    if (layer?.config.has(entry)) return layer.config.integersOrNull(entry);
  if (layer?.config.has('input_shape')) return [null, ...layer.config.integersOrNull('input_shape')];
  return null;
}

/** The shape that a model declares which stands as the first layer, however deep the layer that says so lies. */
export function innermostShape(layer: LayerEntry | undefined): (number | null)[] | null {
  const nested = layer?.nested;
  if (!nested) return null;
  const [input] = nested.inputs;
  const first =
    nested.kind === 'sequential' || !input ? nested.layers[0] : nested.layers.find(({ name }) => name === input.layer);
  return declaredShape(first) ?? nested.builtShape ?? innermostShape(first);
}

interface Wanted {
  name: string;
  declared: (number | null)[] | null;
  dtype: string;
  /** Rows of the embedding that reads it. */
  high: number | null;
  /** Whether an embedding that reads it takes 0 for padding. */
  masked: boolean;
}

/** The graph's input number `index`, from the request or the file. */
export function inputOf(
  { name, declared, dtype, high, masked }: Wanted,
  index: number,
  requested: readonly InputRequest[] | undefined,
  batch: number,
): GraphInput {
  const given = requested?.[index];
  const shape = given ? given.shape : declared && filled(declared, batch);
  if (!shape)
    throw new Unreadable(
      'no-input-shape',
      'The file does not say what shape the input has. Give it, for example as `--input 1,28,28,1`.',
    );
  if (given && declared && !agrees(given.shape, declared))
    throw new Unreadable(
      'shape-mismatch',
      `The input given is [${given.shape.join(', ')}], but \`${name}\` is [${declared.map((n) => n ?? 'any').join(', ')}].`,
    );
  const whole = high !== null || /^u?int/.test(dtype);
  const kind = given?.kind ?? (whole ? 'int' : 'float');
  const limit = given?.high ?? high ?? 2;
  const open = declared?.slice(1).includes(null) ?? false;
  return {
    name,
    shape: [...shape],
    kind,
    ...(kind === 'int' ? { high: limit, ...(masked && limit > 1 ? { low: 1 } : {}) } : {}),
    origin: given || !open ? 'declared' : 'guessed',
    reason: given
      ? 'The shape was given.'
      : open
        ? 'The file leaves a size open; a usual one was taken.'
        : 'The file declares the shape.',
  };
}

function filled(declared: readonly (number | null)[], batch: number): number[] {
  return declared.map((n, axis) => (axis === 0 ? batch : (n ?? OPEN_SIZE[declared.length] ?? 8)));
}

function agrees(shape: readonly number[], declared: readonly (number | null)[]): boolean {
  return shape.length === declared.length && declared.every((n, axis) => axis === 0 || n === null || n === shape[axis]);
}

/** What the embeddings that read input `name` of the model say of it, also inside nested models. */
export function embeddingOf(topology: Topology, name: string | null): Pick<Wanted, 'high' | 'masked'> {
  const found = embeddingsOf(topology, name);
  const rows = found.map(({ config }) => config.count('input_dim'));
  return {
    high: rows.length === 0 ? null : Math.min(...rows),
    masked: found.some(({ config }) => config.flag('mask_zero', false)),
  };
}

function embeddingsOf(topology: Topology, name: string | null): LayerEntry[] {
  const readers = topology.layers.filter((layer, i) =>
    topology.kind === 'sequential'
      ? i === (topology.layers[0]?.className === 'InputLayer' ? 1 : 0)
      : layer.calls.some(({ arguments: [first] }) => typeof first === 'object' && first.layer === name),
  );
  return readers.flatMap((layer) => {
    if (layer.className === 'Embedding') return [layer];
    return layer.nested ? embeddingsOf(layer.nested, layer.nested.inputs[0]?.layer ?? null) : [];
  });
}
