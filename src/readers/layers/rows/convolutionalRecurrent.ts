import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { applyActivation } from '../activations';
import { defaultForgetBias, defaultGate, defaultKernel } from '../dialect';
import { channelsOf, imageShape, layoutOf, spatialOf, windowOf } from '../geometry';
import type { Layer, LayerRow } from '../layer';

/** Every step is written out: longer sequences are not read. */
const MOST_STEPS = 200;

/**
 * Shi et al. 2015 without peepholes, as Keras has it: the four gates (input, forget, candidate, output) come from one convolution of the
 * picture and one of the state. Kernel [...kernel, in, 4 filters], recurrent kernel [...kernel, filters, 4 filters].
 */
const convLstm2d: LayerRow = (inputs, layer) => {
  const { config, b, dialect } = layer;
  const [x] = inputs;
  if (!x || inputs.length > 1 || x.shape.length !== 5)
    throw new Unreadable('shape-mismatch', '`ConvLSTM2D` takes one input [batch, time, height, width, channels].');
  const layout = layoutOf(config.text('data_format', 'channels_last'));
  const filters = config.count('filters');
  const kernel = config.counts('kernel_size', 2);
  const dilation = config.counts('dilation_rate', 2, 1);
  const stride = config.counts('strides', 2, 1);
  const [batch = 1, steps = 1, ...picture] = x.shape;
  if (steps > MOST_STEPS)
    throw new Unreadable('unsupported', `ConvLSTM2D over ${steps} steps is not read; up to ${MOST_STEPS} are.`);
  const spatial = spatialOf([batch, ...picture], layout);
  const channels = channelsOf([batch, ...picture], layout);
  const into = windowOf(config.text('padding', 'valid'), spatial, kernel, stride, dilation);
  const within = windowOf('same', into.sizes, kernel, [1, 1], [1, 1]);
  const prefix = dialect === 'keras3' ? 'conv_lstm_cell/' : '';
  const weight = layer.weight(`${prefix}kernel`, [...kernel, channels, 4 * filters], {
    entry: 'kernel_initializer',
    fallback: defaultKernel(dialect),
  });
  const recurrent = layer.weight(`${prefix}recurrent_kernel`, [...kernel, filters, 4 * filters], {
    entry: 'recurrent_initializer',
    fallback: 'Orthogonal',
  });
  const bias = biasOf(layer, `${prefix}bias`, filters);
  if (config.number('dropout', 0) > 0 || config.number('recurrent_dropout', 0) > 0)
    b.guess('Dropout inside ConvLSTM2D is left out of the measurement.', layer.spec.spanOf('dropout'));
  const gates = imageShape(batch, 4 * filters, into.sizes, layout);
  const shape = imageShape(batch, filters, into.sizes, layout);
  const axis = layout === 'channelsFirst' ? 1 : shape.length - 1;
  const common = { groups: 1, layout, weightLayout: 'kernelInOut' } as const;
  const activation = config.raw('activation') ?? 'tanh';
  const gate = config.raw('recurrent_activation') ?? (dialect === 'keras3' ? defaultGate(dialect) : 'hard_sigmoid');
  const pair = (op: 'add' | 'mul', left: Tensor, right: Tensor) => b.emit(op, {}, [left, right], left.shape);
  let state: { h: Tensor; c: Tensor } | null = null;
  const outputs: Tensor[] = [];
  const backwards = config.flag('go_backwards', false);
  for (let i = 0; i < steps; i++) {
    const step = backwards ? steps - 1 - i : i;
    const frame = b.reshape(b.slice(x, 1, step, step + 1), [batch, ...picture]);
    const fromInput: Tensor = b.emit(
      'conv',
      { stride, pads: into.pads, dilation, ...common },
      [frame, weight, ...bias],
      gates,
    );
    const sum: Tensor = state
      ? pair(
          'add',
          fromInput,
          b.emit(
            'conv',
            { stride: [1, 1], pads: within.pads, dilation: [1, 1], ...common },
            [state.h, recurrent],
            gates,
          ),
        )
      : fromInput;
    const part = (k: number): Tensor => b.slice(sum, axis, k * filters, (k + 1) * filters);
    const open = (k: number): Tensor => applyActivation(b, gate, part(k), dialect);
    const fresh: Tensor = pair('mul', open(0), applyActivation(b, activation, part(2), dialect));
    const c: Tensor = state ? pair('add', pair('mul', open(1), state.c), fresh) : fresh;
    const h: Tensor = pair('mul', open(3), applyActivation(b, activation, c, dialect));
    state = { h, c };
    outputs.push(h);
  }
  if (!state) throw new Unreadable('shape-mismatch', 'ConvLSTM2D takes at least one step.');
  const last: Tensor = state.h;
  const y = config.flag('return_sequences', false)
    ? b.emit(
        'concat',
        { axis: 1 },
        outputs.map((h) => b.reshape(h, [batch, 1, ...shape.slice(1)])),
        [batch, steps, ...shape.slice(1)],
      )
    : last;
  return config.flag('return_state', false) ? [y, state.h, state.c] : [y];
};

/** Ones for the forget gate, the second of four. */
function biasOf(layer: Layer, role: string, filters: number): Tensor[] {
  if (!layer.config.flag('use_bias', true)) return [];
  const ones = layer.config.flag('unit_forget_bias', defaultForgetBias(layer.dialect));
  const bias = layer.weight(role, [4 * filters], {
    entry: 'bias_initializer',
    fallback: 'Zeros',
    ...(ones
      ? {
          initialiser: (base) => ({
            kind: 'regions',
            base,
            regions: [{ start: [filters], stop: [2 * filters], fill: { kind: 'constant', value: 1 } }],
          }),
        }
      : {}),
  });
  return [bias];
}

export const CONVOLUTIONAL_RECURRENT_ROWS = { ConvLSTM2D: convLstm2d };
