import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { Config } from '../config';
import { batchOf, type CallArguments, type Layer, type LayerRow } from '../layer';

/**
 * Whether this Keras counts the fans of a head's kernel [in, heads, width] by its axes (in, and heads * width). Older ones
 * take it for a convolution's; a serialised initialiser shows which by the entries `input_axes` and `output_axes`.
 */
function countsFansByAxes(layer: Layer): boolean {
  const given = layer.config.raw('kernel_initializer');
  if (given === undefined || typeof given === 'string') return layer.dialect === 'keras3';
  return Config.of(Config.of(given).raw('config')).raw('input_axes') !== undefined;
}

interface Heads {
  heads: number;
  width: number;
}

const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && 'shape' in value && 'dtype' in value;

/** x [N, T, in] to [N, heads, T, width]; kernel [in, heads, width], bias [heads, width]. */
function project(layer: Layer, role: string, x: Tensor, { heads, width }: Heads): Tensor {
  const { b } = layer;
  const [batch = 1, steps = 1, features = 1] = x.shape;
  const kernel = layer.weight(`${role}/kernel`, [features, heads, width], {
    entry: 'kernel_initializer',
    fallback: 'GlorotUniform',
    fans: countsFansByAxes(layer) ? [features, heads * width] : undefined,
  });
  const operands = [x, b.reshape(kernel, [features, heads * width])];
  if (layer.config.flag('use_bias', true)) {
    const bias = layer.weight(`${role}/bias`, [heads, width], { entry: 'bias_initializer', fallback: 'Zeros' });
    operands.push(b.reshape(bias, [heads * width]));
  }
  const flat = b.emit('linear', { weightLayout: 'inOut' }, operands, [batch, steps, heads * width]);
  return b.permute(b.reshape(flat, [batch, steps, heads, width]), [0, 2, 1, 3]);
}

/** Vaswani et al. 2017, section 3.2.2, as Keras orders its weights: query, key, value, output. */
const multiHeadAttention: LayerRow = (inputs, layer, call) => {
  const { config, b } = layer;
  const [query, value, key = value] = named(inputs, call);
  if (query === undefined || value === undefined || key === undefined)
    throw new Unreadable('bad-call', '`MultiHeadAttention` is called with a query and a value.');
  if ([query, value, key].some(({ shape }) => shape.length !== 3))
    throw new Unreadable('unsupported', 'MultiHeadAttention is supported for inputs [batch, time, features].');
  if (config.has('output_shape') || isTensor(call['attention_mask']))
    throw new Unreadable('unsupported', '`output_shape` and `attention_mask` of MultiHeadAttention are not supported.');
  const heads = config.count('num_heads');
  const width = config.count('key_dim');
  const valueWidth = config.count('value_dim', width);
  const q = project(layer, 'query', query, { heads, width });
  const k = project(layer, 'key', key, { heads, width });
  const v = project(layer, 'value', value, { heads, width: valueWidth });
  const batch = batchOf(query);
  const steps = query.shape[1] ?? 1;
  const attended = b.emit(
    'attention',
    {
      causal: call['use_causal_mask'] === true,
      scale: 1 / Math.sqrt(width),
      dropout: config.number('dropout', 0),
      mask: false,
    },
    [q, k, v],
    [batch, heads, steps, valueWidth],
  );
  const joined = b.reshape(b.permute(attended, [0, 2, 1, 3]), [batch, steps, heads * valueWidth]);
  const features = query.shape[2] ?? 1;
  const kernel = layer.weight('attention_output/kernel', [heads, valueWidth, features], {
    entry: 'kernel_initializer',
    fallback: 'GlorotUniform',
    fans: countsFansByAxes(layer) ? [heads * valueWidth, features] : undefined,
  });
  const operands = [joined, b.reshape(kernel, [heads * valueWidth, features])];
  if (config.flag('use_bias', true))
    operands.push(layer.weight('attention_output/bias', [features], { entry: 'bias_initializer', fallback: 'Zeros' }));
  return [b.emit('linear', { weightLayout: 'inOut' }, operands, [batch, steps, features])];
};

/** Query, value and key, by place or by name. */
function named(inputs: readonly Tensor[], call: CallArguments): (Tensor | undefined)[] {
  const names = ['query', 'value', 'key'];
  return names.map((name, i) => {
    const given = call[name];
    return inputs[i] ?? (isTensor(given) ? given : undefined);
  });
}

/** Luong's dot-product attention, softmax(scale q k^T) v. */
const dotAttention: LayerRow = (inputs, layer, call) => {
  const { config, b } = layer;
  const [query, value, key = value] = named(inputs, call);
  if (query?.shape.length !== 3 || value?.shape.length !== 3 || key?.shape.length !== 3)
    throw new Unreadable('unsupported', 'Attention is supported for a query and a value [batch, time, features].');
  if (config.text('score_mode', 'dot') !== 'dot')
    throw new Unreadable('unsupported', "Only the score mode 'dot' of Attention is supported.");
  const scaled = config.flag('use_scale', false)
    ? b.emit(
        'mul',
        {},
        [query, layer.weight('scale', [], { entry: 'scale_initializer', fallback: 'Ones' })],
        query.shape,
      )
    : query;
  const shape = [batchOf(query), query.shape[1] ?? 1, value.shape[2] ?? 1];
  const attributes = {
    causal: call['use_causal_mask'] === true,
    scale: 1,
    dropout: config.number('dropout', 0),
    mask: false,
  };
  return [b.emit('attention', attributes, [scaled, key, value], shape)];
};

export const ATTENTION_ROWS = { MultiHeadAttention: multiHeadAttention, Attention: dotAttention };
