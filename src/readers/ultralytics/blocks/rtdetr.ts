import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { relu } from '../activation';
import { repeated, type Scope, type Unit } from '../scope';
import { add, batchNorm, concat, conv2d, fanInUniform, linear } from '../torch';
import { deformableAttention, type MapSizes } from './deformable';
import { denoisingQueries } from './denoising';
import { constant, layerNorm, multiheadAttention, toSequence, xavierUniform } from './transformer';

export interface DecoderOptions {
  classes: number;
  widths: readonly number[];
  /** Channels throughout. */
  hidden: number;
  queries: number;
  points: number;
  heads: number;
  layers: number;
  feedForward: number;
  dropout: number;
  /** Positive denoising queries; none are made at 0. */
  denoising: number;
  learnedQueries: boolean;
}

/** Anchors' side on the finest map, as a share of the picture; doubled from map to map. */
const ANCHOR = 0.05;
/** Each may look at each other one: the mask grows with the square. */
const MOST_QUERIES = 3000;
/** Anchors nearer than this to the border take no part. */
const MARGIN = 0.01;

/** Linear layers with ReLU between them; the last one starts at zero where `closed`. */
function perceptron(scope: Scope, widths: readonly number[], closed: boolean, xavier = false): Unit {
  const steps = widths.slice(1);
  const layers = scope.list('layers', steps, 'Linear', (inner, to, i) => {
    const from = widths[i] ?? 1;
    const zero = closed && i === steps.length - 1;
    const options = zero ? { weightInitialiser: constant(0), biasInitialiser: constant(0) } : {};
    return linear(inner, from, to, xavier ? { weightInitialiser: xavierUniform(from, to) } : options);
  });
  return (x) => layers.reduce((y, layer, i) => (i < layers.length - 1 ? relu(scope.b, layer(y)) : layer(y)), x);
}

type DecoderLayer = (
  x: Tensor,
  boxes: Tensor,
  code: Tensor,
  memory: Tensor,
  sizes: MapSizes,
  mask: Tensor | undefined,
) => Tensor;

function decoderLayer(scope: Scope, options: DecoderOptions): DecoderLayer {
  const { hidden, heads, points, feedForward, dropout, widths } = options;
  const { b } = scope;
  const itself = scope.child('self_attn', 'MultiheadAttention', (inner) =>
    multiheadAttention(inner, hidden, heads, dropout),
  );
  const norm = (name: string) => scope.child(name, 'LayerNorm', (inner) => layerNorm(inner, hidden));
  const first = norm('norm1');
  const crossing = scope.child('cross_attn', 'MSDeformAttn', (inner) =>
    deformableAttention(inner, { width: hidden, heads, points, levels: widths.length }),
  );
  const second = norm('norm2');
  const widen = scope.child('linear1', 'Linear', (inner) => linear(inner, hidden, feedForward));
  const narrow = scope.child('linear2', 'Linear', (inner) => linear(inner, feedForward, hidden));
  const third = norm('norm3');
  const drop = (x: Tensor): Tensor =>
    dropout === 0
      ? x
      : b.emit('dropout', { rate: dropout, sharedAxes: [], alpha: false, draw: b.nextDraw() }, [x], x.shape);
  return (x, boxes, code, memory, sizes, mask) => {
    const coded = add(scope, x, code);
    const y = first(add(scope, x, drop(itself(coded, coded, x, mask))));
    const z = second(add(scope, y, drop(crossing(add(scope, y, code), boxes, memory, sizes))));
    return third(add(scope, z, drop(narrow(drop(relu(b, widen(z)))))));
  };
}

/** Logits of the anchor of each place, [1, places, 4], and which places take part, [1, places, 1]. */
function anchors(scope: Scope, sizes: MapSizes): { logits: Tensor; valid: Tensor } {
  const all = sizes.flatMap(([height, width], level) =>
    Array.from({ length: height * width }, (_, i) => {
      const side = ANCHOR * 2 ** level;
      return [((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height, side, side];
    }),
  );
  const valid = all.map((anchor) => anchor.every((n) => n > MARGIN && n < 1 - MARGIN));
  const logits = all.flatMap((anchor, i) =>
    anchor.map((n) => (valid[i] === true ? Math.log(n / (1 - n)) : ('inf' as const))),
  );
  return {
    logits: scope.b.constant(logits, [1, all.length, 4]),
    valid: scope.b.constant(valid.map(Number), [1, all.length, 1]),
  };
}

/** log(x / (1 - x)) with both parts kept above 1e-5. */
function inverseSigmoid(scope: Scope, x: Tensor): Tensor {
  const { b } = scope;
  const inside = b.emit('clip', { min: 0, max: 1 }, [x], x.shape);
  const above = (y: Tensor) => b.emit('clip', { min: 1e-5, max: 'inf' }, [y], y.shape);
  const rest = b.emit('sub', {}, [b.constant([1], []), inside], x.shape);
  return b.emit('log', {}, [b.emit('div', {}, [above(inside), above(rest)], x.shape)], x.shape);
}

/**
 * Zhao et al. 2023 (RT-DETR): the best places of all maps become queries, refined layer by layer.
 * @returns of each layer the boxes [N, Q, 4], then of each the class scores [N, Q, classes], then both of the chosen places.
 */
export function rtdetrDecoder(scope: Scope, options: DecoderOptions): (features: readonly Tensor[]) => Tensor[] {
  const { classes, widths, hidden, queries, layers: depth } = options;
  if (queries + 2 * options.denoising > MOST_QUERIES)
    throw new Unreadable(
      'bad-argument',
      `RTDETRDecoder is read with up to ${MOST_QUERIES} queries, denoising ones included.`,
    );
  const { b } = scope;
  const into = scope.list('input_proj', widths, 'Sequential', (inner, c) => {
    const conv = inner.child('0', 'Conv2d', (own) =>
      conv2d(own, c, hidden, 1, { bias: false, weightInitialiser: xavierUniform(c, hidden) }),
    );
    const norm = inner.child('1', 'BatchNorm2d', (own) => batchNorm(own, hidden));
    return (x) => norm(conv(x));
  });
  const decoding = layersOf(scope, options);
  const labelled = scope.child('denoising_class_embed', 'Embedding', (inner) => {
    const table = inner.parameter('weight', [classes, hidden], { kind: 'normal', mean: 0, std: 1 });
    return (labels: Tensor) => b.emit('embedding', { paddingIndex: null }, [table, labels], [...labels.shape, hidden]);
  });
  const learned = options.learnedQueries
    ? scope.child('tgt_embed', 'Embedding', (inner) => {
        const table = inner.parameter('weight', [queries, hidden], xavierUniform(hidden, queries));
        return () => table;
      })
    : null;
  const code = scope.child('query_pos_head', 'MLP', (inner) => perceptron(inner, [4, 2 * hidden, hidden], false, true));
  const encode = scope.sequence('enc_output', [
    {
      type: 'Linear',
      build: (inner) =>
        linear(inner, hidden, hidden, {
          weightInitialiser: xavierUniform(hidden, hidden),
          biasInitialiser: fanInUniform(hidden),
        }),
    },
    { type: 'LayerNorm', build: (inner) => layerNorm(inner, hidden) },
  ]);
  // The bias of a score of 0.01, by the number of classes.
  const scoring = { biasInitialiser: constant((-Math.log(99) / 80) * classes) };
  const score = (inner: Scope): Unit => linear(inner, hidden, classes, scoring);
  const box = (inner: Scope): Unit => perceptron(inner, [hidden, hidden, hidden, 4], true);
  const encoderScore = scope.child('enc_score_head', 'Linear', score);
  const encoderBox = scope.child('enc_bbox_head', 'MLP', box);
  const scores = scope.list('dec_score_head', repeated(depth, 0), 'Linear', score);
  const boxes = scope.list('dec_bbox_head', repeated(depth, 0), 'MLP', box);

  return (features) => {
    const maps = features.flatMap((x, i) => into[i]?.(x) ?? []);
    const sizes = maps.map(({ shape: [, , height = 1, width = 1] }) => [height, width] as const);
    const memory = concat(
      scope,
      maps.map((x) => toSequence(scope, x)),
      1,
    );
    const [batch = 1, places = 1] = memory.shape;
    if (places < queries)
      throw new Unreadable(
        'shape-mismatch',
        `RTDETRDecoder picks ${queries} places, but its maps have only ${places}: use a larger input.`,
      );
    const { logits, valid } = anchors(scope, sizes);
    const encoded = encode(b.emit('mul', {}, [valid, memory], memory.shape));
    const all = encoderScore(encoded);
    const best = b.emit('max', { axes: [2], keepDims: false }, [all], [batch, places]);
    const chosen = pick(scope, best, queries);
    const content = chosen(encoded);
    const firstBoxes = add(scope, encoderBox(content), chosen(b.emit('broadcast', {}, [logits], [batch, places, 4])));
    const detached = (x: Tensor) => b.emit('detach', {}, [x], x.shape);
    const start = learned
      ? b.emit('broadcast', {}, [b.reshape(learned(), [1, queries, hidden])], content.shape)
      : detached(content);
    const noisy =
      options.denoising > 0 ? denoisingQueries(scope, batch, { classes, groups: options.denoising, queries }) : null;
    let x = noisy ? concat(scope, [labelled(noisy.labels), start], 1) : start;
    let refer = b.same('sigmoid', detached(noisy ? concat(scope, [noisy.boxes, firstBoxes], 1) : firstBoxes));
    let before = refer;
    const found: Tensor[] = [];
    const classed: Tensor[] = [];
    for (const [i, layer] of decoding.entries()) {
      x = layer(x, refer, code(refer), memory, sizes, noisy?.mask);
      const change = boxes[i]?.(x) ?? x;
      const refined = b.same('sigmoid', add(scope, change, inverseSigmoid(scope, refer)));
      found.push(i === 0 ? refined : b.same('sigmoid', add(scope, change, inverseSigmoid(scope, before))));
      classed.push(scores[i]?.(x) ?? x);
      before = refined;
      refer = detached(refined);
    }
    return [...found, ...classed, b.same('sigmoid', firstBoxes), chosen(all)];
  };
}

/** The decoder's layers: all start as copies of one. */
function layersOf(scope: Scope, options: DecoderOptions): DecoderLayer[] {
  const { b } = scope;
  const made: DecoderLayer[] = [];
  const first = b.parameterCount;
  scope.child('decoder', 'DeformableTransformerDecoder', (decoder) => {
    decoder.child('layers', 'ModuleList', (list) => {
      const one = (i: number) =>
        list.child(String(i), 'DeformableTransformerDecoderLayer', (inner) => decoderLayer(inner, options));
      made.push(one(0));
      const each = b.parameterCount - first;
      for (let i = 1; i < options.layers; i++) made.push(b.copying(i * each, each, () => one(i)));
      return () => undefined;
    });
    return () => undefined;
  });
  return made;
}

/** Takes the places with the highest of `scores` [N, places] out of any [N, places, width]. */
function pick(scope: Scope, scores: Tensor, count: number): (x: Tensor) => Tensor {
  const { b } = scope;
  const [batch = 1] = scores.shape;
  const shape = [batch, count];
  const [, indices] = b.emitAll('topK', { axis: 1, k: count, largest: true }, [scores], [shape, shape]);
  if (indices === undefined) throw new Error('a selection without indices');
  const whole = b.emit('cast', {}, [indices], shape, 'int');
  return (x) => {
    const wide = [batch, count, x.shape[2] ?? 1];
    const spread = b.emit('broadcast', {}, [b.reshape(whole, [batch, count, 1])], wide, 'int');
    return b.emit('gatherElements', { axis: 1 }, [x, spread], wide);
  };
}
