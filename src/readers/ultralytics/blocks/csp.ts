import type { Tensor } from '../../graphBuilder';
import { silu } from '../activation';
import { repeated, type Scope, type Unit } from '../scope';
import { add, batchNorm, concat, conv2d, type Pair, split } from '../torch';
import { conv, convChild, depthwise, ghostConv, repConv } from './conv';

export interface Csp {
  n: number;
  shortcut: boolean;
  g: number;
  e: number;
}

type Kernels = readonly [number | Pair, number | Pair];

/** Two convolutions, added to their input where the sizes agree. */
export function bottleneck(
  scope: Scope,
  c1: number,
  c2: number,
  { shortcut = true, g = 1, k = [3, 3] as Kernels, e = 0.5, rep = false } = {},
): Unit {
  const hidden = Math.trunc(c2 * e);
  const first = rep
    ? scope.child('cv1', 'RepConv', (inner) => repConv(inner, c1, hidden))
    : convChild(scope, 'cv1', c1, hidden, { k: k[0] });
  const second = convChild(scope, 'cv2', hidden, c2, { k: k[1], g });
  const skips = shortcut && c1 === c2;
  return (x) => (skips ? add(scope, x, second(first(x))) : second(first(x)));
}

/** Builds the inner units of a stage, of `c` channels each. */
export interface Inner {
  type: string;
  build: (scope: Scope, c: number) => Unit;
}

/** One module in the place of all inner units. */
interface Whole {
  type: string;
  whole: (scope: Scope, c: number) => Unit;
}

const plain = ({ shortcut, g }: Csp, k: Kernels): Inner => ({
  type: 'Bottleneck',
  build: (scope, c) => bottleneck(scope, c, c, { shortcut, g, k, e: 1 }),
});

/** Wang et al. 2020 (CSPNet) in the form of YOLOv8: both halves and every inner output are joined. */
export function c2f(scope: Scope, c1: number, c2: number, csp: Csp, inner: Inner = plain(csp, [3, 3])): Unit {
  const c = Math.trunc(c2 * csp.e);
  const into = convChild(scope, 'cv1', c1, 2 * c);
  const out = convChild(scope, 'cv2', (2 + csp.n) * c, c2);
  const units = scope.list('m', repeated(csp.n, c), inner.type, inner.build);
  return (x) => {
    const parts = split(scope, into(x), [c, c]);
    for (const unit of units) {
      const last = parts.at(-1);
      if (last) parts.push(unit(last));
    }
    return out(concat(scope, parts));
  };
}

/** Two 1x1 branches, one of them through the inner units. */
export function c3(scope: Scope, c1: number, c2: number, csp: Csp, inner: Inner | Whole = plain(csp, [1, 3])): Unit {
  const c = Math.trunc(c2 * csp.e);
  const into = convChild(scope, 'cv1', c1, c);
  const aside = convChild(scope, 'cv2', c1, c);
  const out = convChild(scope, 'cv3', 2 * c, c2);
  const deep =
    'whole' in inner
      ? scope.child('m', inner.type, (own) => inner.whole(own, c))
      : scope.sequence('m', sequenceOf(csp.n, inner, c));
  return (x) => out(concat(scope, [deep(into(x)), aside(x)]));
}

const sequenceOf = (n: number, { type, build }: Inner, c: number) =>
  repeated(n, { type, build: (scope: Scope) => build(scope, c) });

/** A C3 whose bottlenecks have kernels of k x k. */
export const c3k = (scope: Scope, c1: number, c2: number, csp: Csp, k = 3): Unit =>
  c3(scope, c1, c2, csp, plain(csp, [k, k]));

export const c3x = (scope: Scope, c1: number, c2: number, csp: Csp): Unit =>
  c3(
    scope,
    c1,
    c2,
    csp,
    plain(csp, [
      [1, 3],
      [3, 1],
    ]),
  );

export const c3Ghost = (scope: Scope, c1: number, c2: number, csp: Csp): Unit =>
  c3(scope, c1, c2, csp, { type: 'GhostBottleneck', build: (inner, c) => ghostBottleneck(inner, c, c) });

export function c3k2(scope: Scope, c1: number, c2: number, nested: boolean, csp: Csp): Unit {
  const { shortcut, g } = csp;
  return c2f(
    scope,
    c1,
    c2,
    csp,
    nested
      ? { type: 'C3k', build: (inner, c) => c3k(inner, c, c, { n: 2, shortcut, g, e: 0.5 }) }
      : { type: 'Bottleneck', build: (inner, c) => bottleneck(inner, c, c, { shortcut, g }) },
  );
}

export function c1Block(scope: Scope, c1: number, c2: number, n: number): Unit {
  const into = convChild(scope, 'cv1', c1, c2);
  const inner: Inner = { type: 'Conv', build: (own, c) => conv(own, c, c, { k: 3 }) };
  const deep = scope.sequence('m', sequenceOf(n, inner, c2));
  return (x) => {
    const y = into(x);
    return add(scope, deep(y), y);
  };
}

export function c2Block(scope: Scope, c1: number, c2: number, csp: Csp): Unit {
  const c = Math.trunc(c2 * csp.e);
  const into = convChild(scope, 'cv1', c1, 2 * c);
  const out = convChild(scope, 'cv2', 2 * c, c2);
  const deep = scope.sequence('m', sequenceOf(csp.n, plain(csp, [3, 3]), c));
  return (x) => {
    const [a, b] = split(scope, into(x), [c, c]) as [Tensor, Tensor];
    return out(concat(scope, [deep(a), b]));
  };
}

export function bottleneckCsp(scope: Scope, c1: number, c2: number, csp: Csp): Unit {
  const c = Math.trunc(c2 * csp.e);
  const into = convChild(scope, 'cv1', c1, c);
  const aside = scope.child('cv2', 'Conv2d', (inner) => conv2d(inner, c1, c, 1, { bias: false }));
  const after = scope.child('cv3', 'Conv2d', (inner) => conv2d(inner, c, c, 1, { bias: false }));
  const out = convChild(scope, 'cv4', 2 * c, c2);
  const norm = scope.child('bn', 'BatchNorm2d', (inner) => batchNorm(inner, 2 * c));
  const { shortcut, g } = csp;
  const inner: Inner = { type: 'Bottleneck', build: (own, n) => bottleneck(own, n, n, { shortcut, g, e: 1 }) };
  const deep = scope.sequence('m', sequenceOf(csp.n, inner, c));
  return (x) => out(silu(scope.b, norm(concat(scope, [after(deep(into(x))), aside(x)]))));
}

export function ghostBottleneck(scope: Scope, c1: number, c2: number, k = 3, s = 1): Unit {
  const half = Math.floor(c2 / 2);
  const identity = { type: 'Identity', build: () => (x: Tensor) => x };
  const path = scope.sequence('conv', [
    { type: 'GhostConv', build: (inner) => ghostConv(inner, c1, half) },
    s === 2 ? { type: 'DWConv', build: (inner) => depthwise(inner, half, half, { k, s, act: false }) } : identity,
    { type: 'GhostConv', build: (inner) => ghostConv(inner, half, c2, { act: false }) },
  ]);
  if (s !== 2) return (x) => add(scope, path(x), x);
  const shortcut = scope.sequence('shortcut', [
    { type: 'DWConv', build: (inner) => depthwise(inner, c1, c1, { k, s, act: false }) },
    { type: 'Conv', build: (inner) => conv(inner, c1, c2, { act: false }) },
  ]);
  return (x) => add(scope, path(x), shortcut(x));
}
