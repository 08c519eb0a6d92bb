import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { repeated, type Scope, type Unit } from '../scope';
import { add, concat, split } from '../torch';
import { attend } from './attention';
import { conv, convChild } from './conv';
import { c3k } from './csp';

/**
 * The two published forms of area attention: that of the Ultralytics package, and that of the authors' own repository ("turbo"), which
 * projects the values apart from queries and keys and codes positions with a smaller kernel.
 */
export type AreaForm = 'ultralytics' | 'turbo';

/** Tian et al. 2025 (YOLO12): attention inside each of `area` strips of the picture. */
function areaAttention(scope: Scope, dim: number, { heads, area, form }: AreaOptions): Unit {
  const { b } = scope;
  const width = Math.floor(dim / heads);
  const all = width * heads;
  const project = form === 'turbo' ? apart(scope, dim, heads) : together(scope, dim, heads);
  const proj = convChild(scope, 'proj', all, dim, { act: false });
  const k = form === 'turbo' ? 5 : 7;
  const position = convChild(scope, 'pe', all, dim, { k, p: Math.floor(k / 2), g: dim, act: false });
  return (x) => {
    const [batch = 1, , height = 1, breadth = 1] = x.shape;
    const places = height * breadth;
    if (places % area !== 0)
      throw new Unreadable('shape-mismatch', `${height} x ${breadth} places do not divide into ${area} areas.`);
    /** [N, C, H, W] as [N * areas, heads, places of an area, C / heads]. */
    const perHead = (y: Tensor): Tensor => {
      const channels = y.shape[1] ?? 1;
      const flat = b.permute(b.reshape(y, [batch, channels, places]), [0, 2, 1]);
      return b.permute(b.reshape(flat, [batch * area, places / area, heads, channels / heads]), [0, 2, 1, 3]);
    };
    const picture = (y: Tensor) =>
      b.permute(b.reshape(b.permute(y, [0, 2, 1, 3]), [batch, height, breadth, all]), [0, 3, 1, 2]);
    const [q, key, v] = project(x, perHead);
    return proj(add(scope, picture(attend(scope, q, key, v)), position(picture(v))));
  };
}

interface AreaOptions {
  heads: number;
  area: number;
  form: AreaForm;
}

/** Queries, keys and values of a picture, each cut by `perHead`. */
type Projection = (x: Tensor, perHead: (y: Tensor) => Tensor) => [Tensor, Tensor, Tensor];

/** One convolution; each head's queries, keys and values stand side by side. */
function together(scope: Scope, dim: number, heads: number): Projection {
  const width = Math.floor(dim / heads);
  const qkv = convChild(scope, 'qkv', dim, 3 * width * heads, { act: false });
  return (x, perHead) => split(scope, perHead(qkv(x)), [width, width, width], 3) as [Tensor, Tensor, Tensor];
}

/** One convolution for queries and keys, all heads' queries first, and one for the values. */
function apart(scope: Scope, dim: number, heads: number): Projection {
  const all = Math.floor(dim / heads) * heads;
  const both = convChild(scope, 'qk', dim, 2 * all, { act: false });
  const values = convChild(scope, 'v', dim, all, { act: false });
  return (x, perHead) => {
    const [q, k] = split(scope, both(x), [all, all]) as [Tensor, Tensor];
    return [perHead(q), perHead(k), perHead(values(x))];
  };
}

function areaBlock(scope: Scope, dim: number, ratio: number, options: AreaOptions): Unit {
  const hidden = Math.trunc(dim * ratio);
  const attn = scope.child('attn', 'AAttn', (inner) => areaAttention(inner, dim, options));
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
  form: AreaForm;
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
  const settings = { ...scope.settings, convolution: AREA_WEIGHTS };
  const block = (inner: Scope): Unit => areaBlock(inner, c, stage.ratio, { ...stage, heads: c / 32 });
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
