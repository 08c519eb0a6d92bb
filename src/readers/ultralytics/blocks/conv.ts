import type { Tensor } from '../../graphBuilder';
import { relu, silu } from '../activation';
import type { Activation, Scope, Unit } from '../scope';
import { add, batchNorm, concat, conv2d, convTranspose2d, pair, type Pair } from '../torch';

export interface ConvArguments {
  k?: number | Pair;
  s?: number | Pair;
  p?: number | Pair | null;
  g?: number;
  d?: number;
  /** true: the model's default; false: none. */
  act?: boolean | Activation;
}

/** Padding that keeps the size at stride 1. */
function autopad(kernel: number | Pair, dilation: number): Pair {
  const [height, width] = pair(kernel);
  const half = (n: number) => Math.floor((dilation * (n - 1) + 1) / 2);
  return [half(height), half(width)];
}

const chosen = (act: boolean | Activation, fallback: Activation): Activation | null =>
  act === true ? fallback : act === false ? null : act;

const activate = (scope: Scope, act: Activation | null, x: Tensor) => (act ? act(scope.b, x) : x);

/** Convolution without bias, batch norm, activation. */
export function conv(
  scope: Scope,
  c1: number,
  c2: number,
  { k = 1, s = 1, p = null, g = 1, d = 1, act = true }: ConvArguments = {},
): Unit {
  const options = { stride: s, padding: p ?? autopad(k, d), groups: g, dilation: d, bias: false };
  const filter = scope.child('conv', 'Conv2d', (inner) => conv2d(inner, c1, c2, k, options));
  const norm = scope.child('bn', 'BatchNorm2d', (inner) => batchNorm(inner, c2));
  const activation = chosen(act, scope.settings.activation);
  const acting = scope.child('act', 'Activation', (inner) => (x: Tensor) => activate(inner, activation, x));
  return (x) => acting(norm(filter(x)));
}

export const convChild = (scope: Scope, name: string, c1: number, c2: number, options: ConvArguments = {}): Unit =>
  scope.child(name, 'Conv', (inner) => conv(inner, c1, c2, options));

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

export const depthwise = (scope: Scope, c1: number, c2: number, options: ConvArguments = {}): Unit =>
  conv(scope, c1, c2, { ...options, g: gcd(c1, c2) });

export const depthwiseTranspose = (scope: Scope, c1: number, c2: number, k = 1, s = 1, p1 = 0, p2 = 0): Unit =>
  convTranspose2d(scope, c1, c2, k, { stride: s, padding: p1, outputPadding: p2, groups: gcd(c1, c2) });

/** Transposed convolution, batch norm, SiLU (which `activation:` does not change). */
export function convTranspose(scope: Scope, c1: number, c2: number, k = 2, s = 2, p = 0, bn = true, act = true): Unit {
  const up = scope.child('conv_transpose', 'ConvTranspose2d', (inner) =>
    convTranspose2d(inner, c1, c2, k, { stride: s, padding: p, bias: !bn }),
  );
  const norm = bn ? scope.child('bn', 'BatchNorm2d', (inner) => batchNorm(inner, c2)) : (x: Tensor) => x;
  return (x) => activate(scope, act ? silu : null, norm(up(x)));
}

/** Every second pixel of the four phases becomes a channel of its own. */
export function focus(scope: Scope, c1: number, c2: number, options: ConvArguments = {}): Unit {
  const mixed = convChild(scope, 'conv', c1 * 4, c2, options);
  return (x) => {
    const [, , height = 1, width = 1] = x.shape;
    const phase = (top: number, left: number) => scope.b.slice(scope.b.slice(x, 2, top, height, 2), 3, left, width, 2);
    return mixed(concat(scope, [phase(0, 0), phase(1, 0), phase(0, 1), phase(1, 1)]));
  };
}

/** Han et al. 2020 (GhostNet): half of the channels come from a cheap depthwise convolution of the other half. */
export function ghostConv(
  scope: Scope,
  c1: number,
  c2: number,
  { k = 1, s = 1, g = 1, act = true }: ConvArguments = {},
): Unit {
  const half = Math.floor(c2 / 2);
  const first = convChild(scope, 'cv1', c1, half, { k, s, g, act });
  const cheap = convChild(scope, 'cv2', half, half, { k: 5, g: half, act });
  return (x) => {
    const y = first(x);
    return concat(scope, [y, cheap(y)]);
  };
}

/** Ding et al. 2021 (RepVGG) while training: a 3x3 and a 1x1 branch added. */
export function repConv(scope: Scope, c1: number, c2: number, { s = 1, g = 1 }: ConvArguments = {}): Unit {
  const wide = convChild(scope, 'conv1', c1, c2, { k: 3, s, p: 1, g, act: false });
  const narrow = convChild(scope, 'conv2', c1, c2, { k: 1, s, p: 0, g, act: false });
  return (x) => silu(scope.b, add(scope, wide(x), narrow(x)));
}

/** Pointwise, then depthwise convolution. */
export function lightConv(scope: Scope, c1: number, c2: number, k: number): Unit {
  const point = convChild(scope, 'conv1', c1, c2, { act: false });
  const depth = scope.child('conv2', 'DWConv', (inner) => depthwise(inner, c2, c2, { k, act: relu }));
  return (x) => depth(point(x));
}
