import type { DType } from '../../../../src/graph/graph';
import type { OpAttributes, OpName } from '../../../../src/graph/ops';
import type { FED_OPS } from '../../../../src/training/executor/wiring';
import type { Operand } from './checkRow';

export type RowOp = Exclude<OpName, (typeof FED_OPS)[number]>;

interface Value {
  shape: number[];
  dtype?: DType;
}

export interface OpCase<O extends OpName> {
  attributes: OpAttributes<O>;
  inputs: Operand[];
  outputs: Value[];
  /** Whether the op has no gradient at all; its row then says so. */
  constant?: true;
}

/** Floats at least 0.11 apart and as far from the ends of the pieces below, in no order; [from, from + 0.11 size) or mirrored about 0. */
function floats(shape: number[], from = -Infinity): Operand {
  const size = shape.reduce((all, n) => all * n, 1);
  const stride = [7, 11, 13].find((n) => size % n !== 0) ?? 1;
  const values = Array.from({ length: size }, (_, i) => {
    const k = (i * stride) % size;
    return from === -Infinity ? 0.11 * (k - Math.floor(size / 2)) + 0.055 : from + 0.11 * k;
  });
  return { shape, values };
}

const ints = (shape: number[], values: number[]): Operand => ({ shape, dtype: 'int', values });
const bools = (shape: number[], values: number[]): Operand => ({ shape, dtype: 'bool', values });
const float = (...shape: number[]): Value => ({ shape });
const bool = (...shape: number[]): Value => ({ shape, dtype: 'bool' });
const int = (...shape: number[]): Value => ({ shape, dtype: 'int' });

/** An op of one input and no attributes, on six floats from `from` on. */
const each = (from?: number) => ({ attributes: {}, inputs: [floats([2, 3], from)], outputs: [float(2, 3)] });
const pair = (from?: number) => ({
  attributes: {},
  inputs: [floats([2, 3], from), floats([3], from === undefined ? 0.3 : from + 0.05)],
  outputs: [float(2, 3)],
});
const compared = {
  attributes: {},
  inputs: [floats([2, 3]), floats([3], -0.1)],
  outputs: [bool(2, 3)],
  constant: true as const,
};
const logical = {
  attributes: {},
  inputs: [bools([2, 2], [0, 0, 1, 1]), bools([2, 2], [0, 1, 0, 1])],
  outputs: [bool(2, 2)],
  constant: true as const,
};
const reduced = (from?: number) => ({
  attributes: { axes: [1], keepDims: false },
  inputs: [floats([2, 3, 2], from)],
  outputs: [float(2, 2)],
});
const spread = { ...reduced(), attributes: { axes: [1], keepDims: true, correction: 1 }, outputs: [float(2, 1, 2)] };
const tested = {
  attributes: { axes: [0], keepDims: false },
  inputs: [bools([2, 2], [0, 0, 1, 0])],
  outputs: [bool(2)],
  constant: true as const,
};
const best = {
  attributes: { axis: 1, keepDims: false },
  inputs: [floats([2, 3])],
  outputs: [int(2)],
  constant: true as const,
};
const image = floats([1, 2, 4, 5]);
const triangle = { attributes: { diagonal: 1 }, inputs: [floats([3, 4])], outputs: [float(3, 4)] };
const along = { attributes: { axis: 1 }, inputs: [floats([2, 4], 0.3)], outputs: [float(2, 4)] };
const patch = {
  kernel: [2, 2],
  stride: [2, 1],
  pads: [
    [0, 0],
    [1, 0],
  ] as [number, number][],
  dilation: [1, 2],
};

/** One case for each op of the vocabulary; leaving one out does not compile. */
export const EVERY_OP: { [O in RowOp]: OpCase<O> } = {
  constant: { attributes: { values: [1, 2] }, inputs: [], outputs: [float(2)], constant: true },
  random: { attributes: { distribution: 'normal', draw: 0 }, inputs: [], outputs: [float(2)], constant: true },

  relu: each(),
  leakyRelu: { ...each(), attributes: { slope: 0.2 } },
  prelu: { ...each(), inputs: [floats([2, 3]), floats([3], 0.2)] },
  elu: { ...each(), attributes: { alpha: 1.3 } },
  celu: { ...each(), attributes: { alpha: 1.3 } },
  selu: each(),
  gelu: { ...each(), attributes: { approximate: 'tanh' } },
  silu: each(),
  mish: each(),
  sigmoid: each(),
  logSigmoid: each(),
  hardSigmoid: { ...each(), attributes: { slope: 1, offset: 0.5 } },
  hardSwish: each(),
  tanh: each(),
  tanhShrink: each(),
  softPlus: { ...each(), attributes: { beta: 2, threshold: 20 } },
  softSign: each(),
  softShrink: { ...each(), attributes: { lambda: 0.1 } },
  hardShrink: { ...each(), attributes: { lambda: 0.1 } },
  threshold: { ...each(), attributes: { threshold: 0.1, value: 3 } },
  clip: { ...each(), attributes: { min: -0.2, max: 0.2 } },
  softmax: { ...each(), attributes: { axis: 0 } },
  logSoftmax: { ...each(), attributes: { axis: 1 } },

  identity: each(),
  neg: each(),
  abs: each(),
  sign: each(),
  exp: each(),
  expm1: each(),
  log: each(0.4),
  log1p: each(0.4),
  sqrt: each(0.4),
  rsqrt: each(0.4),
  square: each(),
  reciprocal: each(0.4),
  sin: each(),
  cos: each(),
  tan: each(),
  asin: each(),
  acos: each(),
  atan: each(),
  sinh: each(),
  cosh: each(),
  erf: each(),
  floor: each(),
  ceil: each(),
  round: each(),
  logicalNot: { attributes: {}, inputs: [bools([2], [0, 1])], outputs: [bool(2)], constant: true },
  isNan: { ...each(), outputs: [bool(2, 3)], constant: true },
  cast: each(),
  detach: { ...each(), constant: true },
  dropout: { ...each(), attributes: { rate: 0.5, sharedAxes: [0], alpha: false, draw: 0 } },

  add: pair(),
  sub: pair(),
  mul: pair(),
  div: pair(),
  floorDiv: pair(0.4),
  mod: pair(0.4),
  pow: pair(0.4),
  maximum: pair(),
  minimum: pair(),
  atan2: pair(),
  equal: compared,
  notEqual: compared,
  less: compared,
  lessEqual: compared,
  greater: compared,
  greaterEqual: compared,
  logicalAnd: logical,
  logicalOr: logical,
  logicalXor: logical,
  where: {
    attributes: {},
    inputs: [bools([2, 1], [0, 1]), floats([2, 3]), floats([3], 0.3)],
    outputs: [float(2, 3)],
  },

  linear: {
    attributes: { weightLayout: 'outIn' },
    inputs: [floats([2, 3]), floats([4, 3]), floats([4])],
    outputs: [float(2, 4)],
  },
  matmul: {
    attributes: { transposeA: true, transposeB: false },
    inputs: [floats([2, 3, 2]), floats([1, 3, 4])],
    outputs: [float(2, 2, 4)],
  },
  einsum: {
    attributes: { equation: 'bij,bkj->bik' },
    inputs: [floats([2, 2, 3]), floats([2, 4, 3])],
    outputs: [float(2, 2, 4)],
  },
  conv: {
    attributes: {
      stride: [2, 1],
      pads: [
        [1, 0],
        [1, 1],
      ],
      dilation: [1, 2],
      groups: 2,
      layout: 'channelsFirst',
      weightLayout: 'outInKernel',
    },
    inputs: [image, floats([4, 1, 2, 2]), floats([4])],
    outputs: [float(1, 4, 2, 5)],
  },
  convTranspose: {
    attributes: {
      stride: [2, 1],
      pads: [
        [1, 0],
        [0, 0],
      ],
      outputPads: [1, 0],
      dilation: [1, 2],
      groups: 2,
      layout: 'channelsFirst',
      weightLayout: 'inOutKernel',
    },
    inputs: [floats([1, 2, 2, 3]), floats([2, 2, 2, 2]), floats([4])],
    outputs: [float(1, 4, 4, 5)],
  },

  maxPool: {
    attributes: {
      kernel: [2, 2],
      stride: [2, 2],
      pads: [
        [0, 0],
        [0, 1],
      ],
      dilation: [1, 1],
      layout: 'channelsFirst',
    },
    inputs: [image],
    outputs: [float(1, 2, 2, 3)],
  },
  avgPool: {
    attributes: {
      kernel: [2, 2],
      stride: [2, 2],
      pads: [
        [0, 0],
        [1, 1],
      ],
      layout: 'channelsFirst',
      countPads: true,
      divisor: null,
      ceilPads: [0, 1],
    },
    inputs: [image],
    outputs: [float(1, 2, 2, 3)],
  },
  adaptiveAvgPool: {
    attributes: { size: [3, 2], layout: 'channelsFirst' },
    inputs: [image],
    outputs: [float(1, 2, 3, 2)],
  },
  adaptiveMaxPool: {
    attributes: { size: [3, 2], layout: 'channelsFirst' },
    inputs: [image],
    outputs: [float(1, 2, 3, 2)],
  },

  batchNorm: {
    attributes: { axis: 1, epsilon: 1e-3, scale: true, offset: true },
    inputs: [floats([3, 2, 2]), floats([2], 0.5), floats([2])],
    outputs: [float(3, 2, 2)],
  },
  batchNormFixed: {
    attributes: { axis: 1, epsilon: 1e-3, scale: true, offset: true },
    inputs: [floats([3, 2, 2]), floats([2]), floats([2], 0.5), floats([2], 0.5), floats([2])],
    outputs: [float(3, 2, 2)],
  },
  layerNorm: {
    attributes: { axes: [1, 2], epsilon: 1e-3, scale: true, offset: true },
    inputs: [floats([2, 2, 3]), floats([2, 3], 0.5), floats([2, 3])],
    outputs: [float(2, 2, 3)],
  },
  rmsNorm: {
    attributes: { axes: [1], epsilon: 1e-3, scale: true },
    inputs: [floats([2, 4]), floats([4], 0.5)],
    outputs: [float(2, 4)],
  },
  groupNorm: {
    attributes: { axis: 1, groups: 2, epsilon: 1e-3, scale: true, offset: true },
    inputs: [floats([2, 4, 3]), floats([4], 0.5), floats([4])],
    outputs: [float(2, 4, 3)],
  },
  localResponseNorm: {
    attributes: { axis: 1, size: 3, alpha: 0.5, beta: 0.75, k: 1 },
    inputs: [floats([2, 4, 2])],
    outputs: [float(2, 4, 2)],
  },

  sum: reduced(),
  mean: reduced(),
  max: reduced(),
  min: reduced(),
  prod: reduced(0.4),
  logSumExp: reduced(),
  variance: spread,
  standardDeviation: spread,
  norm: { ...reduced(), attributes: { axes: [1], keepDims: false, p: 2 } },
  any: tested,
  all: tested,
  argMax: best,
  argMin: best,
  cumSum: along,
  cumProd: along,

  reshape: { attributes: {}, inputs: [floats([2, 3])], outputs: [float(3, 2)] },
  permute: { attributes: { order: [2, 0, 1] }, inputs: [floats([2, 3, 2])], outputs: [float(2, 2, 3)] },
  broadcast: { attributes: {}, inputs: [floats([3, 1])], outputs: [float(2, 3, 2)] },
  tile: { attributes: { repeats: [2, 1, 3] }, inputs: [floats([2, 2, 1])], outputs: [float(4, 2, 3)] },
  concat: { attributes: { axis: 1 }, inputs: [floats([2, 1]), floats([2, 3])], outputs: [float(2, 4)] },
  slice: {
    attributes: { start: [0, 1], stop: [2, 5], step: [1, 2] },
    inputs: [floats([3, 5])],
    outputs: [float(2, 2)],
  },
  flip: { attributes: { axes: [0] }, inputs: [floats([3, 2])], outputs: [float(3, 2)] },
  roll: { attributes: { shifts: [1], axes: [1] }, inputs: [floats([2, 3])], outputs: [float(2, 3)] },
  pad: {
    attributes: {
      pads: [
        [0, 0],
        [2, 1],
      ],
      mode: 'reflect',
      value: 0,
    },
    inputs: [floats([2, 4])],
    outputs: [float(2, 7)],
  },
  tril: triangle,
  triu: triangle,

  embedding: {
    attributes: { paddingIndex: 1 },
    inputs: [floats([4, 2]), ints([3], [3, 0, 3])],
    outputs: [float(3, 2)],
  },
  gather: { attributes: { axis: 1 }, inputs: [floats([2, 4]), ints([3], [3, 0, 3])], outputs: [float(2, 3)] },
  gatherElements: {
    attributes: { axis: 1 },
    inputs: [floats([2, 4]), ints([2, 2], [3, 0, 1, 1])],
    outputs: [float(2, 2)],
  },
  scatterElements: {
    attributes: { axis: 1, accumulate: true },
    inputs: [floats([2, 4]), ints([2, 2], [3, 0, 1, 1]), floats([2, 2])],
    outputs: [float(2, 4)],
  },
  oneHot: { attributes: { classes: 3 }, inputs: [ints([2], [2, 0])], outputs: [int(2, 3)], constant: true },
  topK: {
    attributes: { axis: 1, k: 2, largest: true },
    inputs: [floats([2, 4])],
    outputs: [float(2, 2), int(2, 2)],
  },
  sort: {
    attributes: { axis: 1, descending: false },
    inputs: [floats([2, 4])],
    outputs: [float(2, 4), int(2, 4)],
  },

  resize: {
    attributes: { size: [6, 3], mode: 'linear', coordinates: 'alignCorners', scale: null, layout: 'channelsFirst' },
    inputs: [image],
    outputs: [float(1, 2, 6, 3)],
  },
  unfold: { attributes: patch, inputs: [image], outputs: [float(1, 8, 8)] },
  fold: { attributes: patch, inputs: [floats([1, 8, 8])], outputs: [float(1, 2, 4, 5)] },

  attention: {
    attributes: { causal: true, scale: 0.7, dropout: 0, mask: false },
    inputs: [floats([2, 3, 2]), floats([2, 3, 2]), floats([2, 3, 4])],
    outputs: [float(2, 3, 4)],
  },
  recurrent: {
    attributes: {
      cell: 'lstm',
      framework: 'pytorch',
      hidden: 2,
      reverse: true,
      bias: true,
      initialState: false,
      activation: 'tanh',
      gateActivation: 'sigmoid',
      resetAfter: false,
    },
    inputs: [floats([2, 3, 2]), floats([8, 2]), floats([8, 2]), floats([8]), floats([8])],
    outputs: [float(2, 3, 2), float(2, 2), float(2, 2)],
  },
};
