import type { OpName } from '../../graph/ops';
import type { GraphBuilder, Tensor } from '../graphBuilder';
import { Config } from '../layers/config';
import { broadcastShape } from '../layers/rows/merging';
import { Unreadable } from '../unreadable';

/** One call of a function as a node of a functional model: what it was made with, and what it is called with. */
export interface OperationCall {
  b: GraphBuilder;
  /** Tensors, numbers and lists, in place order. */
  args: readonly unknown[];
  /** Everything that is named, of the node and of the call. */
  named: Config;
}

type Operation = (call: OperationCall) => Tensor;

export const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && 'id' in value && 'shape' in value && 'dtype' in value;

const tensorsOf = (value: unknown): Tensor[] =>
  isTensor(value) ? [value] : Array.isArray(value) ? value.flatMap(tensorsOf) : [];

function first({ args }: OperationCall): Tensor {
  const [x] = args.flatMap(tensorsOf);
  if (!x) throw new Unreadable('bad-call', 'This operation is called without a tensor.');
  return x;
}

/** What `names` say, else the argument at `place`; undefined where neither is given. */
function option({ args, named }: OperationCall, place: number, ...names: string[]): unknown {
  for (const name of names) if (named.has(name)) return named.raw(name);
  return args[place] ?? undefined;
}

function axesOf(x: Tensor, given: unknown): number[] {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.map((axis) => {
    const place = typeof axis === 'number' && Number.isInteger(axis) ? (axis < 0 ? axis + x.shape.length : axis) : -1;
    if (place < 0 || place >= x.shape.length)
      throw new Unreadable('bad-argument', `Axis ${JSON.stringify(axis)} does not exist in [${x.shape.join(', ')}].`);
    return place;
  });
}

const unary =
  (
    op:
      | 'relu'
      | 'sigmoid'
      | 'tanh'
      | 'exp'
      | 'log'
      | 'sqrt'
      | 'rsqrt'
      | 'square'
      | 'abs'
      | 'neg'
      | 'silu'
      | 'selu'
      | 'sin'
      | 'cos'
      | 'erf'
      | 'identity'
      | 'log1p'
      | 'expm1'
      | 'reciprocal'
      | 'softSign'
      | 'logSigmoid',
  ): Operation =>
  (call) => {
    const x = first(call);
    return call.b.emit(op, {}, [x], x.shape, x.dtype);
  };

type Pair = Extract<OpName, 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum' | 'mod'>;

const pair =
  (op: Pair): Operation =>
  (call) => {
    const { b } = call;
    const operand = (value: unknown): Tensor => {
      if (isTensor(value)) return value;
      if (typeof value === 'number' && Number.isFinite(value)) return b.constant([value], []);
      throw new Unreadable('unsupported', 'This operation takes tensors and numbers; constant arrays are not read.');
    };
    const [x, y] = [operand(option(call, 0, 'x', 'x1')), operand(option(call, 1, 'y', 'x2'))];
    return b.emit(op, {}, [x, y], broadcastShape(x.shape, y.shape));
  };

const reduction =
  (op: 'mean' | 'sum' | 'max' | 'min'): Operation =>
  (call) => {
    const x = first(call);
    const given = option(call, 1, 'axis');
    const axes = given === undefined || given === null ? x.shape.map((_, i) => i) : axesOf(x, given);
    const keepDims = option(call, 2, 'keepdims') === true;
    const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
    return call.b.emit(op, { axes, keepDims }, [x], shape);
  };

const overAxis =
  (op: 'softmax' | 'logSoftmax'): Operation =>
  (call) => {
    const x = first(call);
    const [axis = 0] = axesOf(x, option(call, 1, 'axis') ?? -1);
    return call.b.emit(op, { axis }, [x], x.shape);
  };

const gelu: Operation = (call) => {
  const x = first(call);
  const approximate = option(call, 1, 'approximate') === false ? 'none' : 'tanh';
  return call.b.emit('gelu', { approximate }, [x], x.shape);
};

const reshape: Operation = (call) => {
  const x = first(call);
  const given = option(call, 1, 'newshape', 'shape');
  const target = Array.isArray(given) ? (given as unknown[]) : [];
  const numbers = target.filter((n): n is number => typeof n === 'number' && Number.isInteger(n));
  const size = x.shape.reduce((product, n) => product * n, 1);
  const known = numbers.filter((n) => n !== -1).reduce((product, n) => product * n, 1);
  const shape = numbers.map((n) => (n === -1 ? size / known : n));
  if (numbers.length !== target.length || shape.reduce((product, n) => product * n, 1) !== size)
    throw new Unreadable('shape-mismatch', `[${x.shape.join(', ')}] cannot be reshaped to ${JSON.stringify(given)}.`);
  return call.b.reshape(x, shape);
};

const transpose: Operation = (call) => {
  const x = first(call);
  const given = option(call, 1, 'axes', 'perm');
  const order = given === undefined || given === null ? x.shape.map((_, i) => i).reverse() : axesOf(x, given);
  if (new Set(order).size !== x.shape.length)
    throw new Unreadable('bad-argument', `${JSON.stringify(given)} does not name each axis once.`);
  return call.b.permute(x, order);
};

const expand: Operation = (call) => {
  const x = first(call);
  const given = option(call, 1, 'axis');
  const axis = typeof given === 'number' ? (given < 0 ? given + x.shape.length + 1 : given) : -1;
  if (axis < 0 || axis > x.shape.length)
    throw new Unreadable('bad-argument', `No axis ${JSON.stringify(given)} can be put into [${x.shape.join(', ')}].`);
  return call.b.reshape(x, x.shape.toSpliced(axis, 0, 1));
};

const squeeze: Operation = (call) => {
  const x = first(call);
  const given = option(call, 1, 'axis');
  const axes = given === undefined || given === null ? null : axesOf(x, given);
  return call.b.reshape(
    x,
    x.shape.filter((n, i) => (axes === null ? n !== 1 : !axes.includes(i))),
  );
};

const concatenate: Operation = (call) => {
  const parts = call.args.flatMap(tensorsOf);
  const x = first(call);
  const written = call.named.has('axis')
    ? call.named.raw('axis')
    : call.args.find((value) => typeof value === 'number');
  const [axis = 0] = axesOf(x, written ?? -1);
  const differs = ({ shape }: Tensor) =>
    shape.length !== x.shape.length || shape.some((n, i) => i !== axis && n !== x.shape[i]);
  if (parts.some(differs))
    throw new Unreadable(
      'shape-mismatch',
      `${parts.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ')} cannot be joined along axis ${axis}.`,
    );
  const total = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 1), 0);
  return call.b.emit('concat', { axis }, parts, x.shape.with(axis, total));
};

const matmul: Operation = (call) => {
  const [x, y] = [option(call, 0, 'a', 'x1'), option(call, 1, 'b', 'x2')];
  if (!isTensor(x) || !isTensor(y) || x.shape.length < 2 || y.shape.length < 2 || x.shape.at(-1) !== y.shape.at(-2))
    throw new Unreadable('unsupported', 'Matmul is read for two tensors of at least two dims that fit together.');
  const transposed = [option(call, 2, 'transpose_a'), option(call, 3, 'transpose_b')].includes(true);
  if (transposed)
    throw new Unreadable('unsupported', 'Matmul of transposed operands is not read; transpose them before.');
  const leading = broadcastShape(x.shape.slice(0, -2), y.shape.slice(0, -2));
  const shape = [...leading, x.shape.at(-2) ?? 1, y.shape.at(-1) ?? 1];
  return call.b.emit('matmul', { transposeA: false, transposeB: false }, [x, y], shape);
};

/** By name without case and underscores: `keras.ops` classes and TensorFlow's functions. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  add: pair('add'),
  subtract: pair('sub'),
  sub: pair('sub'),
  multiply: pair('mul'),
  mul: pair('mul'),
  divide: pair('div'),
  truedivide: pair('div'),
  truediv: pair('div'),
  power: pair('pow'),
  pow: pair('pow'),
  maximum: pair('maximum'),
  minimum: pair('minimum'),
  mod: pair('mod'),
  relu: unary('relu'),
  sigmoid: unary('sigmoid'),
  tanh: unary('tanh'),
  exp: unary('exp'),
  expm1: unary('expm1'),
  log: unary('log'),
  log1p: unary('log1p'),
  sqrt: unary('sqrt'),
  rsqrt: unary('rsqrt'),
  square: unary('square'),
  abs: unary('abs'),
  absolute: unary('abs'),
  negative: unary('neg'),
  neg: unary('neg'),
  reciprocal: unary('reciprocal'),
  silu: unary('silu'),
  swish: unary('silu'),
  selu: unary('selu'),
  softsign: unary('softSign'),
  logsigmoid: unary('logSigmoid'),
  sin: unary('sin'),
  cos: unary('cos'),
  erf: unary('erf'),
  identity: unary('identity'),
  gelu,
  softmax: overAxis('softmax'),
  logsoftmax: overAxis('logSoftmax'),
  mean: reduction('mean'),
  reducemean: reduction('mean'),
  sum: reduction('sum'),
  reducesum: reduction('sum'),
  max: reduction('max'),
  reducemax: reduction('max'),
  min: reduction('min'),
  reducemin: reduction('min'),
  reshape,
  transpose,
  expanddims: expand,
  squeeze,
  concatenate,
  concat: concatenate,
  matmul,
};

/** @throws Unreadable for a function that is not known. */
export function operationOf(name: string): Operation {
  const plain = name.split(/[.>]/).at(-1)?.toLowerCase().replaceAll('_', '') ?? '';
  const known = Object.hasOwn(OPERATIONS, plain) ? OPERATIONS[plain] : undefined;
  if (known) return known;
  throw new Unreadable(
    'unsupported',
    `The function \`${name}\` is not read from JSON. Put a layer of Keras in its place, or open the code that builds the model.`,
  );
}
