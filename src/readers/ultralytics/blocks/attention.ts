import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { repeated, type Scope, type Unit } from '../scope';
import { add, concat, split } from '../torch';
import { conv, convChild } from './conv';
import { c2f, c3k, type Csp } from './csp';

const product = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);

/** softmax(q k^T / sqrt(width of q)) v on [N, heads, places, width]. */
function attend(scope: Scope, q: Tensor, k: Tensor, v: Tensor): Tensor {
  const shape = [...q.shape.slice(0, -1), v.shape.at(-1) ?? 1];
  const scale = 1 / Math.sqrt(q.shape.at(-1) ?? 1);
  return scope.b.emit('attention', { causal: false, scale, dropout: 0, mask: false }, [q, k, v], shape);
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

/** Tian et al. 2025 (YOLO12): attention inside each of `area` strips of the picture. */
function areaAttention(scope: Scope, dim: number, heads: number, area: number): Unit {
  const { b } = scope;
  const width = Math.floor(dim / heads);
  const all = width * heads;
  const qkv = convChild(scope, 'qkv', dim, 3 * all, { act: false });
  const proj = convChild(scope, 'proj', all, dim, { act: false });
  const position = convChild(scope, 'pe', all, dim, { k: 7, p: 3, g: dim, act: false });
  return (x) => {
    const [batch = 1, , height = 1, breadth = 1] = x.shape;
    const places = height * breadth;
    if (places % area !== 0)
      throw new Unreadable('shape-mismatch', `${height} x ${breadth} places do not divide into ${area} areas.`);
    const groups = batch * area;
    const inside = places / area;
    const flat = b.permute(b.reshape(qkv(x), [batch, 3 * all, places]), [0, 2, 1]);
    const perHead = b.permute(b.reshape(flat, [groups, inside, heads, 3 * width]), [0, 2, 1, 3]);
    const [q, k, v] = split(scope, perHead, [width, width, width], 3) as [Tensor, Tensor, Tensor];
    const picture = (y: Tensor) =>
      b.permute(b.reshape(b.permute(y, [0, 2, 1, 3]), [batch, height, breadth, all]), [0, 3, 1, 2]);
    return proj(add(scope, picture(attend(scope, q, k, v)), position(picture(v))));
  };
}

function areaBlock(scope: Scope, dim: number, heads: number, ratio: number, area: number): Unit {
  const hidden = Math.trunc(dim * ratio);
  const attn = scope.child('attn', 'AAttn', (inner) => areaAttention(inner, dim, heads, area));
  const mlp = scope.sequence('mlp', [
    { type: 'Conv', build: (inner) => conv(inner, dim, hidden) },
    { type: 'Conv', build: (inner) => conv(inner, hidden, dim, { act: false }) },
  ]);
  return (x) => {
    const y = add(scope, x, attn(x));
    return add(scope, y, mlp(y));
  };
}

export interface AreaStage {
  n: number;
  attention: boolean;
  area: number;
  residual: boolean;
  ratio: number;
  e: number;
  g: number;
  shortcut: boolean;
}

/** `trunc_normal_(std=0.02)`, cut at -2 and 2: what the area blocks draw their convolutions from. */
const AREA_WEIGHTS = { kind: 'truncatedNormal', mean: 0, std: 0.02, low: -2, high: 2 } as const;

/** The R-ELAN stage of YOLO12. */
export function a2c2f(scope: Scope, c1: number, c2: number, stage: AreaStage): Unit {
  const c = Math.trunc(c2 * stage.e);
  if (c % 32 !== 0) throw new Unreadable('bad-argument', `A2C2f needs a multiple of 32 hidden channels, not ${c}.`);
  // A parameter of the module itself comes before those of its children.
  const gamma =
    stage.attention && stage.residual ? scope.parameter('gamma', [c2], { kind: 'constant', value: 0.01 }) : null;
  const into = convChild(scope, 'cv1', c1, c);
  const out = convChild(scope, 'cv2', (1 + stage.n) * c, c2);
  const area = stage.area;
  const settings = { ...scope.settings, convolution: AREA_WEIGHTS };
  const block = (inner: Scope): Unit => areaBlock(inner, c, c / 32, stage.ratio, area);
  const units = scope.list('m', repeated(stage.n, c), stage.attention ? 'Sequential' : 'C3k', (inner) => {
    if (!stage.attention) return c3k(inner, c, c, { n: 2, shortcut: stage.shortcut, g: stage.g, e: 0.5 });
    const pair = ['0', '1'].map((name) => inner.child(name, 'ABlock', block, settings));
    return (x) => pair.reduce((y, unit) => unit(y), x);
  });
  return (x) => {
    const parts = [into(x)];
    for (const unit of units) parts.push(unit(parts.at(-1) ?? x));
    const y = out(concat(scope, parts));
    if (gamma === null) return y;
    const scaled = scope.b.emit('mul', {}, [y, scope.b.reshape(gamma, [1, c2, 1, 1])], y.shape);
    return add(scope, x, scaled);
  };
}
