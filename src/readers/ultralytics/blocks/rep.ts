import type { Tensor } from '../../graphBuilder';
import { silu } from '../activation';
import { repeated, type Scope, type Unit } from '../scope';
import { add, concat, split } from '../torch';
import { conv, convChild, repConv } from './conv';
import { bottleneck, c2f, c3, type Csp } from './csp';

/** The neck stage of RT-DETR. */
export function repC3(scope: Scope, c1: number, c2: number, n: number, e = 1): Unit {
  const c = Math.trunc(c2 * e);
  const into = convChild(scope, 'cv1', c1, c);
  const aside = convChild(scope, 'cv2', c1, c);
  const deep = scope.sequence('m', repeated(n, { type: 'RepConv', build: (inner: Scope) => repConv(inner, c, c) }));
  const out = c === c2 ? (x: Tensor) => x : convChild(scope, 'cv3', c, c2);
  return (x) => out(add(scope, deep(into(x)), aside(x)));
}

const repCsp = (scope: Scope, c1: number, c2: number, n: number): Unit => {
  const csp: Csp = { n, shortcut: true, g: 1, e: 0.5 };
  return c3(scope, c1, c2, csp, {
    type: 'RepBottleneck',
    build: (inner, c) => bottleneck(inner, c, c, { e: 1, rep: true }),
  });
};

/** Wang et al. 2024 (YOLOv9, GELAN): two stages in a row, all outputs joined. `n` null is ELAN with plain convolutions. */
export function elan(scope: Scope, c1: number, c2: number, c3Width: number, c4: number, n: number | null): Unit {
  const half = Math.floor(c3Width / 2);
  const into = convChild(scope, 'cv1', c1, c3Width);
  const stage = (name: string, from: number): Unit =>
    n === null
      ? convChild(scope, name, from, c4, { k: 3 })
      : scope.sequence(name, [
          { type: 'RepCSP', build: (inner) => repCsp(inner, from, c4, n) },
          { type: 'Conv', build: (inner) => conv(inner, c4, c4, { k: 3 }) },
        ]);
  const first = stage('cv2', half);
  const second = stage('cv3', c4);
  const out = convChild(scope, 'cv4', c3Width + 2 * c4, c2);
  return (x) => {
    const [a, b] = split(scope, into(x), [half, half]) as [Tensor, Tensor];
    const y = first(b);
    return out(concat(scope, [a, b, y, second(y)]));
  };
}

/** A 7x7 and a 3x3 depthwise convolution added. */
function repVggDw(scope: Scope, c: number): Unit {
  const wide = convChild(scope, 'conv', c, c, { k: 7, p: 3, g: c, act: false });
  const narrow = convChild(scope, 'conv1', c, c, { k: 3, p: 1, g: c, act: false });
  return (x) => silu(scope.b, add(scope, wide(x), narrow(x)));
}

/** Wang et al. 2024 (YOLOv10): depthwise and pointwise convolutions in turn. */
function cib(scope: Scope, c1: number, c2: number, shortcut: boolean, e: number, large: boolean): Unit {
  const hidden = 2 * Math.trunc(c2 * e);
  const path = scope.sequence('cv1', [
    { type: 'Conv', build: (inner) => conv(inner, c1, c1, { k: 3, g: c1 }) },
    { type: 'Conv', build: (inner) => conv(inner, c1, hidden) },
    large
      ? { type: 'RepVGGDW', build: (inner) => repVggDw(inner, hidden) }
      : { type: 'Conv', build: (inner) => conv(inner, hidden, hidden, { k: 3, g: hidden }) },
    { type: 'Conv', build: (inner) => conv(inner, hidden, c2) },
    { type: 'Conv', build: (inner) => conv(inner, c2, c2, { k: 3, g: c2 }) },
  ]);
  const skips = shortcut && c1 === c2;
  return (x) => (skips ? add(scope, x, path(x)) : path(x));
}

export const c2fCib = (scope: Scope, c1: number, c2: number, csp: Csp, large: boolean): Unit =>
  c2f(scope, c1, c2, csp, { type: 'CIB', build: (inner, c) => cib(inner, c, c, csp.shortcut, 1, large) });

/** Pointwise, then strided depthwise convolution. */
export function scDown(scope: Scope, c1: number, c2: number, k: number, s: number): Unit {
  const point = convChild(scope, 'cv1', c1, c2);
  const depth = convChild(scope, 'cv2', c2, c2, { k, s, g: c2, act: false });
  return (x) => depth(point(x));
}
