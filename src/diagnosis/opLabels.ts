import type { GraphNode } from '../graph/graph';
import type { OpName } from '../graph/ops';
import type { SourceSpan } from '../graph/source';
import type { GraphIndex } from './graphIndex';

/** What an op does to the gradient, as far as causes need to tell ops apart. */
export type OpRole =
  'saturating' | 'rectifier' | 'product' | 'pooling' | 'normalisation' | 'attention' | 'recurrence' | 'sum' | 'other';

const ROLES: Partial<Record<OpName, OpRole>> = {
  sigmoid: 'saturating',
  logSigmoid: 'saturating',
  hardSigmoid: 'saturating',
  tanh: 'saturating',
  softSign: 'saturating',
  relu: 'rectifier',
  leakyRelu: 'rectifier',
  prelu: 'rectifier',
  elu: 'rectifier',
  celu: 'rectifier',
  selu: 'rectifier',
  gelu: 'rectifier',
  silu: 'rectifier',
  mish: 'rectifier',
  hardSwish: 'rectifier',
  softPlus: 'rectifier',
  threshold: 'rectifier',
  linear: 'product',
  matmul: 'product',
  einsum: 'product',
  conv: 'product',
  convTranspose: 'product',
  maxPool: 'pooling',
  avgPool: 'pooling',
  adaptiveAvgPool: 'pooling',
  adaptiveMaxPool: 'pooling',
  mean: 'pooling',
  max: 'pooling',
  min: 'pooling',
  batchNorm: 'normalisation',
  batchNormFixed: 'normalisation',
  layerNorm: 'normalisation',
  rmsNorm: 'normalisation',
  groupNorm: 'normalisation',
  localResponseNorm: 'normalisation',
  attention: 'attention',
  softmax: 'attention',
  recurrent: 'recurrence',
  add: 'sum',
  sub: 'sum',
};

/** A clip from 0 (ReLU6) rectifies, a clip on both sides (hardtanh) saturates. */
export function roleOf(node: GraphNode): OpRole {
  if (node.op === 'clip') return node.attributes.min === 0 ? 'rectifier' : 'saturating';
  return ROLES[node.op] ?? 'other';
}

/** Names that users know, where the op's own name with a capital is not it. */
const LABELS: Partial<Record<OpName, string>> = {
  relu: 'ReLU',
  leakyRelu: 'LeakyReLU',
  prelu: 'PReLU',
  elu: 'ELU',
  celu: 'CELU',
  selu: 'SELU',
  gelu: 'GELU',
  silu: 'SiLU',
  clip: 'clamp',
  batchNormFixed: 'BatchNorm',
  linear: 'Linear',
  conv: 'Conv',
  mul: 'multiplication',
  div: 'division',
  add: 'addition',
  sub: 'subtraction',
  matmul: 'matrix product',
  sum: 'sum',
  mean: 'mean',
  max: 'maximum',
  softmax: 'softmax',
  logSoftmax: 'log_softmax',
  detach: 'detach',
};

/** Classes of a framework that are one op under another name. */
const ALIASES: Partial<Record<OpName, readonly string[]>> = {
  clip: ['relu6', 'hardtanh', 'relu'],
  linear: ['dense', 'linear'],
  conv: ['conv', 'depthwiseconv'],
  softPlus: ['softplus'],
  threshold: ['threshold', 'relu'],
  batchNorm: ['batchnorm', 'batchnormalization', 'syncbatchnorm'],
  layerNorm: ['layernorm', 'layernormalization'],
  groupNorm: ['groupnorm', 'instancenorm', 'groupnormalization'],
  recurrent: ['rnn', 'lstm', 'gru', 'simplernn'],
  embedding: ['embedding'],
  reshape: ['flatten', 'unflatten', 'reshape'],
};

export interface OpLabel {
  /** `Sigmoid`, `Linear`, `Conv2d`, `addition`, ... */
  name: string;
  /** The layer's constructor call where a framework's layer does just this op, else the call in the user's code. */
  span: SourceSpan | null;
}

/**
 * Names a node as its author would: a framework's layer by class and constructor call, anything else by op and call.
 * A module of the user's own that happens to hold one op is told from a framework's layer by its class name.
 */
export function labelOf(node: GraphNode, index: GraphIndex): OpLabel {
  const module = index.module(node.module);
  if (module?.span && isLayerOf(module.type, node.op)) return { name: module.type, span: module.span };
  return { name: opName(node), span: node.span ?? module?.span ?? null };
}

function isLayerOf(type: string, op: OpName): boolean {
  const plain = type.toLowerCase().replace(/[123]d$/, '');
  return plain === op.toLowerCase() || (ALIASES[op]?.includes(plain) ?? false);
}

export function opName(node: GraphNode): string {
  return LABELS[node.op] ?? node.op.charAt(0).toUpperCase() + node.op.slice(1);
}
