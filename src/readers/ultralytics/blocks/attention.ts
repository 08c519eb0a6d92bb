import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { repeated, type Scope, type Unit } from '../scope';
import { add, concat, split } from '../torch';
import { conv, convChild } from './conv';
import { c2f, type Csp } from './csp';

const product = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);

/** softmax(q k^T / sqrt(width of q)) v on [N, heads, places, width]. `mask` keeps where true. */
export function attend(
  scope: Scope,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { mask, dropout = 0 }: { mask?: Tensor | undefined; dropout?: number } = {},
): Tensor {
  const shape = [...q.shape.slice(0, -1), v.shape.at(-1) ?? 1];
  const attributes = { causal: false, scale: 1 / Math.sqrt(q.shape.at(-1) ?? 1), dropout, mask: mask !== undefined };
  return scope.b.emit('attention', attributes, mask ? [q, k, v, mask] : [q, k, v], shape);
}

/** Attention between all places of a picture, with a depthwise convolution of the values as position code. */
function attention(scope: Scope, dim: number, heads: number, ratio = 0.5): Unit {
  if (heads < 1)
    throw new Unreadable('bad-argument', `Attention over ${dim} channels has no head: it needs at least 64.`);
  const { b } = scope;
  const width = Math.floor(dim / heads);
  const keys = Math.trunc(width * ratio);
  const qkv = convChild(scope, 'qkv', dim, dim + 2 * keys * heads, { act: false });
  const proj = convChild(scope, 'proj', dim, dim, { act: false });
  const position = convChild(scope, 'pe', dim, dim, { k: 3, g: dim, act: false });
  return (x) => {
    const [batch = 1] = x.shape;
    const places = product(x.shape.slice(2));
    const heaped = b.reshape(qkv(x), [batch, heads, 2 * keys + width, places]);
    const [q, k, v] = split(scope, heaped, [keys, keys, width], 2) as [Tensor, Tensor, Tensor];
    const [qt, kt, vt] = [q, k, v].map((part) => b.permute(part, [0, 1, 3, 2])) as [Tensor, Tensor, Tensor];
    const mixed = b.reshape(b.permute(attend(scope, qt, kt, vt), [0, 1, 3, 2]), x.shape);
    return proj(add(scope, mixed, position(b.reshape(v, x.shape))));
  };
}

/** Attention and feed-forward, each added to its input. */
function attendAndFeed(scope: Scope, c: number, heads: number, shortcut = true): Unit {
  const attn = scope.child('attn', 'Attention', (inner) => attention(inner, c, heads));
  const ffn = scope.sequence('ffn', [
    { type: 'Conv', build: (inner) => conv(inner, c, 2 * c) },
    { type: 'Conv', build: (inner) => conv(inner, 2 * c, c, { act: false }) },
  ]);
  return (x) => {
    const y = shortcut ? add(scope, x, attn(x)) : attn(x);
    return shortcut ? add(scope, y, ffn(y)) : ffn(y);
  };
}

function sameWidth(name: string, c1: number, c2: number): void {
  if (c1 !== c2)
    throw new Unreadable('shape-mismatch', `${name} keeps its width, but goes from ${c1} to ${c2} channels.`);
}

export function psa(scope: Scope, c1: number, c2: number, e = 0.5): Unit {
  sameWidth('PSA', c1, c2);
  const c = Math.trunc(c1 * e);
  const into = convChild(scope, 'cv1', c1, 2 * c);
  const out = convChild(scope, 'cv2', 2 * c, c1);
  const deep = attendAndFeed(scope, c, Math.floor(c / 64));
  return (x) => {
    const [a, b] = split(scope, into(x), [c, c]) as [Tensor, Tensor];
    return out(concat(scope, [a, deep(b)]));
  };
}

const psaBlock = (scope: Scope, c: number): Unit => attendAndFeed(scope, c, Math.floor(c / 64));

export function c2Psa(scope: Scope, c1: number, c2: number, n: number, e = 0.5): Unit {
  sameWidth('C2PSA', c1, c2);
  const c = Math.trunc(c1 * e);
  const into = convChild(scope, 'cv1', c1, 2 * c);
  const out = convChild(scope, 'cv2', 2 * c, c1);
  const deep = scope.sequence('m', repeated(n, { type: 'PSABlock', build: (inner: Scope) => psaBlock(inner, c) }));
  return (x) => {
    const [a, b] = split(scope, into(x), [c, c]) as [Tensor, Tensor];
    return out(concat(scope, [a, deep(b)]));
  };
}

export function c2fPsa(scope: Scope, c1: number, c2: number, n: number, e = 0.5): Unit {
  sameWidth('C2fPSA', c1, c2);
  const csp: Csp = { n, shortcut: false, g: 1, e };
  return c2f(scope, c1, c2, csp, { type: 'PSABlock', build: psaBlock });
}
