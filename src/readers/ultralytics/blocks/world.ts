import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { repeated, type Scope } from '../scope';
import { add, batchNorm, concat, conv2d, linear, split } from '../torch';
import { attend } from './attention';
import { convChild } from './conv';
import { bottleneck, type Csp } from './csp';
import { boxBranches, branch, type DetectOptions, distances, type Head, joined } from './heads';
import { constant, layerNorm } from './transformer';

// Cheng et al. 2024 (YOLO-World): pictures and class names meet; `text` is one feature vector a class, [N, classes, width].

/** Each place is weighted by how well it goes with the class that it goes with best. */
function maxSigmoidAttention(scope: Scope, c: number, heads: number, embedding: number, textWidth: number) {
  const { b } = scope;
  const share = Math.floor(c / heads);
  if (share * heads !== embedding)
    throw new Unreadable(
      'bad-argument',
      `C2fAttn's ${embedding} embedding channels are not ${heads} heads of ${share}.`,
    );
  const offset = scope.parameter('bias', [heads], constant(0));
  const embed = c === embedding ? (x: Tensor) => x : convChild(scope, 'ec', c, embedding, { act: false });
  const guide = scope.child('gl', 'Linear', (inner) => linear(inner, textWidth, embedding));
  const project = convChild(scope, 'proj_conv', c, c, { k: 3, act: false });
  return (x: Tensor, text: Tensor): Tensor => {
    const [batch = 1, , height = 1, breadth = 1] = x.shape;
    const [places, classes] = [height * breadth, text.shape[1] ?? 1];
    const words = b.permute(b.reshape(guide(text), [batch, classes, heads, share]), [0, 2, 3, 1]);
    const seen = b.permute(b.reshape(embed(x), [batch, heads, share, places]), [0, 1, 3, 2]);
    const match = b.emit(
      'matmul',
      { transposeA: false, transposeB: false },
      [seen, words],
      [batch, heads, places, classes],
    );
    const best = b.emit('max', { axes: [3], keepDims: false }, [match], [batch, heads, places]);
    const scaled = b.emit('div', {}, [best, b.constant([Math.sqrt(share)], [])], best.shape);
    const shifted = b.emit('add', {}, [scaled, b.reshape(offset, [1, heads, 1])], best.shape);
    const weights = b.reshape(b.same('sigmoid', shifted), [batch, heads, 1, places]);
    const values = b.reshape(project(x), [batch, heads, c / heads, places]);
    return b.reshape(b.emit('mul', {}, [values, weights], values.shape), x.shape);
  };
}

/** A C2f with one more output joined: the last one, weighted by the text. */
export function c2fAttention(
  scope: Scope,
  c1: number,
  c2: number,
  csp: Csp,
  { embedding, heads, textWidth }: { embedding: number; heads: number; textWidth: number },
): (x: Tensor, text: Tensor) => Tensor {
  const c = Math.trunc(c2 * csp.e);
  const into = convChild(scope, 'cv1', c1, 2 * c);
  const out = convChild(scope, 'cv2', (3 + csp.n) * c, c2);
  const { shortcut, g } = csp;
  const units = scope.list('m', repeated(csp.n, c), 'Bottleneck', (inner) =>
    bottleneck(inner, c, c, { shortcut, g, e: 1 }),
  );
  const attention = scope.child('attn', 'MaxSigmoidAttnBlock', (inner) =>
    maxSigmoidAttention(inner, c, heads, embedding, textWidth),
  );
  return (x, text) => {
    const parts = split(scope, into(x), [c, c]);
    for (const unit of units) parts.push(unit(parts.at(-1) ?? x));
    parts.push(attention(parts.at(-1) ?? x, text));
    return out(concat(scope, parts));
  };
}

/** Number of heads and of cells a side that the text looks at in each feature map. */
const TEXT_HEADS = 8;
const CELLS = 3;

/** @returns the text features after a look at the picture. */
export function imagePoolingAttention(
  scope: Scope,
  width: number,
  maps: readonly number[],
  textWidth: number,
): (features: readonly Tensor[], text: Tensor) => Tensor {
  const { b } = scope;
  const normed = (name: string, from: number) =>
    scope.sequence(name, [
      { type: 'LayerNorm', build: (inner) => layerNorm(inner, from) },
      { type: 'Linear', build: (inner) => linear(inner, from, width) },
    ]);
  const [query, key, value] = [normed('query', textWidth), normed('key', width), normed('value', width)];
  const out = scope.child('proj', 'Linear', (inner) => linear(inner, width, textWidth));
  const projections = scope.list('projections', maps, 'Conv2d', (inner, c) => conv2d(inner, c, width, 1));
  const share = Math.floor(width / TEXT_HEADS);
  return (features, text) => {
    const [batch = 1, classes = 1] = text.shape;
    const cells = features.flatMap((x, i) => {
      const projected = projections[i]?.(x);
      if (!projected) return [];
      const attributes = { size: [CELLS, CELLS], layout: 'channelsFirst' as const };
      const pooled = b.emit('adaptiveMaxPool', attributes, [projected], [batch, width, CELLS, CELLS]);
      return [b.reshape(pooled, [batch, width, CELLS * CELLS])];
    });
    const patches = b.permute(concat(scope, cells, 2), [0, 2, 1]);
    const heads = (x: Tensor) => b.permute(b.reshape(x, [batch, x.shape[1] ?? 1, TEXT_HEADS, share]), [0, 2, 1, 3]);
    const attended = attend(scope, heads(query(text)), heads(key(patches)), heads(value(patches)));
    return add(scope, out(b.reshape(b.permute(attended, [0, 2, 1, 3]), [batch, classes, width])), text);
  };
}

/** x / max(|x|, 1e-12) along an axis, as `F.normalize`. */
function unitLength(scope: Scope, x: Tensor, axis: number): Tensor {
  const { b } = scope;
  const shape = x.shape.map((n, i) => (i === axis ? 1 : n));
  const length = b.emit('norm', { axes: [axis], keepDims: true, p: 2 }, [x], shape);
  const safe = b.emit('maximum', {}, [length, b.constant([1e-12], [])], shape);
  return b.emit('div', {}, [x, safe], x.shape);
}

/** Scores of each place for each class: the product of both features, scaled and shifted. */
function contrast(scope: Scope, width: number, withNorm: boolean): (x: Tensor, text: Tensor) => Tensor {
  const { b } = scope;
  const bias = scope.parameter('bias', [1], constant(-10));
  const scale = scope.parameter('logit_scale', [], constant(withNorm ? -1 : Math.log(1 / 0.07)));
  const norm = withNorm
    ? scope.child('norm', 'BatchNorm2d', (inner) => batchNorm(inner, width))
    : (x: Tensor) => unitLength(scope, x, 1);
  return (x, text) => {
    const [batch = 1, channels = 1, height = 1, breadth = 1] = x.shape;
    const classes = text.shape[1] ?? 1;
    const seen = b.reshape(norm(x), [batch, channels, height * breadth]);
    const words = unitLength(scope, text, 2);
    const shape = [batch, classes, height * breadth];
    const match = b.emit('matmul', { transposeA: false, transposeB: false }, [words, seen], shape);
    const scaled = b.emit('mul', {}, [match, b.same('exp', scale)], shape);
    return b.reshape(b.emit('add', {}, [scaled, bias], shape), [batch, classes, height, breadth]);
  };
}

/** Boxes as `Detect` gives them; classes by contrast with the text. */
export function worldDetect(
  scope: Scope,
  options: DetectOptions,
  width: number,
  withNorm: boolean,
): (features: readonly Tensor[], text: Tensor) => ReturnType<Head> {
  const boxes = boxBranches(scope, 'cv2', options);
  const hidden = Math.max(options.widths[0] ?? 0, Math.min(options.classes, 100));
  const embeddings = scope.list('cv3', options.widths, 'Sequential', (inner, c) => branch(inner, c, hidden, width));
  distances(scope);
  const type = withNorm ? 'BNContrastiveHead' : 'ContrastiveHead';
  const heads = options.widths.map((_, i) =>
    scope.child(`cv4.${i}`, type, (inner) => contrast(inner, width, withNorm)),
  );
  return (features, text) => {
    const scores = features.flatMap((x, i) => {
      const embedding = embeddings[i]?.(x);
      return embedding ? (heads[i]?.(embedding, text) ?? []) : [];
    });
    return joined(
      scope,
      features.flatMap((x, i) => boxes[i]?.(x) ?? []),
      scores,
    );
  };
}
