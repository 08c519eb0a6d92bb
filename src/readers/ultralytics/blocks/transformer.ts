import type { Initialiser } from '../../../graph/initialiser';
import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { repeated, type Scope, type Unit } from '../scope';
import { add, fanInUniform, linear, split } from '../torch';
import { attend } from './attention';
import { convChild } from './conv';
import type { Csp } from './csp';
import { c3 } from './csp';

/** Glorot & Bengio 2010, `nn.init.xavier_uniform_` of a weight [out, in]. */
export const xavierUniform = (input: number, output: number): Initialiser => {
  const limit = Math.sqrt(6 / (input + output));
  return { kind: 'uniform', low: -limit, high: limit };
};

export const constant = (value: number): Initialiser => ({ kind: 'constant', value });

/** nn.LayerNorm over the last axis of `width`. */
export function layerNorm(scope: Scope, width: number): Unit {
  const gamma = scope.parameter('weight', [width], constant(1));
  const beta = scope.parameter('bias', [width], constant(0));
  return (x) => {
    const axes = [x.shape.length - 1];
    return scope.b.emit('layerNorm', { axes, epsilon: 1e-5, scale: true, offset: true }, [x, gamma, beta], x.shape);
  };
}

export type Attending = (query: Tensor, key: Tensor, value: Tensor, mask?: Tensor) => Tensor;

/** nn.MultiheadAttention on [N, places, width], its three projections stacked in one weight. `mask` keeps where true. */
export function multiheadAttention(scope: Scope, width: number, heads: number, dropout = 0): Attending {
  if (width % heads !== 0)
    throw new Unreadable('bad-argument', `${width} channels do not divide into ${heads} attention heads.`);
  const { b } = scope;
  const weight = scope.parameter('in_proj_weight', [3 * width, width], xavierUniform(width, 3 * width));
  const bias = scope.parameter('in_proj_bias', [3 * width], constant(0));
  const out = scope.child('out_proj', 'Linear', (inner) =>
    linear(inner, width, width, { weightInitialiser: fanInUniform(width), biasInitialiser: constant(0) }),
  );
  return (query, key, value, mask) => {
    const weights = split(scope, weight, [width, width, width], 0);
    const biases = split(scope, bias, [width, width, width], 0);
    const [q, k, v] = [query, key, value].map((x, i) => {
      const [batch = 1, places = 1] = x.shape;
      const operands = [x, weights[i], biases[i]].filter((operand) => operand !== undefined);
      const projected = b.emit('linear', { weightLayout: 'outIn' }, operands, [batch, places, width]);
      return b.permute(b.reshape(projected, [batch, places, heads, width / heads]), [0, 2, 1, 3]);
    }) as [Tensor, Tensor, Tensor];
    const attended = attend(scope, q, k, v, { mask, dropout });
    return out(b.reshape(b.permute(attended, [0, 2, 1, 3]), query.shape));
  };
}

/** [N, C, H, W] as [N, places, C]. */
export function toSequence(scope: Scope, x: Tensor): Tensor {
  const [batch = 1, channels = 1, height = 1, breadth = 1] = x.shape;
  return scope.b.permute(scope.b.reshape(x, [batch, channels, height * breadth]), [0, 2, 1]);
}

/** [N, places, C] as a picture of the shape given. */
const toPicture = (scope: Scope, x: Tensor, shape: readonly number[]): Tensor =>
  scope.b.reshape(scope.b.permute(x, [0, 2, 1]), shape);

const MOST_CODES = 4_000_000;

/**
 * Sine and cosine codes of two coordinates, a quarter of the channels each, [1, places, channels]. The places are numbered column by
 * column, as the package does, although those of the picture run row by row.
 */
function positions(scope: Scope, channels: number, height: number, breadth: number): Tensor {
  if (channels * height * breadth > MOST_CODES)
    throw new Unreadable(
      'too-large',
      `AIFI over ${channels} channels and ${height * breadth} places is too large to read.`,
    );
  if (channels % 4 !== 0)
    throw new Unreadable('bad-argument', `AIFI needs a multiple of four channels, not ${channels}.`);
  const quarter = channels / 4;
  const rates = Array.from({ length: quarter }, (_, i) => 10_000 ** (-i / quarter));
  const values = Array.from({ length: height * breadth }, (_, place) => {
    const [column, row] = [Math.floor(place / height), place % height];
    return [column, row].flatMap((n) => [
      ...rates.map((rate) => Math.sin(n * rate)),
      ...rates.map((rate) => Math.cos(n * rate)),
    ]);
  });
  return scope.b.constant(values.flat(), [1, height * breadth, channels]);
}

export interface EncoderLayer {
  hidden: number;
  heads: number;
  dropout: number;
  normaliseFirst: boolean;
}

/** Zhao et al. 2023 (RT-DETR): one transformer encoder layer over the places of the coarsest map. */
export function aifi(scope: Scope, c: number, { hidden, heads, dropout, normaliseFirst }: EncoderLayer): Unit {
  const { b } = scope;
  const attention = scope.child('ma', 'MultiheadAttention', (inner) => multiheadAttention(inner, c, heads, dropout));
  const widen = scope.child('fc1', 'Linear', (inner) => linear(inner, c, hidden));
  const narrow = scope.child('fc2', 'Linear', (inner) => linear(inner, hidden, c));
  const first = scope.child('norm1', 'LayerNorm', (inner) => layerNorm(inner, c));
  const second = scope.child('norm2', 'LayerNorm', (inner) => layerNorm(inner, c));
  const drop = (x: Tensor): Tensor =>
    dropout === 0
      ? x
      : b.emit('dropout', { rate: dropout, sharedAxes: [], alpha: false, draw: b.nextDraw() }, [x], x.shape);
  const feed = (x: Tensor) => {
    const wide = widen(x);
    return drop(narrow(drop(b.emit('gelu', { approximate: 'none' }, [wide], wide.shape))));
  };
  return (x) => {
    const [, , height = 1, breadth = 1] = x.shape;
    const sequence = toSequence(scope, x);
    const codes = positions(scope, c, height, breadth);
    const attended = (y: Tensor) => {
      const coded = b.emit('add', {}, [y, codes], y.shape);
      return drop(attention(coded, coded, y));
    };
    if (normaliseFirst) {
      const y = add(scope, sequence, attended(first(sequence)));
      return toPicture(scope, add(scope, y, feed(second(y))), x.shape);
    }
    const y = first(add(scope, sequence, attended(sequence)));
    return toPicture(scope, second(add(scope, y, feed(y))), x.shape);
  };
}

/** Dosovitskiy et al. 2021 without its layer norms. */
function bareLayer(scope: Scope, c: number, heads: number): Unit {
  const plain = (name: string) => scope.child(name, 'Linear', (inner) => linear(inner, c, c, { bias: false }));
  const [q, k, v] = [plain('q'), plain('k'), plain('v')];
  const attention = scope.child('ma', 'MultiheadAttention', (inner) => multiheadAttention(inner, c, heads));
  const [first, second] = [plain('fc1'), plain('fc2')];
  return (x) => {
    const y = add(scope, attention(q(x), k(x), v(x)), x);
    return add(scope, second(first(y)), y);
  };
}

function transformerBlock(scope: Scope, c1: number, c2: number, heads: number, layers: number): Unit {
  const into = c1 === c2 ? (x: Tensor) => x : convChild(scope, 'conv', c1, c2);
  const position = scope.child('linear', 'Linear', (inner) => linear(inner, c2, c2));
  const deep = scope.sequence(
    'tr',
    repeated(layers, { type: 'TransformerLayer', build: (inner: Scope) => bareLayer(inner, c2, heads) }),
  );
  return (x) => {
    const y = into(x);
    const sequence = toSequence(scope, y);
    return toPicture(scope, deep(add(scope, sequence, position(sequence))), y.shape);
  };
}

/** A C3 whose inner units are transformer layers over all places. */
export const c3Transformer = (scope: Scope, c1: number, c2: number, csp: Csp): Unit =>
  c3(scope, c1, c2, csp, {
    type: 'TransformerBlock',
    whole: (inner, c) => transformerBlock(inner, c, c, 4, csp.n),
  });
