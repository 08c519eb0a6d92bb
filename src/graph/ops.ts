import { type Static, type TObject, Type } from '@sinclair/typebox';
import { Scalar } from './scalar';

// The canonical op vocabulary: what every reader lowers to and the trainer's op table implements. Axes are always
// non-negative, pads and sizes explicit, defaults filled in. `inputs` below names the values a node takes, in order;
// a trailing `?` marks one that may be left off. Unless said otherwise an op has one output.

const none = Type.Object({});
const axis = Type.Integer({ minimum: 0 });
const axes = Type.Array(axis);
const ints = Type.Array(Type.Integer());
const naturals = Type.Array(Type.Integer({ minimum: 0 }));
const positives = Type.Array(Type.Integer({ minimum: 1 }));
/** [before, after] of each spatial dim. */
const pads = Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]));
/** Where the channels are: [N, C, ...spatial] or [N, ...spatial, C]. */
const layout = Type.Union([Type.Literal('channelsFirst'), Type.Literal('channelsLast')]);
const reduction = Type.Object({ axes, keepDims: Type.Boolean() });

export const OP_ATTRIBUTES = {
  // ---- sources (no inputs) ----
  /** The graph's input number `index`. */
  input: Type.Object({ index: Type.Integer({ minimum: 0 }) }),
  /** The graph's parameter number `index`. */
  parameter: Type.Object({ index: Type.Integer({ minimum: 0 }) }),
  /** Fixed values in C order; a single value fills the whole shape. */
  constant: Type.Object({ values: Type.Array(Scalar) }),
  /** A fresh draw in every forward pass: N(0,1) or U(0,1), number `draw` in order of execution. */
  random: Type.Object({
    distribution: Type.Union([Type.Literal('normal'), Type.Literal('uniform')]),
    draw: Type.Integer({ minimum: 0 }),
  }),

  // ---- activations, inputs (x) ----
  relu: none,
  leakyRelu: Type.Object({ slope: Type.Number() }),
  /** inputs (x, slope): slope broadcasts against x. */
  prelu: none,
  elu: Type.Object({ alpha: Type.Number() }),
  celu: Type.Object({ alpha: Type.Number() }),
  selu: none,
  gelu: Type.Object({ approximate: Type.Union([Type.Literal('none'), Type.Literal('tanh')]) }),
  silu: none,
  mish: none,
  sigmoid: none,
  logSigmoid: none,
  /** clip(slope * x + offset, 0, 1): PyTorch and Keras 3 use 1/6 and 0.5, Keras 2 and TF.js 0.2 and 0.5. */
  hardSigmoid: Type.Object({ slope: Type.Number(), offset: Type.Number() }),
  /** x * clip(x + 3, 0, 6) / 6 */
  hardSwish: none,
  tanh: none,
  tanhShrink: none,
  softPlus: Type.Object({ beta: Type.Number(), threshold: Type.Number() }),
  softSign: none,
  softShrink: Type.Object({ lambda: Type.Number() }),
  hardShrink: Type.Object({ lambda: Type.Number() }),
  /** x where x > threshold, else value. */
  threshold: Type.Object({ threshold: Type.Number(), value: Type.Number() }),
  /** clip to [min, max]; no gradient outside. relu6 is clip 0..6, hardtanh clip -1..1. */
  clip: Type.Object({ min: Scalar, max: Scalar }),
  softmax: Type.Object({ axis }),
  logSoftmax: Type.Object({ axis }),

  // ---- elementwise, inputs (x) ----
  identity: none,
  neg: none,
  abs: none,
  sign: none,
  exp: none,
  expm1: none,
  log: none,
  log1p: none,
  sqrt: none,
  rsqrt: none,
  square: none,
  reciprocal: none,
  sin: none,
  cos: none,
  tan: none,
  asin: none,
  acos: none,
  atan: none,
  sinh: none,
  cosh: none,
  erf: none,
  floor: none,
  ceil: none,
  round: none,
  logicalNot: none,
  isNan: none,
  /** Changes the value's dtype; gradients pass float to float only. */
  cast: none,
  /** Passes the value, stops the gradient. */
  detach: none,
  /** Inverted dropout with rate p. `sharedAxes` are the axes along which one draw is shared (Dropout2d: the spatial ones). */
  dropout: Type.Object({
    rate: Type.Number({ minimum: 0, maximum: 1 }),
    sharedAxes: axes,
    alpha: Type.Boolean(),
    draw: Type.Integer({ minimum: 0 }),
  }),

  // ---- broadcasting pairs, inputs (a, b) ----
  add: none,
  sub: none,
  mul: none,
  div: none,
  floorDiv: none,
  mod: none,
  pow: none,
  maximum: none,
  minimum: none,
  atan2: none,
  equal: none,
  notEqual: none,
  less: none,
  lessEqual: none,
  greater: none,
  greaterEqual: none,
  logicalAnd: none,
  logicalOr: none,
  logicalXor: none,
  /** inputs (condition, a, b), all broadcast. */
  where: none,

  // ---- products ----
  /** inputs (x, weight, bias?): x @ weight.T + bias with weight [out, in] ('outIn', PyTorch) or x @ weight + bias ('inOut', Keras). */
  linear: Type.Object({ weightLayout: Type.Union([Type.Literal('outIn'), Type.Literal('inOut')]) }),
  /** inputs (a, b), ranks >= 2, leading dims broadcast. Vectors are reshaped by the reader. */
  matmul: Type.Object({ transposeA: Type.Boolean(), transposeB: Type.Boolean() }),
  /** inputs (...operands): a NumPy equation with an explicit arrow and without ellipsis. */
  einsum: Type.Object({ equation: Type.String() }),
  /**
   * inputs (x, weight, bias?). Zero padding only (other modes are a `pad` node before it). weight is
   * [out, in/groups, ...kernel] ('outInKernel', PyTorch) or [...kernel, in/groups, out] ('kernelInOut', Keras).
   */
  conv: Type.Object({
    stride: positives,
    pads,
    dilation: positives,
    groups: Type.Integer({ minimum: 1 }),
    layout,
    weightLayout: Type.Union([Type.Literal('outInKernel'), Type.Literal('kernelInOut')]),
  }),
  /**
   * inputs (x, weight, bias?): the gradient of `conv` with respect to its input. `pads` are those of that conv, `outputPads`
   * extend the far side. weight is [in, out/groups, ...kernel] ('inOutKernel', PyTorch) or [...kernel, out/groups, in] ('kernelOutIn', Keras).
   */
  convTranspose: Type.Object({
    stride: positives,
    pads,
    outputPads: naturals,
    dilation: positives,
    groups: Type.Integer({ minimum: 1 }),
    layout,
    weightLayout: Type.Union([Type.Literal('inOutKernel'), Type.Literal('kernelOutIn')]),
  }),

  // ---- pooling, inputs (x) ----
  /** Pads count as -infinity. ceil_mode is folded into the far pad. Ties go to the first in C order. */
  maxPool: Type.Object({ kernel: positives, stride: positives, pads, dilation: positives, layout }),
  /** `divisor`: fixed divisor, or null for the window's size, with or without the pads counted. */
  avgPool: Type.Object({
    kernel: positives,
    stride: positives,
    pads,
    layout,
    countPads: Type.Boolean(),
    divisor: Type.Union([Type.Number(), Type.Null()]),
    /** How many of the far pads came from ceil_mode: never counted, even where `countPads` holds. */
    ceilPads: naturals,
  }),
  /** Output cell i of n reads [floor(i*L/n), ceil((i+1)*L/n)). */
  adaptiveAvgPool: Type.Object({ size: positives, layout }),
  adaptiveMaxPool: Type.Object({ size: positives, layout }),

  // ---- normalisation ----
  /** inputs (x, gamma?, beta?). Batch statistics over all axes but `axis` (biased variance). */
  batchNorm: Type.Object({ axis, epsilon: Type.Number(), scale: Type.Boolean(), offset: Type.Boolean() }),
  /** inputs (x, mean, variance, gamma?, beta?): fixed statistics (a frozen or eval() batch norm), each of x.shape[axis]. */
  batchNormFixed: Type.Object({ axis, epsilon: Type.Number(), scale: Type.Boolean(), offset: Type.Boolean() }),
  /** inputs (x, gamma?, beta?) of the normalised axes' shape. */
  layerNorm: Type.Object({ axes, epsilon: Type.Number(), scale: Type.Boolean(), offset: Type.Boolean() }),
  /** inputs (x, gamma?): x / sqrt(mean(x^2) + epsilon) * gamma. */
  rmsNorm: Type.Object({ axes, epsilon: Type.Number(), scale: Type.Boolean() }),
  /** inputs (x, gamma?, beta?) per channel of `axis`. groups = channels is instance norm. */
  groupNorm: Type.Object({
    axis,
    groups: Type.Integer({ minimum: 1 }),
    epsilon: Type.Number(),
    scale: Type.Boolean(),
    offset: Type.Boolean(),
  }),
  localResponseNorm: Type.Object({
    axis,
    size: Type.Integer({ minimum: 1 }),
    alpha: Type.Number(),
    beta: Type.Number(),
    k: Type.Number(),
  }),

  // ---- reductions, inputs (x) ----
  sum: reduction,
  mean: reduction,
  max: reduction,
  min: reduction,
  prod: reduction,
  logSumExp: reduction,
  /** Divided by n - correction. */
  variance: Type.Object({ axes, keepDims: Type.Boolean(), correction: Type.Number() }),
  standardDeviation: Type.Object({ axes, keepDims: Type.Boolean(), correction: Type.Number() }),
  /** (sum |x|^p)^(1/p) */
  norm: Type.Object({ axes, keepDims: Type.Boolean(), p: Scalar }),
  any: reduction,
  all: reduction,
  argMax: Type.Object({ axis, keepDims: Type.Boolean() }),
  argMin: Type.Object({ axis, keepDims: Type.Boolean() }),
  cumSum: Type.Object({ axis }),
  cumProd: Type.Object({ axis }),

  // ---- shape, inputs (x) ----
  /** The new shape is that of the output value. */
  reshape: none,
  permute: Type.Object({ order: axes }),
  /** Broadcasts to the output value's shape (aligned to the right). */
  broadcast: none,
  tile: Type.Object({ repeats: positives }),
  /** inputs (...parts) */
  concat: Type.Object({ axis }),
  /** Half-open [start, stop) with positive step, per axis of x. */
  slice: Type.Object({ start: naturals, stop: naturals, step: positives }),
  flip: Type.Object({ axes }),
  roll: Type.Object({ shifts: ints, axes }),
  /** Negative pads crop. */
  pad: Type.Object({
    pads,
    mode: Type.Union([
      Type.Literal('constant'),
      Type.Literal('reflect'),
      Type.Literal('symmetric'),
      Type.Literal('replicate'),
      Type.Literal('circular'),
    ]),
    value: Scalar,
  }),
  /** Keeps i - j <= diagonal... as NumPy's tril/triu on the last two axes. */
  tril: Type.Object({ diagonal: Type.Integer() }),
  triu: Type.Object({ diagonal: Type.Integer() }),

  // ---- indexing ----
  /** inputs (weight [n, d], indices): rows. `paddingIndex` gets no gradient. */
  embedding: Type.Object({ paddingIndex: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]) }),
  /** inputs (x, indices): whole slices along axis; indices of any rank take its place. */
  gather: Type.Object({ axis }),
  /** inputs (x, indices): torch.gather. */
  gatherElements: Type.Object({ axis }),
  /** inputs (x, indices, updates): torch.scatter / scatter_add along axis. */
  scatterElements: Type.Object({ axis, accumulate: Type.Boolean() }),
  /** inputs (indices): a new last axis. */
  oneHot: Type.Object({ classes: Type.Integer({ minimum: 1 }) }),
  /** outputs (values, indices) */
  topK: Type.Object({ axis, k: Type.Integer({ minimum: 1 }), largest: Type.Boolean() }),
  /** outputs (values, indices) */
  sort: Type.Object({ axis, descending: Type.Boolean() }),

  // ---- images ----
  resize: Type.Object({
    size: positives,
    mode: Type.Union([Type.Literal('nearest'), Type.Literal('linear'), Type.Literal('cubic')]),
    /** How an output coordinate maps back: PyTorch align_corners, half-pixel centres, or `floor(i * scale)`. */
    coordinates: Type.Union([Type.Literal('alignCorners'), Type.Literal('halfPixel'), Type.Literal('asymmetric')]),
    /** input / output step per spatial dim where the file fixes it (`scale_factor=`), else null: sizes decide. */
    scale: Type.Union([Type.Array(Type.Number()), Type.Null()]),
    layout,
  }),
  /** im2col, torch layout: [N, C*k, L]. */
  unfold: Type.Object({ kernel: positives, stride: positives, pads, dilation: positives }),
  /** col2im, torch layout; the spatial size is that of the output value. */
  fold: Type.Object({ kernel: positives, stride: positives, pads, dilation: positives }),

  // ---- attention and recurrence ----
  /** inputs (q, k, v, mask?): [..., L, E]. A boolean mask keeps where true; a float one is added. */
  attention: Type.Object({
    causal: Type.Boolean(),
    scale: Type.Number(),
    dropout: Type.Number(),
    mask: Type.Boolean(),
  }),
  /**
   * One direction of one layer over the whole sequence. inputs (x [N, T, F], h0?, c0?, input mask [gates, N, F]?, recurrent mask
   * [gates, N, H]?, weights...): `weights` in the framework's own order and layout. The masks multiply what goes into each gate's
   * two products, the same at every step. outputs (sequence [N, T, H], last h, last c for lstm).
   */
  recurrent: Type.Object({
    cell: Type.Union([Type.Literal('rnn'), Type.Literal('lstm'), Type.Literal('gru')]),
    framework: Type.Union([Type.Literal('pytorch'), Type.Literal('keras'), Type.Literal('tfjs')]),
    hidden: Type.Integer({ minimum: 1 }),
    reverse: Type.Boolean(),
    bias: Type.Boolean(),
    initialState: Type.Boolean(),
    /** Whether the masks are among the inputs; absent means no. */
    inputMask: Type.Optional(Type.Boolean()),
    recurrentMask: Type.Optional(Type.Boolean()),
    activation: Type.String(),
    gateActivation: Type.String(),
    /** GRU: whether the reset gate acts after the recurrent product (cuDNN, PyTorch, Keras default). */
    resetAfter: Type.Boolean(),
  }),
} as const satisfies Record<string, TObject>;

export type OpName = keyof typeof OP_ATTRIBUTES;
export type OpAttributes<O extends OpName> = Static<(typeof OP_ATTRIBUTES)[O]>;
