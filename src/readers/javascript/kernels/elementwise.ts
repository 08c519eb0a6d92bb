import type { OpName } from '../../../graph/ops';
import { scalarToNumber, type Scalar } from '../../../graph/scalar';
import type { Tensor } from '../../graphBuilder';
import { broadcastShape } from '../../layers/rows/merging';
import type { KernelCall, KernelRow } from './kernelCall';

/** Ops whose vocabulary entry has no attributes. */
type Plain = {
  [O in OpName]: O extends
    | 'abs'
    | 'acos'
    | 'asin'
    | 'atan'
    | 'ceil'
    | 'cos'
    | 'cosh'
    | 'erf'
    | 'exp'
    | 'expm1'
    | 'floor'
    | 'log'
    | 'log1p'
    | 'neg'
    | 'reciprocal'
    | 'relu'
    | 'round'
    | 'rsqrt'
    | 'selu'
    | 'sigmoid'
    | 'sign'
    | 'sin'
    | 'sinh'
    | 'sqrt'
    | 'square'
    | 'tan'
    | 'tanh'
    | 'isNan'
    | 'logicalNot'
    | 'add'
    | 'sub'
    | 'mul'
    | 'div'
    | 'floorDiv'
    | 'mod'
    | 'pow'
    | 'maximum'
    | 'minimum'
    | 'atan2'
    | 'equal'
    | 'notEqual'
    | 'less'
    | 'lessEqual'
    | 'greater'
    | 'greaterEqual'
    | 'logicalAnd'
    | 'logicalOr'
    | 'logicalXor'
    ? O
    : never;
}[OpName];

const unary =
  (op: Plain): KernelRow =>
  ({ b, x, dtype }) => [b.emit(op, {}, [x], x.shape, dtype)];

const pair =
  (op: Plain): KernelRow =>
  (call) => {
    const [p, q] = [call.input('a'), call.input('b')];
    return [call.b.emit(op, {}, [p, q], broadcastShape(p.shape, q.shape), call.dtype)];
  };

const squaredDifference: KernelRow = (call) => {
  const [p, q] = [call.input('a'), call.input('b')];
  const difference = call.b.emit('sub', {}, [p, q], broadcastShape(p.shape, q.shape));
  return [call.b.same('square', difference)];
};

const addAll: KernelRow = ({ b, inputs, shape }) => {
  const [first, ...others] = inputs;
  return first ? [others.reduce((sum, x) => b.emit('add', {}, [sum, x], shape), first)] : [];
};

const limit = (value: unknown): Scalar =>
  value === 'Infinity' ? 'inf' : value === '-Infinity' ? '-inf' : typeof value === 'number' ? value : 'nan';

const clip: KernelRow = (call) => {
  const [min, max] = [limit(call.attributes['clipValueMin']), limit(call.attributes['clipValueMax'])];
  if (Number.isNaN(scalarToNumber(min)) || Number.isNaN(scalarToNumber(max))) throw call.refusal();
  return [call.b.emit('clip', { min, max }, [call.x], call.x.shape)];
};

const filled =
  (value: number): KernelRow =>
  ({ b, x, dtype }) => [b.constant([value], x.shape, dtype)];

const cast: KernelRow = ({ b, x, dtype }) => [x.dtype === dtype ? x : b.emit('cast', {}, [x], x.shape, dtype)];

const where: KernelRow = (call) => {
  const [condition, yes, no] = [call.input('condition'), call.input('t'), call.input('e')];
  // A condition on rows alone stands for whole rows.
  const missing = yes.shape.length - condition.shape.length;
  const mask =
    missing > 0
      ? call.b.reshape(condition, [...condition.shape, ...Array.from({ length: missing }, () => 1)])
      : condition;
  return [call.b.emit('where', {}, [mask, yes, no], yes.shape, yes.dtype)];
};

const softmax =
  (op: 'softmax' | 'logSoftmax', name: string): KernelRow =>
  (call) => [call.b.emit(op, { axis: call.axis(name) }, [call.x], call.x.shape)];

/** What the fused kernels name an activation. */
export function activated(call: KernelCall, x: Tensor): Tensor {
  const { b } = call;
  const name = call.attributes['activation'] ?? 'linear';
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return b.same('relu', x);
    case 'relu6':
      return b.emit('clip', { min: 0, max: 6 }, [x], x.shape);
    case 'elu':
      return b.emit('elu', { alpha: 1 }, [x], x.shape);
    case 'sigmoid':
      return b.same('sigmoid', x);
    case 'leakyrelu':
      return b.emit('leakyRelu', { slope: call.config.number('leakyreluAlpha', 0.2) }, [x], x.shape);
    case 'prelu':
      return b.emit('prelu', {}, [x, call.input('preluActivationWeights')], x.shape);
    default:
      throw call.refusal();
  }
}

export const ELEMENTWISE_KERNELS: Readonly<Record<string, KernelRow>> = {
  Abs: unary('abs'),
  Acos: unary('acos'),
  Asin: unary('asin'),
  Atan: unary('atan'),
  Ceil: unary('ceil'),
  Cos: unary('cos'),
  Cosh: unary('cosh'),
  Erf: unary('erf'),
  Exp: unary('exp'),
  Expm1: unary('expm1'),
  Floor: unary('floor'),
  Log: unary('log'),
  Log1p: unary('log1p'),
  Neg: unary('neg'),
  Reciprocal: unary('reciprocal'),
  Relu: unary('relu'),
  Round: unary('round'),
  Rsqrt: unary('rsqrt'),
  Selu: unary('selu'),
  Sigmoid: unary('sigmoid'),
  Sign: unary('sign'),
  Sin: unary('sin'),
  Sinh: unary('sinh'),
  Sqrt: unary('sqrt'),
  Square: unary('square'),
  Tan: unary('tan'),
  Tanh: unary('tanh'),
  IsNan: unary('isNan'),
  LogicalNot: unary('logicalNot'),
  Relu6: ({ b, x }) => [b.emit('clip', { min: 0, max: 6 }, [x], x.shape)],
  Elu: ({ b, x }) => [b.emit('elu', { alpha: 1 }, [x], x.shape)],
  LeakyRelu: ({ b, x, config }) => [b.emit('leakyRelu', { slope: config.number('alpha', 0.2) }, [x], x.shape)],
  Prelu: (call) => [call.b.emit('prelu', {}, [call.input('x'), call.input('alpha')], call.x.shape)],
  Softplus: ({ b, x }) => [b.emit('softPlus', { beta: 1, threshold: 20 }, [x], x.shape)],
  Softmax: softmax('softmax', 'dim'),
  LogSoftmax: softmax('logSoftmax', 'axis'),
  ClipByValue: clip,
  Identity: ({ x }) => [x],
  Cast: cast,
  OnesLike: filled(1),
  ZerosLike: filled(0),
  Select: where,
  AddN: addAll,
  Add: pair('add'),
  Sub: pair('sub'),
  Multiply: pair('mul'),
  RealDiv: pair('div'),
  FloorDiv: pair('floorDiv'),
  Mod: pair('mod'),
  Pow: pair('pow'),
  Maximum: pair('maximum'),
  Minimum: pair('minimum'),
  Atan2: pair('atan2'),
  SquaredDifference: squaredDifference,
  Equal: pair('equal'),
  NotEqual: pair('notEqual'),
  Less: pair('less'),
  LessEqual: pair('lessEqual'),
  Greater: pair('greater'),
  GreaterEqual: pair('greaterEqual'),
  LogicalAnd: pair('logicalAnd'),
  LogicalOr: pair('logicalOr'),
  LogicalXor: pair('logicalXor'),
};
