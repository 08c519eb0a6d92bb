import { beforeAll, describe, expect, it } from 'vitest';
import { heap } from '../../../../src/training/backend';
import { NORMALISATION_ROWS } from '../../../../src/training/ops/normalisation';
import {
  boot,
  checkRow,
  contextOf,
  dense,
  type Dense,
  eachIndex,
  noise,
  random,
  sizeOf,
  tensorOf,
} from '../kernels/rowCheck';

beforeAll(boot);

/** Normalises each group of cells that `key` gives the same name; gamma and beta by `place`. */
function normalised(
  x: Dense,
  key: (index: readonly number[]) => string,
  place: (index: readonly number[]) => number,
  {
    epsilon,
    centred = true,
    gamma,
    beta,
  }: { epsilon: number; centred?: boolean; gamma?: Dense | undefined; beta?: Dense | undefined },
): Dense {
  const groups = new Map<string, number[]>();
  eachIndex(x.shape, (index, i) => {
    const name = key(index);
    groups.set(name, [...(groups.get(name) ?? []), i]);
  });
  const y = dense(x.shape);
  for (const cells of groups.values()) {
    const mean = centred ? cells.reduce((s, i) => s + x.data[i]!, 0) / cells.length : 0;
    const variance = cells.reduce((s, i) => s + (x.data[i]! - mean) ** 2, 0) / cells.length;
    for (const i of cells) y.data[i] = (x.data[i]! - mean) / Math.sqrt(variance + epsilon);
  }
  eachIndex(x.shape, (index, i) => {
    const c = place(index);
    y.data[i] = y.data[i]! * (gamma?.data[c] ?? 1) + (beta?.data[c] ?? 0);
  });
  return y;
}

const FLAGS = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
] as const;

/** gamma and beta of a list of inputs, as the flags say. */
const affine = (
  scale: boolean,
  offset: boolean,
  rest: readonly Dense[],
): { gamma?: Dense | undefined; beta?: Dense | undefined } => ({
  gamma: scale ? rest[0] : undefined,
  beta: offset ? rest[scale ? 1 : 0] : undefined,
});

const parameters = (scale: boolean, offset: boolean, shape: number[]): Dense[] => [
  ...(scale ? [random(shape, 21)] : []),
  ...(offset ? [random(shape, 22)] : []),
];

describe('batchNorm', () => {
  const cases: [number[], number][] = [
    [[4, 3, 3, 5], 1],
    [[4, 3, 5, 2], 3],
    [[7, 5], 1],
    [[2, 3, 9], 1],
    [[2, 4, 2, 3, 2], 1],
  ];
  it.each(cases.flatMap(([shape, axis]) => FLAGS.map((flags) => [shape, axis, ...flags] as const)))(
    '%j along %i, scale %s, offset %s',
    (shape, axis, scale, offset) => {
      checkRow({
        op: 'batchNorm',
        row: NORMALISATION_ROWS.batchNorm,
        attributes: { axis, epsilon: 1e-3, scale, offset },
        inputs: [random(shape, 1, (v) => v + 3), ...parameters(scale, offset, [shape[axis]!])],
        reference: ([x, ...rest]) =>
          normalised(
            x!,
            (i) => `${i[axis]!}`,
            (i) => i[axis]!,
            { epsilon: 1e-3, ...affine(scale, offset, rest) },
          ),
      });
    },
  );

  it('is exact far from zero', () => {
    const shape = [64, 2, 8, 8];
    const values = noise(sizeOf(shape), 3).map((v) => Math.fround(v * 1e-2 + 100));
    const x = dense(shape, (i) => values[i]!);
    const tensor = tensorOf(x);
    const attributes = { axis: 1, epsilon: 1e-5, scale: false, offset: false };
    const { outputs, saved = [] } = NORMALISATION_ROWS.batchNorm.forward(
      [tensor],
      contextOf('batchNorm', attributes, [shape], shape),
    );
    const wanted = normalised(
      x,
      (i) => `${i[1]!}`,
      () => 0,
      { epsilon: 1e-5 },
    );
    const y = heap().floats(outputs[0]!);
    expect(wanted.data.reduce((worst, v, i) => Math.max(worst, Math.abs(v - y[i]!)), 0)).toBeLessThan(5e-7);
    for (const t of [tensor, ...outputs, ...saved]) t.dispose();
  });
});

describe('batchNormFixed', () => {
  it.each([
    [[3, 4, 5], 1, true, true],
    [[3, 5, 4], 2, true, false],
    [[6, 4], 1, false, true],
  ])('%j along %i, scale %s, offset %s', (shape, axis, scale, offset) => {
    const channels = [shape[axis]!];
    checkRow({
      op: 'batchNormFixed',
      row: NORMALISATION_ROWS.batchNormFixed,
      attributes: { axis, epsilon: 1e-3, scale, offset },
      inputs: [
        random(shape, 1),
        random(channels, 2),
        random(channels, 3, (v) => v * v + 0.1),
        ...parameters(scale, offset, channels),
      ],
      reference: ([x, mean, variance, ...rest]) => {
        const { gamma, beta } = affine(scale, offset, rest);
        const y = dense(shape);
        eachIndex(shape, (index, i) => {
          const c = index[axis]!;
          const plain = (x!.data[i]! - mean!.data[c]!) / Math.sqrt(variance!.data[c]! + 1e-3);
          y.data[i] = plain * (gamma?.data[c] ?? 1) + (beta?.data[c] ?? 0);
        });
        return y;
      },
    });
  });
});

describe('layerNorm and rmsNorm', () => {
  const cases: [number[], number[]][] = [
    [[3, 7], [1]],
    [[2, 3, 10], [2]],
    [
      [2, 3, 4, 5],
      [1, 2, 3],
    ],
    [[2, 5, 3, 2], [1]],
    [
      [2, 3, 4, 3],
      [1, 3],
    ],
  ];
  const kept = (axes: readonly number[], index: readonly number[]): string =>
    index.filter((_, i) => !axes.includes(i)).join();
  const place = (axes: readonly number[], shape: readonly number[], index: readonly number[]): number =>
    axes.reduce((flat, axis) => flat * shape[axis]! + index[axis]!, 0);

  it.each(cases.flatMap(([shape, axes]) => FLAGS.map((flags) => [shape, axes, ...flags] as const)))(
    '%j over %j, scale %s, offset %s',
    (shape, axes, scale, offset) => {
      const own = axes.map((axis) => shape[axis]!);
      checkRow({
        op: 'layerNorm',
        row: NORMALISATION_ROWS.layerNorm,
        attributes: { axes: [...axes], epsilon: 1e-3, scale, offset },
        inputs: [random(shape, 1, (v) => v - 1), ...parameters(scale, offset, own)],
        reference: ([x, ...rest]) =>
          normalised(
            x!,
            (i) => kept(axes, i),
            (i) => place(axes, shape, i),
            { epsilon: 1e-3, ...affine(scale, offset, rest) },
          ),
      });
      if (offset) return;
      checkRow({
        op: 'rmsNorm',
        row: NORMALISATION_ROWS.rmsNorm,
        attributes: { axes: [...axes], epsilon: 1e-3, scale },
        inputs: [random(shape, 1, (v) => v - 1), ...parameters(scale, false, own)],
        reference: ([x, ...rest]) =>
          normalised(
            x!,
            (i) => kept(axes, i),
            (i) => place(axes, shape, i),
            {
              epsilon: 1e-3,
              centred: false,
              ...affine(scale, false, rest),
            },
          ),
      });
    },
  );
});

describe('groupNorm', () => {
  const cases: [number[], number, number][] = [
    [[2, 6, 3, 5], 1, 3],
    [[2, 3, 5, 6], 3, 2],
    [[3, 4, 7], 1, 4],
    [[3, 8], 1, 2],
  ];
  it.each(cases.flatMap(([shape, axis, groups]) => FLAGS.map((flags) => [shape, axis, groups, ...flags] as const)))(
    '%j along %i in %i, scale %s, offset %s',
    (shape, axis, groups, scale, offset) => {
      const size = shape[axis]! / groups;
      checkRow({
        op: 'groupNorm',
        row: NORMALISATION_ROWS.groupNorm,
        attributes: { axis, groups, epsilon: 1e-3, scale, offset },
        inputs: [random(shape, 1, (v) => 2 * v + 1), ...parameters(scale, offset, [shape[axis]!])],
        reference: ([x, ...rest]) =>
          normalised(
            x!,
            (i) => `${i[0]!} ${Math.floor(i[axis]! / size)}`,
            (i) => i[axis]!,
            {
              epsilon: 1e-3,
              ...affine(scale, offset, rest),
            },
          ),
      });
    },
  );
});

describe('localResponseNorm', () => {
  it.each([
    [[2, 7, 3, 2], 1, 5],
    [[2, 3, 6], 2, 4],
    [[2, 3], 1, 2],
  ])('%j along %i with %i', (shape, axis, size) => {
    const [alpha, beta, k] = [0.5, 0.75, 2];
    checkRow({
      op: 'localResponseNorm',
      row: NORMALISATION_ROWS.localResponseNorm,
      attributes: { axis, size, alpha, beta, k },
      inputs: [random(shape, 1, (v) => 2 * v)],
      reference: ([x]) => {
        const y = dense(shape);
        const step = sizeOf(shape.slice(axis + 1));
        eachIndex(shape, (index, i) => {
          let sum = 0;
          // torch pads size // 2 zeros before and (size - 1) // 2 after, then takes means of `size` squares.
          for (let t = 0; t < size; t++) {
            const c = index[axis]! + t - Math.floor(size / 2);
            if (c >= 0 && c < shape[axis]!) sum += x!.data[i + (c - index[axis]!) * step]! ** 2;
          }
          y.data[i] = x!.data[i]! / (k + (alpha * sum) / size) ** beta;
        });
        return y;
      },
    });
  });
});
