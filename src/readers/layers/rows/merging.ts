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

/** The axis of a batch that Keras' `Dot` sums over: one for both inputs, or one for each. */
function summedAxis(layer: Layer, x: Tensor, place: 0 | 1): number {
  const given = layer.config.integers('axes', [-1]);
  const axis = axisOf(given[given.length > 1 ? place : 0] ?? -1, x);
  if (axis === 0) throw new Unreadable('bad-argument', '`axes` of Dot must not name the batch.');
  return axis;
}

/** Keras' `batch_dot` of inputs with one or two dims behind the batch: products summed over one axis of each. */
const dot: LayerRow = (inputs, layer) => {
  const [x, y] = inputs;
  if (inputs.length !== 2 || !x || !y || [x, y].some(({ shape }) => shape.length < 2 || shape.length > 3))
    throw new Unreadable('unsupported', 'Dot is supported for two inputs with one or two dims behind the batch.');
  if (layer.config.flag('normalize', false))
    throw new Unreadable('unsupported', '`normalize` of Dot is not supported; put UnitNormalization before it.');
  const { b } = layer;
  const [p, q] = [summedAxis(layer, x, 0), summedAxis(layer, y, 1)];
  if (x.shape[p] !== y.shape[q])
    throw new Unreadable(
      'shape-mismatch',
      `Dot sums over ${x.shape[p] ?? 0} elements of one input and ${y.shape[q] ?? 0} of the other.`,
    );
  const batch = x.shape[0] ?? 1;
  // As matrices [batch, rows, summed] and [batch, summed, columns].
  const rows = x.shape.length === 3 ? x : b.reshape(x, [batch, 1, x.shape[1] ?? 1]);
  const columns = y.shape.length === 3 ? y : b.reshape(y, [batch, y.shape[1] ?? 1, 1]);
  const transposeA = x.shape.length === 3 && p === 1;
  const transposeB = y.shape.length === 3 && q === 2;
  const height = rows.shape[transposeA ? 2 : 1] ?? 1;
  const width = columns.shape[transposeB ? 1 : 2] ?? 1;
  const product = b.emit('matmul', { transposeA, transposeB }, [rows, columns], [batch, height, width]);
  const kept = [...(x.shape.length === 3 ? [height] : []), ...(y.shape.length === 3 ? [width] : [])];
  return [kept.length === 2 ? product : b.reshape(product, [batch, ...(kept.length === 0 ? [1] : kept)])];
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
