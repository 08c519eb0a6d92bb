import type { Initialiser } from '../../graph/initialiser';
import type { Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import type { Scope, Unit } from './scope';

export type Pair = readonly [number, number];
export const pair = (n: number | Pair): Pair => (typeof n === 'number' ? [n, n] : n);

/** PyTorch's default: U(-1/sqrt(fan-in), 1/sqrt(fan-in)), by `kaiming_uniform_(a=sqrt(5))` for weights. */
export const fanInUniform = (fanIn: number): Initialiser => {
  const limit = 1 / Math.sqrt(Math.max(1, fanIn));
  return { kind: 'uniform', low: -limit, high: limit };
};

export interface ConvOptions {
  stride?: number | Pair;
  padding?: number | Pair;
  groups?: number;
  dilation?: number;
  bias?: boolean;
  /** Replace the default initialisers. */
  weightInitialiser?: Initialiser | undefined;
  biasInitialiser?: Initialiser | undefined;
}

/** nn.Conv2d on [N, C, H, W]; weight [out, in / groups, kh, kw]. */
export function conv2d(
  scope: Scope,
  input: number,
  output: number,
  kernel: number | Pair,
  {
    stride = 1,
    padding = 0,
    groups = 1,
    dilation = 1,
    bias = true,
    weightInitialiser,
    biasInitialiser,
  }: ConvOptions = {},
): Unit {
  const [height, width] = pair(kernel);
  if (input % groups !== 0 || output % groups !== 0)
    throw new Unreadable('shape-mismatch', `${input} to ${output} channels do not divide into ${groups} groups.`);
  const fanIn = (input / groups) * height * width;
  const { settings, b } = scope;
  const initialiser = weightInitialiser ?? settings.convolution ?? fanInUniform(fanIn);
  const weight = scope.parameter('weight', [output, input / groups, height, width], initialiser);
  const offset = bias ? [scope.parameter('bias', [output], biasInitialiser ?? fanInUniform(fanIn))] : [];
  const strides = [...pair(stride)];
  const pads = pair(padding);
  return (x) => {
    const [batch = 1, channels = 1, ...sizes] = x.shape;
    if (channels !== input || sizes.length !== 2)
      throw new Unreadable('shape-mismatch', `Conv2d takes ${input} channels; its input is [${x.shape.join(', ')}].`);
    const shape = sizes.map((n, i) => {
      const reach = dilation * ((i === 0 ? height : width) - 1) + 1;
      return Math.floor((n + 2 * (pads[i] ?? 0) - reach) / (strides[i] ?? 1)) + 1;
    });
    return b.emit(
      'conv',
      {
        stride: strides,
        pads: pads.map((n): [number, number] => [n, n]),
        dilation: [dilation, dilation],
        groups,
        layout: 'channelsFirst',
        weightLayout: 'outInKernel',
      },
      [x, weight, ...offset],
      positive([batch, output, ...shape], x),
    );
  };
}

/** nn.ConvTranspose2d; weight [in, out / groups, kh, kw], whose fan-in PyTorch counts on its second dim. */
export function convTranspose2d(
  scope: Scope,
  input: number,
  output: number,
  kernel: number,
  { stride = 1, padding = 0, outputPadding = 0, groups = 1, bias = true } = {},
): Unit {
  const fanIn = (output / groups) * kernel * kernel;
  const weight = scope.parameter('weight', [input, output / groups, kernel, kernel], fanInUniform(fanIn));
  const offset = bias ? [scope.parameter('bias', [output], fanInUniform(fanIn))] : [];
  return (x) => {
    const [batch = 1, , ...sizes] = x.shape;
    const shape = sizes.map((n) => (n - 1) * stride - 2 * padding + kernel + outputPadding);
    return scope.b.emit(
      'convTranspose',
      {
        stride: [stride, stride],
        pads: [
          [padding, padding],
          [padding, padding],
        ],
        outputPads: [outputPadding, outputPadding],
        dilation: [1, 1],
        groups,
        layout: 'channelsFirst',
        weightLayout: 'inOutKernel',
      },
      [x, weight, ...offset],
      positive([batch, output, ...shape], x),
    );
  };
}

/** nn.BatchNorm2d */
export function batchNorm(scope: Scope, channels: number): Unit {
  const gamma = scope.parameter('weight', [channels], { kind: 'constant', value: 1 });
  const beta = scope.parameter('bias', [channels], { kind: 'constant', value: 0 });
  const attributes = { axis: 1, epsilon: scope.settings.epsilon, scale: true, offset: true };
  return (x) => scope.b.emit('batchNorm', attributes, [x, gamma, beta], x.shape);
}

export interface LinearOptions {
  bias?: boolean;
  /** Replace the default initialisers. */
  weightInitialiser?: Initialiser | undefined;
  biasInitialiser?: Initialiser | undefined;
}

/** nn.Linear; weight [out, in]. */
export function linear(
  scope: Scope,
  input: number,
  output: number,
  { bias = true, weightInitialiser, biasInitialiser }: LinearOptions = {},
): Unit {
  const weight = scope.parameter('weight', [output, input], weightInitialiser ?? fanInUniform(input));
  const offset = bias ? [scope.parameter('bias', [output], biasInitialiser ?? fanInUniform(input))] : [];
  return (x) => {
    if (x.shape.at(-1) !== input)
      throw new Unreadable('shape-mismatch', `Linear takes ${input} features; its input is [${x.shape.join(', ')}].`);
    return scope.b.emit('linear', { weightLayout: 'outIn' }, [x, weight, ...offset], [...x.shape.slice(0, -1), output]);
  };
}

interface PoolOptions {
  stride: number;
  padding: number;
  ceil?: boolean;
}

/** Output length and far pad of a pooling window. */
function poolLength(n: number, kernel: number, { stride, padding, ceil = false }: PoolOptions) {
  const room = n + 2 * padding - kernel;
  let length = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // The last window must begin inside the input or the near pad.
  if (ceil && (length - 1) * stride >= n + padding) length--;
  const far = Math.max(0, (length - 1) * stride + kernel - n - 2 * padding);
  return { length, far };
}

export function maxPool(scope: Scope, kernel: number, options: PoolOptions): Unit {
  const { stride, padding } = options;
  return (x) => {
    const plan = x.shape.slice(2).map((n) => poolLength(n, kernel, options));
    return scope.b.emit(
      'maxPool',
      {
        kernel: [kernel, kernel],
        stride: [stride, stride],
        pads: plan.map(({ far }): [number, number] => [padding, padding + far]),
        dilation: [1, 1],
        layout: 'channelsFirst',
      },
      [x],
      positive([...x.shape.slice(0, 2), ...plan.map(({ length }) => length)], x),
    );
  };
}

export function avgPool(scope: Scope, kernel: number, options: PoolOptions): Unit {
  const { stride, padding } = options;
  return (x) => {
    const plan = x.shape.slice(2).map((n) => poolLength(n, kernel, options));
    return scope.b.emit(
      'avgPool',
      {
        kernel: [kernel, kernel],
        stride: [stride, stride],
        pads: plan.map(({ far }): [number, number] => [padding, padding + far]),
        layout: 'channelsFirst',
        countPads: true,
        divisor: null,
        ceilPads: plan.map(({ far }) => far),
      },
      [x],
      positive([...x.shape.slice(0, 2), ...plan.map(({ length }) => length)], x),
    );
  };
}

/** nn.AdaptiveAvgPool2d(1) and flatten(1): [N, C, H, W] to [N, C]. */
export function globalAverage(scope: Scope, x: Tensor): Tensor {
  return scope.b.emit('mean', { axes: [2, 3], keepDims: false }, [x], x.shape.slice(0, 2));
}

export function concat(scope: Scope, parts: readonly Tensor[], axis = 1): Tensor {
  const [first] = parts;
  if (first === undefined) throw new Unreadable('bad-argument', 'Nothing to concatenate.');
  for (const { shape } of parts)
    if (shape.length !== first.shape.length || shape.some((n, i) => i !== axis && n !== first.shape[i]))
      throw new Unreadable(
        'shape-mismatch',
        `${parts.map((part) => `[${part.shape.join(', ')}]`).join(' and ')} cannot be joined along axis ${axis}.`,
      );
  const total = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 1), 0);
  return scope.b.emit(
    'concat',
    { axis },
    parts,
    first.shape.map((n, i) => (i === axis ? total : n)),
  );
}

export function add(scope: Scope, a: Tensor, b: Tensor): Tensor {
  if (a.shape.join() !== b.shape.join())
    throw new Unreadable('shape-mismatch', `[${a.shape.join(', ')}] and [${b.shape.join(', ')}] cannot be added.`);
  return scope.b.emit('add', {}, [a, b], a.shape);
}

/** Consecutive channels, as `split(sizes, 1)`. */
export function split(scope: Scope, x: Tensor, sizes: readonly number[], axis = 1): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const part = scope.b.slice(x, axis, start, start + size);
    start += size;
    return part;
  });
}

/** Nearest-neighbour or bilinear resizing to `size`. */
export function upsample(scope: Scope, x: Tensor, size: readonly number[], mode: string, scale: number | null): Tensor {
  if (mode !== 'nearest' && mode !== 'bilinear')
    throw new Unreadable('unsupported', `Upsample mode '${mode}' is not supported; use nearest or bilinear.`);
  return scope.b.emit(
    'resize',
    {
      size: [...size],
      mode: mode === 'nearest' ? 'nearest' : 'linear',
      coordinates: mode === 'nearest' ? 'asymmetric' : 'halfPixel',
      scale: scale === null ? null : size.map(() => 1 / scale),
      layout: 'channelsFirst',
    },
    [x],
    [...x.shape.slice(0, 2), ...size],
  );
}

function positive(shape: number[], x: Tensor): number[] {
  if (shape.some((n) => n < 1))
    throw new Unreadable('shape-mismatch', `Nothing is left of [${x.shape.join(', ')}] here: use a larger input.`);
  return shape;
}
