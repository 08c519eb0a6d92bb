import type { Initialiser } from '../../../graph/initialiser';
import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import type { Scope } from '../scope';
import { linear } from '../torch';
import { constant, xavierUniform } from './transformer';

/** Height and width of each feature map. */
export type MapSizes = readonly (readonly [number, number])[];

export interface Deformable {
  width: number;
  heads: number;
  points: number;
  levels: number;
}

/** Heads look into different directions to begin with, points ever farther out (Zhu et al. 2021, appendix A.3). */
function firstOffsets({ heads, levels, points }: Deformable): Initialiser {
  const values = Array.from({ length: heads }, (_, head) => {
    const angle = (head * 2 * Math.PI) / heads;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const reach = Math.max(Math.abs(x), Math.abs(y));
    return Array.from({ length: levels * points }, (__, i) => {
      const far = (i % points) + 1;
      return [(x / reach) * far, (y / reach) * far];
    });
  });
  return { kind: 'values', values: values.flat(2) };
}

export type Sampling = (query: Tensor, boxes: Tensor, values: Tensor, sizes: MapSizes) => Tensor;

/**
 * Zhu et al. 2021 (Deformable DETR), section 4.1: every query [N, Q, width] reads `points` places of each map, given relative to its box
 * [N, Q, 4] (centre and size within [0, 1]), bilinearly; outside of a map is zero. `values` are all places of all maps, [N, S, width].
 */
export function deformableAttention(scope: Scope, options: Deformable): Sampling {
  const { width, heads, points, levels } = options;
  if (width % heads !== 0)
    throw new Unreadable('bad-argument', `${width} channels do not divide into ${heads} attention heads.`);
  const { b } = scope;
  const each = heads * levels * points;
  const child = (name: string, to: number, weightInitialiser: Initialiser, biasInitialiser: Initialiser) =>
    scope.child(name, 'Linear', (inner) => linear(inner, width, to, { weightInitialiser, biasInitialiser }));
  const offsets = child('sampling_offsets', each * 2, constant(0), firstOffsets(options));
  const attention = child('attention_weights', each, constant(0), constant(0));
  const project = child('value_proj', width, xavierUniform(width, width), constant(0));
  const out = child('output_proj', width, xavierUniform(width, width), constant(0));
  return (query, boxes, values, sizes) => {
    const [batch = 1, queries = 1] = query.shape;
    const places = values.shape[1] ?? 1;
    const perHead = [batch, heads, queries, levels * points];
    const share = b.reshape(attention(query), [batch, queries, heads, levels * points]);
    const weights = b.permute(b.emit('softmax', { axis: 3 }, [share], share.shape), [0, 2, 1, 3]);
    // Offsets count in halves of the box, divided among the points.
    const moves = b.permute(b.reshape(offsets(query), [batch, queries, heads, levels * points, 2]), [4, 0, 2, 1, 3]);
    const side = (axis: number): Tensor => {
      const part = (place: number) => b.reshape(b.slice(boxes, 2, place, place + 1), [batch, 1, queries, 1]);
      const move = b.reshape(b.slice(moves, 0, axis, axis + 1), perHead);
      const reach = b.emit('mul', {}, [part(2 + axis), b.constant([0.5 / points], [])], [batch, 1, queries, 1]);
      return b.emit('add', {}, [part(axis), b.emit('mul', {}, [move, reach], perHead)], perHead);
    };
    const matrix = samplingMatrix(scope, [side(0), side(1)], weights, { points, places, sizes });
    const projected = b.reshape(project(values), [batch, places, heads, width / heads]);
    const read = b.emit(
      'matmul',
      { transposeA: false, transposeB: false },
      [matrix, b.permute(projected, [0, 2, 1, 3])],
      [batch, heads, queries, width / heads],
    );
    return out(b.reshape(b.permute(read, [0, 2, 1, 3]), query.shape));
  };
}

interface Sampled {
  points: number;
  places: number;
  sizes: MapSizes;
}

/**
 * Bilinear reading as a matrix [N, heads, Q, places]: each point's weight is dealt out to its four neighbours. The same sums as reading
 * the neighbours' features, but without a copy of them for every point.
 */
function samplingMatrix(
  scope: Scope,
  [x, y]: [Tensor, Tensor],
  weights: Tensor,
  { points, places, sizes }: Sampled,
): Tensor {
  const { b } = scope;
  const { shape } = weights;
  const [batch = 1, heads = 1, queries = 1, each = 1] = shape;
  const perPoint = (of: (size: readonly [number, number], level: number) => number): Tensor => {
    const values = sizes.flatMap((size, level) => Array.from({ length: points }, () => of(size, level)));
    return b.constant(values, [1, 1, 1, each]);
  };
  const starts = sizes.map((_, level) => sizes.slice(0, level).reduce((sum, [h, w]) => sum + h * w, 0));
  const breadth = perPoint(([, w]) => w);
  const first = perPoint((_, level) => starts[level] ?? 0);
  const columns = neighbours(scope, x, breadth);
  const rows = neighbours(
    scope,
    y,
    perPoint(([h]) => h),
  );
  const corners = rows.flatMap((row) =>
    columns.map((column) => {
      const place = b.emit('add', {}, [b.emit('mul', {}, [row.place, breadth], shape), column.place], shape);
      const part = b.emit('mul', {}, [row.share, column.share], shape);
      return {
        place: b.emit('add', {}, [place, first], shape),
        weight: b.emit('mul', {}, [weights, part], shape),
      };
    }),
  );
  const all = [batch, heads, queries, 4 * each];
  const indices = b.emit(
    'concat',
    { axis: 3 },
    corners.map(({ place }) => b.emit('cast', {}, [place], shape, 'int')),
    all,
    'int',
  );
  const updates = b.emit(
    'concat',
    { axis: 3 },
    corners.map(({ weight }) => weight),
    all,
  );
  const matrix = [batch, heads, queries, places];
  return b.emit('scatterElements', { axis: 3, accumulate: true }, [b.constant([0], matrix), indices, updates], matrix);
}

interface Neighbour {
  /** Row or column, moved inside where it lies outside. */
  place: Tensor;
  /** Its share of the reading; zero outside. */
  share: Tensor;
}

/** The two pixels beside a coordinate within [0, 1] along one side of `size` pixels, whose centres lie at (i + 1/2) / size. */
function neighbours(scope: Scope, coordinate: Tensor, size: Tensor): [Neighbour, Neighbour] {
  const { b } = scope;
  const { shape } = coordinate;
  const pair = (op: 'add' | 'sub' | 'mul' | 'minimum' | 'maximum', x: Tensor, y: Tensor | number) =>
    b.emit(op, {}, [x, typeof y === 'number' ? b.constant([y], []) : y], shape);
  const at = pair('sub', pair('mul', coordinate, size), 0.5);
  const below = b.emit('floor', {}, [b.emit('detach', {}, [at], shape)], shape);
  const last = b.emit('sub', {}, [size, b.constant([1], [])], size.shape);
  const farther = pair('sub', at, below);
  const neighbour = (place: Tensor, share: Tensor): Neighbour => {
    const inside = pair('maximum', pair('minimum', place, last), 0);
    const isInside = b.emit('cast', {}, [b.emit('equal', {}, [inside, place], shape, 'bool')], shape);
    return { place: inside, share: pair('mul', share, isInside) };
  };
  const nearer = b.emit('sub', {}, [b.constant([1], []), farther], shape);
  return [neighbour(below, nearer), neighbour(pair('add', below, 1), farther)];
}
