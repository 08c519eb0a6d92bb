import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import type { Scope, Unit } from '../scope';
import { avgPool, concat, conv2d, maxPool, split, upsample } from '../torch';
import { convChild } from './conv';

const samePool = (scope: Scope, name: string, k: number): Unit =>
  scope.child(name, 'MaxPool2d', (inner) => maxPool(inner, k, { stride: 1, padding: Math.floor(k / 2) }));

/** He et al. 2015: one convolution, pools of several sizes side by side. */
export function spp(scope: Scope, c1: number, c2: number, kernels: readonly number[] = [5, 9, 13]): Unit {
  const c = Math.floor(c1 / 2);
  const into = convChild(scope, 'cv1', c1, c);
  const out = convChild(scope, 'cv2', c * (kernels.length + 1), c2);
  const pools = scope.list('m', kernels, 'MaxPool2d', (inner, k) =>
    maxPool(inner, k, { stride: 1, padding: Math.floor(k / 2) }),
  );
  return (x) => {
    const y = into(x);
    return out(concat(scope, [y, ...pools.map((pool) => pool(y))]));
  };
}

/** `n` pools of the same size in a row, all outputs joined. */
export function sppf(scope: Scope, c1: number, c2: number, k = 5, n = 3): Unit {
  const c = Math.floor(c1 / 2);
  const into = convChild(scope, 'cv1', c1, c);
  const out = convChild(scope, 'cv2', c * (n + 1), c2);
  const pool = samePool(scope, 'm', k);
  return (x) => {
    const parts = [into(x)];
    for (let i = 0; i < n; i++) parts.push(pool(parts.at(-1) ?? x));
    return out(concat(scope, parts));
  };
}

export function sppElan(scope: Scope, c1: number, c2: number, c3: number, k = 5): Unit {
  const into = convChild(scope, 'cv1', c1, c3);
  const pools = ['cv2', 'cv3', 'cv4'].map((name) => samePool(scope, name, k));
  const out = convChild(scope, 'cv5', 4 * c3, c2);
  return (x) => {
    const parts = [into(x)];
    for (const pool of pools) parts.push(pool(parts.at(-1) ?? x));
    return out(concat(scope, parts));
  };
}

const smooth = (scope: Scope): Unit => avgPool(scope, 2, { stride: 1, padding: 0 });

/** Average pooling, then a strided convolution. */
export function aConv(scope: Scope, c1: number, c2: number): Unit {
  const down = convChild(scope, 'cv1', c1, c2, { k: 3, s: 2, p: 1 });
  const pool = smooth(scope);
  return (x) => down(pool(x));
}

/** One half is convolved, the other pooled. */
export function aDown(scope: Scope, c1: number, c2: number): Unit {
  const [from, to] = [Math.floor(c1 / 2), Math.floor(c2 / 2)];
  const convolved = convChild(scope, 'cv1', from, to, { k: 3, s: 2, p: 1 });
  const pooled = convChild(scope, 'cv2', from, to);
  const pool = maxPool(scope, 3, { stride: 2, padding: 1 });
  const average = smooth(scope);
  return (x) => {
    const [a, b] = split(scope, average(x), [from, from]) as [Tensor, Tensor];
    return concat(scope, [convolved(a), pooled(pool(b))]);
  };
}

/** One convolution whose channels are dealt out to several outputs. */
export function cbLinear(scope: Scope, c1: number, widths: readonly number[], k = 1, s = 1): (x: Tensor) => Tensor[] {
  const total = widths.reduce((sum, n) => sum + n, 0);
  const all = scope.child('conv', 'Conv2d', (inner) =>
    conv2d(inner, c1, total, k, { stride: s, padding: Math.floor(k / 2) }),
  );
  return (x) => split(scope, all(x), widths);
}

/** Sum of one output of each source, brought to the last one's size. */
export function cbFuse(scope: Scope, chosen: readonly number[]): (xs: readonly Tensor[][]) => Tensor {
  return (xs) => {
    const [target] = xs.at(-1) ?? [];
    if (!target) throw new Unreadable('bad-argument', 'CBFuse takes at least one input.');
    const size = target.shape.slice(2);
    return xs.slice(0, -1).reduce((sum, source, i) => {
      const part = source[chosen[i] ?? 0];
      if (!part) throw new Unreadable('bad-argument', `CBFuse takes output ${chosen[i] ?? 0} of a module without it.`);
      return scope.b.emit('add', {}, [sum, upsample(scope, part, size, 'nearest', null)], target.shape);
    }, target);
  };
}
