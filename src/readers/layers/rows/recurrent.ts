import type { Initialiser } from '../../../graph/initialiser';
import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { activationName } from '../activations';
import { Config } from '../config';
import { defaultForgetBias, defaultGate, defaultKernel } from '../dialect';
import { batchOf, type CallArguments, type Layer, type LayerRow } from '../layer';

type Cell = 'rnn' | 'lstm' | 'gru';

const GATES = { rnn: 1, lstm: 4, gru: 3 } as const;
const CELL_NAMES = { rnn: 'simple_rnn_cell', lstm: 'lstm_cell', gru: 'gru_cell' } as const;

interface Run {
  /** [N, T, H] in the order of x. */
  sequence: Tensor;
  /** Last states in the order of the cell: h, and c of an LSTM. */
  states: Tensor[];
}

/** Ones for the forget gate, the second of four, over the configured initialiser. */
const forgetOnes =
  (hidden: number) =>
  (base: Initialiser): Initialiser => ({
    kind: 'regions',
    base,
    regions: [{ start: [hidden], stop: [2 * hidden], fill: { kind: 'constant', value: 1 } }],
  });

function run(cell: Cell, inputs: readonly Tensor[], layer: Layer, reverse: boolean): Run {
  const { config, b, dialect } = layer;
  const [x, ...states] = inputs;
  if (x?.shape.length !== 3)
    throw new Unreadable(
      'shape-mismatch',
      `\`${layer.spec.name}\` takes [batch, time, features]; this input is [${x?.shape.join(', ') ?? ''}]. If the layer before is recurrent, set return_sequences on it.`,
    );
  if (config.flag('time_major', false))
    throw new Unreadable('unsupported', '`time_major` is not supported; put a Permute before the layer.');
  const hidden = config.count('units');
  const width = GATES[cell] * hidden;
  const features = x.shape[2] ?? 1;
  const resetAfter = cell === 'gru' && config.flag('reset_after', dialect !== 'tfjs');
  const bias = config.flag('use_bias', true);
  const prefix = dialect === 'keras3' ? `${CELL_NAMES[cell]}/` : '';
  const weights = [
    layer.weight(`${prefix}kernel`, [features, width], {
      entry: 'kernel_initializer',
      fallback: defaultKernel(dialect),
    }),
    layer.weight(`${prefix}recurrent_kernel`, [hidden, width], {
      entry: 'recurrent_initializer',
      fallback: 'Orthogonal',
    }),
  ];
  if (bias) {
    const ones = cell === 'lstm' && config.flag('unit_forget_bias', defaultForgetBias(dialect));
    weights.push(
      layer.weight(`${prefix}bias`, resetAfter ? [2, width] : [width], {
        entry: 'bias_initializer',
        fallback: 'Zeros',
        ...(ones ? { initialiser: forgetOnes(hidden) } : {}),
      }),
    );
  }
  const recurrentRate = config.number('recurrent_dropout', 0);
  // With recurrent dropout Keras computes gate by gate, and each gate's operands have masks of their own.
  const apart = recurrentRate > 0 && dialect !== 'tfjs';
  if (recurrentRate > 0 && !apart)
    b.guess('Recurrent dropout is left out of the measurement.', layer.spec.spanOf('recurrent_dropout'));
  const wanted = cell === 'lstm' ? 2 : 1;
  if (states.length > 0 && states.length !== wanted)
    throw new Unreadable(
      'bad-call',
      `\`${layer.spec.name}\` takes ${wanted} initial state(s), but is given ${states.length}.`,
    );
  const batch = batchOf(x);
  const mask = (rate: number, columns: number) => {
    const shape = [GATES[cell], batch, columns];
    const ones = b.emit('constant', { values: [1] }, [], shape);
    return b.emit('dropout', { rate, sharedAxes: [], alpha: false, draw: b.nextDraw() }, [ones], shape);
  };
  const operands = (): Tensor[] => {
    if (!apart) return [dropped(layer, x), ...states];
    const rate = config.number('dropout', 0);
    return [x, ...states, ...(rate > 0 ? [mask(rate, features)] : []), mask(recurrentRate, hidden)];
  };
  const outputs = b.emitAll(
    'recurrent',
    {
      cell,
      // Keras 2 and TF.js share the older hard sigmoid; the weights' layout is that of Keras in all three.
      framework: dialect === 'keras3' ? 'keras' : 'tfjs',
      hidden,
      reverse,
      bias,
      initialState: states.length > 0,
      activation: gateName(config.raw('activation') ?? 'tanh'),
      gateActivation: gateName(config.raw('recurrent_activation') ?? defaultGate(dialect)),
      resetAfter,
      ...(apart ? { inputMask: config.number('dropout', 0) > 0, recurrentMask: true } : {}),
    },
    [...operands(), ...weights],
    [[batch, x.shape[1] ?? 1, hidden], [batch, hidden], ...(cell === 'lstm' ? [[batch, hidden]] : [])],
  );
  const [sequence, ...last] = outputs;
  if (sequence === undefined) throw new Error('a recurrent node gives a sequence');
  return { sequence, states: last };
}

const KNOWN_GATES = new Set([
  'linear',
  'relu',
  'sigmoid',
  'hardsigmoid',
  'tanh',
  'softsign',
  'softplus',
  'elu',
  'silu',
  'exponential',
]);

function gateName(given: unknown): string {
  const name = activationName(given);
  if (!KNOWN_GATES.has(name))
    throw new Unreadable('unsupported', `The activation \`${name}\` is not supported inside recurrent layers.`);
  return name;
}

/** One mask for all steps of a sequence. */
function dropped(layer: Layer, x: Tensor): Tensor {
  const rate = layer.config.number('dropout', 0);
  if (rate === 0) return x;
  const draw = layer.b.nextDraw();
  return layer.b.emit('dropout', { rate, sharedAxes: [1], alpha: false, draw }, [x], x.shape);
}

/** Initial states may come behind x or under a name of their own. */
function withStates(inputs: readonly Tensor[], call: CallArguments): Tensor[] {
  const named = call['initial_state'];
  const states: unknown[] = Array.isArray(named) ? named : named === undefined || named === null ? [] : [named];
  return [...inputs, ...(states as Tensor[])];
}

const flipped = (layer: Layer, x: Tensor): Tensor => layer.b.emit('flip', { axes: [1] }, [x], x.shape);

const CELLS: Readonly<Record<string, Cell>> = {
  SimpleRNN: 'rnn',
  LSTM: 'lstm',
  GRU: 'gru',
};

const recurrent =
  (cell: Cell): LayerRow =>
  (inputs, layer, call) => {
    const { config } = layer;
    const backwards = config.flag('go_backwards', false);
    const { sequence, states } = run(cell, withStates(inputs, call), layer, backwards);
    // Keras gives the sequence of a layer that goes backwards in the order in which it was made.
    const ordered = () => (backwards ? flipped(layer, sequence) : sequence);
    const [last] = states;
    if (last === undefined) throw new Error('a recurrent node gives its last state');
    const y = config.flag('return_sequences', false) ? ordered() : last;
    return config.flag('return_state', false) ? [y, ...states] : [y];
  };

/** The layer that runs one cell over time. */
const LAYER_OF: Readonly<Record<string, string>> = { SimpleRNNCell: 'SimpleRNN', LSTMCell: 'LSTM', GRUCell: 'GRU' };

/** `RNN(cell)`: one cell, or several of which each reads the sequence of the one before. */
const overCells: LayerRow = (inputs, layer, call) => {
  const { config } = layer;
  const outer = Config.of(config.record('cell'));
  const className = bareName(outer.text('class_name'));
  const given = className === 'StackedRNNCells' ? Config.of(outer.raw('config')).raw('cells') : [config.raw('cell')];
  const cells = (Array.isArray(given) ? (given as unknown[]) : []).map((cell) => Config.of(cell));
  const backwards = config.flag('go_backwards', false);
  const [x, ...states] = withStates(inputs, call);
  if (x === undefined || cells.length === 0) throw new Unreadable('bad-call', 'RNN takes an input and a cell.');
  let sequence = x;
  const last: Tensor[] = [];
  for (const [i, cell] of cells.entries()) {
    const name = bareName(cell.text('class_name'));
    const type = LAYER_OF[name];
    const kind = type === undefined ? undefined : CELLS[type];
    if (type === undefined || kind === undefined)
      throw new Unreadable(
        'unknown-layer',
        `RNN runs a \`${name}\`, whose code is not in this file. Open the code that builds the model instead.`,
      );
    const own = { ...Config.of(cell.raw('config')).all, name: layer.spec.name };
    const inner = layer.inner(`cell ${i}`, { class_name: type, config: own });
    const begin = states.slice(last.length, last.length + (kind === 'lstm' ? 2 : 1));
    // Only the first goes backwards over time: the others read what it made, in that order.
    const made = run(kind, [sequence, ...begin], inner, backwards && i === 0);
    sequence = backwards && i === 0 ? flipped(layer, made.sequence) : made.sequence;
    last.push(...made.states);
  }
  const size = LAST_STATE[bareName(cells.at(-1)?.text('class_name') ?? '')] ?? 1;
  const y = config.flag('return_sequences', false) ? sequence : last.at(-size);
  if (y === undefined) throw new Error('a recurrent node gives its last state');
  return config.flag('return_state', false) ? [y, ...last] : [y];
};

/** How many states a cell has; its output is the first. */
const LAST_STATE: Readonly<Record<string, number>> = { SimpleRNNCell: 1, GRUCell: 1, LSTMCell: 2 };

const bareName = (written: string) => written.split('>').at(-1) ?? written;

/** Both directions; the backward sequence is turned round so that steps match. */
const bidirectional: LayerRow = (inputs, layer, call) => {
  const { config, b } = layer;
  const serialised = config.record('layer');
  const forward = layer.inner('forward', serialised);
  const cell = CELLS[forward.spec.className];
  if (cell === undefined)
    throw new Unreadable('unsupported', `Bidirectional around ${forward.spec.className} is not supported.`);
  const backward = layer.inner(
    'backward',
    config.has('backward_layer') ? config.record('backward_layer') : renamed(serialised, 'backward'),
  );
  const [x, ...states] = withStates(inputs, call);
  if (x === undefined) throw new Unreadable('bad-call', 'Bidirectional takes an input.');
  const half = states.length / 2;
  const one = run(cell, [x, ...states.slice(0, half)], forward, false);
  const other = run(cell, [x, ...states.slice(half)], backward, true);
  const sequences = forward.config.flag('return_sequences', false);
  const pick = ({ sequence, states: [last] }: Run) => (sequences || last === undefined ? sequence : last);
  const [a, c] = [pick(one), pick(other)];
  const last = forward.config.flag('return_state', false) ? [...one.states, ...other.states] : [];
  const mode = config.raw('merge_mode') ?? 'concat';
  const merge = (): Tensor[] => {
    switch (mode) {
      case 'concat': {
        const axis = a.shape.length - 1;
        return [b.emit('concat', { axis }, [a, c], [...a.shape.slice(0, -1), (a.shape[axis] ?? 1) * 2])];
      }
      case 'sum':
        return [b.emit('add', {}, [a, c], a.shape)];
      case 'mul':
        return [b.emit('mul', {}, [a, c], a.shape)];
      case 'ave':
        return [b.emit('mul', {}, [b.emit('add', {}, [a, c], a.shape), layer.scalar(0.5)], a.shape)];
      default:
        throw new Unreadable('bad-argument', `\`merge_mode\` is ${JSON.stringify(mode)}.`);
    }
  };
  // `merge_mode: null` is a list of both; Keras 2 and 3 spell the default out.
  return [...(config.has('merge_mode') || config.raw('merge_mode') === undefined ? merge() : [a, c]), ...last];
};

function renamed(serialised: Record<string, unknown>, prefix: string): Record<string, unknown> {
  const config = serialised['config'];
  if (typeof config !== 'object' || config === null) return serialised;
  const name = 'name' in config && typeof config.name === 'string' ? config.name : 'layer';
  const bare = name.startsWith('forward_') ? name.slice('forward_'.length) : name;
  return { ...serialised, config: { ...config, name: `${prefix}_${bare}` } };
}

export const RECURRENT_ROWS = {
  SimpleRNN: recurrent('rnn'),
  LSTM: recurrent('lstm'),
  GRU: recurrent('gru'),
  RNN: overCells,
  Bidirectional: bidirectional,
};
