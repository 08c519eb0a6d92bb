import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { axisOf, type Layer, type LayerRow } from '../layer';

/** NumPy's broadcasting. @throws Unreadable where the shapes do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1)
      throw new Unreadable('shape-mismatch', `[${a.join(', ')}] and [${b.join(', ')}] do not fit together.`);
    return m === 1 ? n : m;
  });
}

type Pair = 'add' | 'sub' | 'mul' | 'maximum' | 'minimum';

function fold(layer: Layer, op: Pair, inputs: readonly Tensor[]): Tensor {
  const [first, ...others] = inputs;
  if (first === undefined || others.length === 0)
    throw new Unreadable('bad-call', `\`${layer.spec.name}\` merges at least two inputs.`);
  const rank = Math.max(...inputs.map(({ shape }) => shape.length));
  return others
    .map((x) => raised(layer, x, rank))
    .reduce((a, b) => layer.b.emit(op, {}, [a, b], broadcastShape(a.shape, b.shape)), raised(layer, first, rank));
}

/** Keras' merging layers put the dims that an input lacks behind its batch, not in front of it. */
function raised(layer: Layer, x: Tensor, rank: number): Tensor {
  const [batch = 1, ...rest] = x.shape;
  if (x.shape.length === 0 || x.shape.length === rank) return x;
  return layer.b.reshape(x, [batch, ...Array.from({ length: rank - x.shape.length }, () => 1), ...rest]);
}

const merge =
  (op: Pair): LayerRow =>
  (inputs, layer) => [fold(layer, op, inputs)];

const average: LayerRow = (inputs, layer) => {
  const sum = fold(layer, 'add', inputs);
  return [layer.b.emit('mul', {}, [sum, layer.scalar(1 / inputs.length)], sum.shape)];
};

const concatenate: LayerRow = (inputs, layer) => {
  const [first] = inputs;
  if (first === undefined) throw new Unreadable('bad-call', 'Concatenate takes at least one input.');
  const axis = axisOf(layer.config.integers('axis', [-1])[0] ?? -1, first);
  for (const { shape } of inputs)
    if (shape.length !== first.shape.length || shape.some((n, i) => i !== axis && n !== first.shape[i]))
      throw new Unreadable(
        'shape-mismatch',
        `Concatenate joins along axis ${axis}, but ${inputs.map((x) => `[${x.shape.join(', ')}]`).join(' and ')} differ elsewhere too.`,
      );
  const total = inputs.reduce((sum, { shape }) => sum + (shape[axis] ?? 1), 0);
  const shape = first.shape.map((n, i) => (i === axis ? total : n));
  return [layer.b.emit('concat', { axis }, inputs, shape)];
};

/** Dot product of matching rows: both inputs [N, d]. */
const dot: LayerRow = (inputs, layer) => {
  const [a, b] = inputs;
  if (inputs.length !== 2 || a?.shape.length !== 2 || b?.shape.join() !== a.shape.join())
    throw new Unreadable('unsupported', 'Dot is supported for two inputs [batch, features] of the same size.');
  if (layer.config.flag('normalize', false))
    throw new Unreadable('unsupported', '`normalize` of Dot is not supported; put UnitNormalization before it.');
  const product = layer.b.emit('mul', {}, [a, b], a.shape);
  return [layer.b.emit('sum', { axes: [1], keepDims: true }, [product], [a.shape[0] ?? 1, 1])];
};

export const MERGING_ROWS = {
  Add: merge('add'),
  Subtract: merge('sub'),
  Multiply: merge('mul'),
  Maximum: merge('maximum'),
  Minimum: merge('minimum'),
  Average: average,
  Concatenate: concatenate,
  Dot: dot,
};
