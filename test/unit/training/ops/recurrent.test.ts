import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpAttributes } from '../../../../src/graph/ops';
import { heap } from '../../../../src/training/backend';
import { RECURRENT_ROWS } from '../../../../src/training/ops/recurrent';
import { boot, checkRow, contextOf, dense, type Dense, random, tensorOf } from '../kernels/rowCheck';

beforeAll(boot);

type Attributes = OpAttributes<'recurrent'>;
type Vector = number[];

const [N, T, F, H] = [2, 4, 3, 5];

const FUNCTIONS: Record<string, (x: number) => number> = {
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  linear: (x) => x,
  hard_sigmoid: (x) => Math.min(1, Math.max(0, x / 6 + 0.5)),
  hardSigmoid: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
};

/** What a step adds up: `gate(g)` is x's product plus bias, `recurrent(g)` the state's product, biases apart. */
interface Sums {
  input: (gate: number) => Vector;
  recurrent: (gate: number, state: Vector) => Vector;
  inputBias: (gate: number) => Vector;
  recurrentBias: (gate: number) => Vector;
}

const zip = (a: Vector, b: Vector, f: (x: number, y: number) => number): Vector => a.map((x, i) => f(x, b[i]!));
const add = (a: Vector, b: Vector): Vector => zip(a, b, (x, y) => x + y);
const times = (a: Vector, b: Vector): Vector => zip(a, b, (x, y) => x * y);

/** One step of a cell, as the framework's documentation writes it. */
function cellStep(own: Attributes, sums: Sums, h: Vector, c: Vector): { h: Vector; c: Vector } {
  const act = (v: Vector): Vector => v.map(FUNCTIONS[own.activation]!);
  const gate = (v: Vector): Vector => v.map(FUNCTIONS[own.gateActivation]!);
  const full = (g: number, state = h): Vector =>
    add(add(sums.input(g), sums.inputBias(g)), add(sums.recurrent(g, state), sums.recurrentBias(g)));
  if (own.cell === 'rnn') return { h: act(full(0)), c };
  if (own.cell === 'lstm') {
    const [i, f, g, o] = [gate(full(0)), gate(full(1)), act(full(2)), gate(full(3))];
    const next = add(times(f, c), times(i, g));
    return { h: times(o, act(next)), c: next };
  }
  const pytorch = own.framework === 'pytorch';
  const r = gate(full(pytorch ? 0 : 1));
  const z = gate(full(pytorch ? 1 : 0));
  const after = add(add(sums.input(2), sums.inputBias(2)), times(r, add(sums.recurrent(2, h), sums.recurrentBias(2))));
  const n = act(pytorch || own.resetAfter ? after : full(2, times(r, h)));
  return {
    h: add(
      times(z, h),
      zip(z, n, (a, b) => (1 - a) * b),
    ),
    c,
  };
}

const GATES = { rnn: 1, gru: 3, lstm: 4 };

function reference(own: Attributes, [x, ...rest]: readonly Dense[]): Dense[] {
  const starts = own.initialState ? (own.cell === 'lstm' ? 2 : 1) : 0;
  const G = GATES[own.cell];
  const masks = starts + (own.inputMask ? 1 : 0);
  const [inputMask, recurrentMask] = [
    own.inputMask ? rest[starts] : undefined,
    own.recurrentMask ? rest[masks] : undefined,
  ];
  const weights = rest.slice(masks + (own.recurrentMask ? 1 : 0));
  const under = (mask: Dense | undefined, gate: number, n: number, values: Vector): Vector =>
    mask === undefined ? values : values.map((v, i) => v * mask.data[(gate * N + n) * values.length + i]!);
  const pytorch = own.framework === 'pytorch';
  const weight = ({ data }: Dense, gate: number, from: number, to: number, width: number): number =>
    pytorch ? data[(gate * H + to) * width + from]! : data[from * G * H + gate * H + to]!;
  const bias = (which: number, gate: number): Vector => {
    const zero = Array<number>(H).fill(0);
    if (!own.bias) return zero;
    if (pytorch) return Array.from(weights[2 + which]!.data.subarray(gate * H, (gate + 1) * H));
    const start = (which * G + gate) * H;
    return start < weights[2]!.data.length ? Array.from(weights[2]!.data.subarray(start, start + H)) : zero;
  };
  const outputs = [dense([N, T, H]), dense([N, H]), ...(own.cell === 'lstm' ? [dense([N, H])] : [])];
  for (let n = 0; n < N; n++) {
    let h = Array.from({ length: H }, (_, i) => (starts > 0 ? rest[0]!.data[n * H + i]! : 0));
    let c = Array.from({ length: H }, (_, i) => (starts > 1 ? rest[1]!.data[n * H + i]! : 0));
    for (let k = 0; k < T; k++) {
      const t = own.reverse ? T - 1 - k : k;
      const product = (matrix: Dense, gate: number, values: Vector): Vector =>
        Array.from({ length: H }, (_, to) =>
          values.reduce((sum, v, from) => sum + v * weight(matrix, gate, from, to, values.length), 0),
        );
      const values = Array.from(x!.data.subarray((n * T + t) * F, (n * T + t + 1) * F));
      ({ h, c } = cellStep(
        own,
        {
          input: (gate) => product(weights[0]!, gate, under(inputMask, gate, n, values)),
          recurrent: (gate, state) => product(weights[1]!, gate, under(recurrentMask, gate, n, state)),
          inputBias: (gate) => bias(0, gate),
          recurrentBias: (gate) => bias(1, gate),
        },
        h,
        c,
      ));
      h.forEach((v, i) => (outputs[0]!.data[(n * T + t) * H + i] = v));
    }
    h.forEach((v, i) => (outputs[1]!.data[n * H + i] = v));
    if (own.cell === 'lstm') c.forEach((v, i) => (outputs[2]!.data[n * H + i] = v));
  }
  return outputs;
}

function inputsOf(own: Attributes): Dense[] {
  const width = GATES[own.cell] * H;
  const pytorch = own.framework === 'pytorch';
  const starts = own.initialState ? (own.cell === 'lstm' ? 2 : 1) : 0;
  const twoRows = own.cell === 'gru' && own.resetAfter;
  const biases = pytorch ? [[width], [width]] : [twoRows ? [2, width] : [width]];
  const shapes = [
    [N, T, F],
    ...Array<number[]>(starts).fill([N, H]),
    ...(own.inputMask ? [[GATES[own.cell], N, F]] : []),
    ...(own.recurrentMask ? [[GATES[own.cell], N, H]] : []),
    pytorch ? [width, F] : [F, width],
    pytorch ? [width, H] : [H, width],
    ...(own.bias ? biases : []),
  ];
  return shapes.map((shape, i) => random(shape, i + 1));
}

const base: Attributes = {
  cell: 'lstm',
  framework: 'pytorch',
  hidden: H,
  reverse: false,
  bias: true,
  initialState: false,
  activation: 'tanh',
  gateActivation: 'sigmoid',
  resetAfter: true,
};

const VARIANTS: Partial<Attributes>[] = [
  {},
  { reverse: true },
  { initialState: true },
  { bias: false },
  { initialState: true, reverse: true },
  { recurrentMask: true },
  { inputMask: true, reverse: true },
  { inputMask: true, recurrentMask: true, initialState: true },
];

/** Masks are drawn: nobody asks for their gradient. */
const isWanted = (own: Attributes, { shape }: Dense, index: number): boolean =>
  !(index > 0 && shape.length === 3 && (own.inputMask === true || own.recurrentMask === true));

const LAYERS: Partial<Attributes>[] = [
  { cell: 'rnn' },
  { cell: 'rnn', activation: 'relu' },
  { cell: 'lstm' },
  { cell: 'gru' },
  { cell: 'rnn', framework: 'keras' },
  { cell: 'lstm', framework: 'keras' },
  { cell: 'lstm', framework: 'keras', activation: 'softsign', gateActivation: 'hard_sigmoid' },
  { cell: 'gru', framework: 'keras' },
  { cell: 'gru', framework: 'keras', resetAfter: false },
  { cell: 'gru', framework: 'tfjs', resetAfter: false, gateActivation: 'hardSigmoid' },
  { cell: 'gru', framework: 'keras', gateActivation: 'linear' },
];

describe.each(LAYERS)('$framework $cell $activation $gateActivation', (layer) => {
  it.each(VARIANTS)('%j', (variant) => {
    const attributes = { ...base, ...layer, ...variant };
    const given = inputsOf(attributes);
    checkRow({
      op: 'recurrent',
      row: RECURRENT_ROWS.recurrent,
      attributes,
      inputs: given,
      wanted: given.map((item, index) => isWanted(attributes, item, index)),
      reference: (inputs) => reference(attributes, inputs),
      tolerance: 3e-6,
    });
  });
});

describe('recurrent', () => {
  it('refuses an activation that it does not know', () => {
    const attributes = { ...base, activation: 'whatever' };
    const tensors = inputsOf(attributes).map(tensorOf);
    const before = memory().numTensors;
    expect(() => RECURRENT_ROWS.recurrent.forward(tensors, contextOf('recurrent', attributes, [], [N, T, H]))).toThrow(
      "'whatever' is not known",
    );
    expect(memory().numTensors).toBe(before);
    for (const t of tensors) t.dispose();
  });

  it('takes gradients of some outputs only', () => {
    const tensors = inputsOf(base).map(tensorOf);
    const context = contextOf('recurrent', base, [], [N, T, H], [N, H], [N, H]);
    const { outputs, saved = [] } = RECURRENT_ROWS.recurrent.forward(tensors, context);
    const wanted = tensors.map((_, i) => i === 1);
    const dy = tensorOf(random([N, H], 3));
    const sequence = dense([N, T, H]);
    random([N, H], 3).data.forEach((v, i) => (sequence.data[(Math.floor(i / H) * T + T - 1) * H + (i % H)] = v));
    const whole = tensorOf(sequence);
    const run = (outputGradients: (typeof dy | null)[]): (typeof dy | null)[] =>
      RECURRENT_ROWS.recurrent.backward!({ inputs: tensors, outputs, saved, outputGradients, wanted }, context);
    const byState = run([null, dy, null]);
    const bySequence = run([whole, null, null]);
    expect(byState.map((gradient) => gradient !== null)).toEqual(wanted);
    expect(Array.from(heap().floats(byState[1]!))).toEqual(Array.from(heap().floats(bySequence[1]!)));
    for (const t of [...tensors, dy, whole, ...outputs, ...saved, ...byState, ...bySequence]) t?.dispose();
  });

  it('follows the gradient through 400 steps, far below what float32 can hold', () => {
    // h_t = 0.3 h_(t-1) + x_t by a linear cell: dL/dh_t = 0.3^(T - 1 - t), at the first step 1e-209.
    const steps = 400;
    const attributes = { ...base, cell: 'rnn' as const, activation: 'linear', bias: false, hidden: 1 };
    const tensors = [dense([1, steps, 1], () => 1), dense([1, 1], () => 1), dense([1, 1], () => 0.3)].map(tensorOf);
    let norms: Float64Array = new Float64Array();
    const context = {
      ...contextOf('recurrent', attributes, [], [1, steps, 1], [1, 1]),
      onStateGradients: (log2: Float64Array) => (norms = log2),
    };
    const { outputs, saved = [] } = RECURRENT_ROWS.recurrent.forward(tensors, context);
    const dy = tensorOf(dense([1, 1], () => 1));
    const wanted = [true, true, true];
    const gradients = RECURRENT_ROWS.recurrent.backward!(
      { inputs: tensors, outputs, saved, outputGradients: [null, dy], wanted },
      context,
    );
    norms.forEach((log2, t) => expect(log2).toBeCloseTo((steps - 1 - t) * Math.log2(Math.fround(0.3)), 3));
    // dL/dw = sum of dL/dh_t h_(t-1), with h_t = (1 - 0.3^(t+1)) / 0.7
    expect(heap().floats(gradients[2]!)[0]).toBeCloseTo(1 / 0.7 / 0.7, 5);
    expect(
      heap()
        .floats(gradients[0]!)
        .every((v) => v === 0 || Math.abs(v) >= 2 ** -126),
    ).toBe(true);
    for (const t of [...tensors, dy, ...outputs, ...saved, ...gradients]) t?.dispose();
  });
});
