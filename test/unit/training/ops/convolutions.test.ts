import { beforeAll, describe, it } from 'vitest';
import type { OpAttributes } from '../../../../src/graph/ops';
import { CONVOLUTION_ROWS } from '../../../../src/training/ops/convolutions';
import { boot, cell, checkRow, dense, type Dense, eachIndex, random } from '../kernels/rowCheck';

beforeAll(boot);

type Conv = OpAttributes<'conv'>;
type Transpose = OpAttributes<'convTranspose'>;

const reversedTo = (shape: readonly number[], channelsLast: boolean): number[] =>
  channelsLast ? [shape[0]!, ...shape.slice(2), shape[1]!] : [...shape];

/** [n, c, ...s] as an index of the layout. */
const at = (layout: Conv['layout'], n: number, c: number, s: readonly number[]): number[] =>
  layout === 'channelsLast' ? [n, ...s, c] : [n, c, ...s];

const kernelAt = (last: boolean, o: number, i: number, k: readonly number[]): number[] =>
  last ? [...k, i, o] : [o, i, ...k];

interface Geometry {
  batch: number;
  inputs: number;
  outputs: number;
  image: readonly number[];
  kernel: readonly number[];
}

const outputSize = (own: Geometry, attributes: Pick<Conv, 'stride' | 'pads' | 'dilation'>): number[] =>
  own.image.map((length, i) => {
    const [before, after] = attributes.pads[i]!;
    const reach = attributes.dilation[i]! * (own.kernel[i]! - 1) + 1;
    return Math.floor((length + before + after - reach) / attributes.stride[i]!) + 1;
  });

/** Calls `visit` for every product of the convolution x -> y: cell of x (perhaps outside), of w, of y. */
function eachTap(
  own: Geometry,
  output: readonly number[],
  { stride, pads, dilation, groups }: Pick<Conv, 'stride' | 'pads' | 'dilation' | 'groups'>,
  visit: (
    n: number,
    i: number,
    o: number,
    local: number,
    s: number[],
    k: readonly number[],
    p: readonly number[],
  ) => void,
): void {
  const [ins, outs] = [own.inputs / groups, own.outputs / groups];
  for (let n = 0; n < own.batch; n++) {
    for (let o = 0; o < own.outputs; o++) {
      for (let local = 0; local < ins; local++) {
        const i = Math.floor(o / outs) * ins + local;
        eachIndex(output, (p) =>
          eachIndex(own.kernel, (k) => {
            const s = p.map((place, axis) => place * stride[axis]! + k[axis]! * dilation[axis]! - pads[axis]![0]);
            visit(n, i, o, local, s, k, p);
          }),
        );
      }
    }
  }
}

const inside = (s: readonly number[], image: readonly number[]): boolean =>
  s.every((v, axis) => v >= 0 && v < image[axis]!);

describe('conv', () => {
  const plain = {
    stride: [1, 1],
    pads: [
      [0, 0],
      [0, 0],
    ] as [number, number][],
    dilation: [1, 1],
    groups: 1,
  };
  const cases: [string, Geometry, Partial<Conv>][] = [
    [
      '3 x 3 with pads',
      { batch: 2, inputs: 3, outputs: 5, image: [7, 6], kernel: [3, 3] },
      {
        pads: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    ['many positions, one sample at a time', { batch: 2, inputs: 2, outputs: 3, image: [13, 12], kernel: [3, 2] }, {}],
    [
      'few positions, samples together',
      { batch: 5, inputs: 4, outputs: 6, image: [3, 4], kernel: [3, 3] },
      {
        pads: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    [
      'uneven pads, stride 2',
      { batch: 1, inputs: 2, outputs: 3, image: [8, 9], kernel: [3, 4] },
      {
        stride: [2, 2],
        pads: [
          [0, 1],
          [2, 1],
        ],
      },
    ],
    ['stride over kernel', { batch: 2, inputs: 2, outputs: 2, image: [11, 10], kernel: [2, 1] }, { stride: [3, 4] }],
    [
      'dilated',
      { batch: 1, inputs: 2, outputs: 3, image: [10, 11], kernel: [3, 3] },
      {
        dilation: [2, 3],
        pads: [
          [2, 2],
          [3, 3],
        ],
      },
    ],
    [
      'pad beyond the image',
      { batch: 1, inputs: 1, outputs: 2, image: [2, 2], kernel: [5, 5] },
      {
        pads: [
          [3, 3],
          [4, 2],
        ],
      },
    ],
    ['pointwise', { batch: 2, inputs: 5, outputs: 7, image: [12, 13], kernel: [1, 1] }, {}],
    ['pointwise on few positions', { batch: 3, inputs: 5, outputs: 7, image: [2, 3], kernel: [1, 1] }, {}],
    ['pointwise with stride', { batch: 2, inputs: 5, outputs: 4, image: [13, 25], kernel: [1, 1] }, { stride: [2, 2] }],
    [
      'groups',
      { batch: 2, inputs: 6, outputs: 4, image: [6, 5], kernel: [3, 3] },
      {
        groups: 2,
        pads: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    [
      'depthwise',
      { batch: 2, inputs: 4, outputs: 4, image: [7, 9], kernel: [3, 3] },
      {
        groups: 4,
        pads: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    [
      'depthwise, stride 2',
      { batch: 2, inputs: 3, outputs: 3, image: [9, 10], kernel: [5, 3] },
      {
        groups: 3,
        stride: [2, 2],
        pads: [
          [2, 2],
          [0, 1],
        ],
      },
    ],
    ['depthwise with a multiplier', { batch: 1, inputs: 3, outputs: 6, image: [6, 6], kernel: [3, 3] }, { groups: 3 }],
    ['one output to a group of two', { batch: 1, inputs: 4, outputs: 2, image: [6, 6], kernel: [3, 2] }, { groups: 2 }],
    [
      'one dim',
      { batch: 3, inputs: 3, outputs: 4, image: [17], kernel: [5] },
      { stride: [2], pads: [[2, 1]], dilation: [1] },
    ],
    [
      'three dims',
      { batch: 2, inputs: 2, outputs: 3, image: [4, 5, 6], kernel: [2, 3, 2] },
      {
        stride: [1, 2, 1],
        pads: [
          [1, 0],
          [1, 1],
          [0, 2],
        ],
        dilation: [2, 1, 1],
      },
    ],
    [
      'three dims, depthwise',
      { batch: 1, inputs: 2, outputs: 2, image: [4, 5, 4], kernel: [3, 3, 3] },
      {
        stride: [1, 1, 1],
        pads: [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        dilation: [1, 1, 1],
        groups: 2,
      },
    ],
  ];
  const layouts = [
    ['channelsFirst', 'outInKernel'],
    ['channelsLast', 'kernelInOut'],
  ] as const;

  describe.each(layouts)('%s, %s', (layout, weightLayout) => {
    it.each(cases)('%s', (_, own, changes) => {
      const attributes: Conv = { ...plain, ...changes, layout, weightLayout };
      const last = weightLayout === 'kernelInOut';
      const ins = own.inputs / attributes.groups;
      const weight = last ? [...own.kernel, ins, own.outputs] : [own.outputs, ins, ...own.kernel];
      const output = outputSize(own, attributes);
      checkRow({
        op: 'conv',
        row: CONVOLUTION_ROWS.conv,
        attributes,
        inputs: [
          random(reversedTo([own.batch, own.inputs, ...own.image], layout === 'channelsLast'), 1),
          random(weight, 2),
          random([own.outputs], 3),
        ],
        reference: ([x, w, b]) => {
          const y = dense(reversedTo([own.batch, own.outputs, ...output], layout === 'channelsLast'));
          eachIndex(
            y.shape,
            (index, i) => (y.data[i] = b!.data[layout === 'channelsLast' ? index.at(-1)! : index[1]!]!),
          );
          eachTap(own, output, attributes, (n, i, o, local, s, k, p) => {
            add(y, at(layout, n, o, p), cell(x!, at(layout, n, i, s)) * cell(w!, kernelAt(last, o, local, k)));
          });
          return y;
        },
      });
    });
  });
});

function add(target: Dense, index: readonly number[], value: number): void {
  const flat = target.shape.reduce((sum, size, axis) => sum * size + index[axis]!, 0);
  target.data[flat]! += value;
}

describe('convTranspose', () => {
  /** `own` is the convolution whose adjoint this is: its image is our output. */
  const cases: [string, Geometry, Omit<Transpose, 'layout' | 'weightLayout' | 'outputPads'>][] = [
    [
      'stride 2 of 4 x 4',
      { batch: 2, inputs: 3, outputs: 4, image: [8, 10], kernel: [4, 4] },
      {
        stride: [2, 2],
        pads: [
          [1, 1],
          [1, 1],
        ],
        dilation: [1, 1],
        groups: 1,
      },
    ],
    [
      'output pads',
      { batch: 1, inputs: 2, outputs: 3, image: [8, 6], kernel: [3, 3] },
      {
        stride: [2, 2],
        pads: [
          [1, 1],
          [1, 1],
        ],
        dilation: [1, 1],
        groups: 1,
      },
    ],
    [
      'groups',
      { batch: 2, inputs: 4, outputs: 6, image: [6, 7], kernel: [2, 3] },
      {
        stride: [1, 1],
        pads: [
          [0, 0],
          [1, 0],
        ],
        dilation: [1, 1],
        groups: 2,
      },
    ],
    [
      'depthwise',
      { batch: 2, inputs: 3, outputs: 3, image: [7, 6], kernel: [3, 3] },
      {
        stride: [2, 1],
        pads: [
          [0, 0],
          [0, 0],
        ],
        dilation: [1, 2],
        groups: 3,
      },
    ],
    [
      'one dim',
      { batch: 2, inputs: 2, outputs: 3, image: [11], kernel: [4] },
      { stride: [3], pads: [[2, 1]], dilation: [1], groups: 1 },
    ],
    [
      'three dims',
      { batch: 1, inputs: 2, outputs: 2, image: [4, 4, 6], kernel: [2, 2, 2] },
      {
        stride: [2, 2, 2],
        pads: [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        dilation: [1, 1, 1],
        groups: 1,
      },
    ],
  ];
  const layouts = [
    ['channelsFirst', 'inOutKernel'],
    ['channelsLast', 'kernelOutIn'],
  ] as const;

  describe.each(layouts)('%s, %s', (layout, weightLayout) => {
    it.each(cases)('%s', (_, own, geometry) => {
      const last = weightLayout === 'kernelOutIn';
      const channelsLast = layout === 'channelsLast';
      const output = outputSize(own, geometry);
      const ins = own.inputs / geometry.groups;
      const outputPads = own.image.map((length, i) => {
        const [before, after] = geometry.pads[i]!;
        return (
          length -
          ((output[i]! - 1) * geometry.stride[i]! + geometry.dilation[i]! * (own.kernel[i]! - 1) + 1 - before - after)
        );
      });
      checkRow({
        op: 'convTranspose',
        row: CONVOLUTION_ROWS.convTranspose,
        attributes: { ...geometry, outputPads, layout, weightLayout },
        inputs: [
          random(reversedTo([own.batch, own.outputs, ...output], channelsLast), 1),
          random(last ? [...own.kernel, ins, own.outputs] : [own.outputs, ins, ...own.kernel], 2),
          random([own.inputs], 3),
        ],
        reference: ([x, w, b]) => {
          const y = dense(reversedTo([own.batch, own.inputs, ...own.image], channelsLast));
          eachIndex(y.shape, (index, i) => (y.data[i] = b!.data[channelsLast ? index.at(-1)! : index[1]!]!));
          eachTap(own, output, geometry, (n, i, o, local, s, k, p) => {
            if (!inside(s, own.image)) return;
            add(y, at(layout, n, i, s), cell(x!, at(layout, n, o, p)) * cell(w!, kernelAt(last, o, local, k)));
          });
          return y;
        },
      });
    });
  });
});

describe('unfold and fold', () => {
  const attributes = {
    kernel: [2, 3],
    stride: [1, 2],
    pads: [
      [1, 0],
      [1, 1],
    ] as [number, number][],
    dilation: [2, 1],
  };
  const own: Geometry = { batch: 2, inputs: 2, outputs: 2, image: [6, 7], kernel: attributes.kernel };
  const output = outputSize(own, attributes);
  const rows = 2 * 2 * 3;
  const positions = output[0]! * output[1]!;

  /** Calls `visit` with each cell of the columns and where in the image it comes from. */
  function each(visit: (column: number[], source: number[]) => void): void {
    for (let n = 0; n < 2; n++) {
      for (let c = 0; c < 2; c++) {
        eachIndex(own.kernel, (k, tap) =>
          eachIndex(output, (p, place) => {
            const s = p.map(
              (v, i) => v * attributes.stride[i]! + k[i]! * attributes.dilation[i]! - attributes.pads[i]![0],
            );
            visit([n, c * 6 + tap, place], [n, c, ...s]);
          }),
        );
      }
    }
  }

  it('unfolds patches', () => {
    checkRow({
      op: 'unfold',
      row: CONVOLUTION_ROWS.unfold,
      attributes,
      inputs: [random([2, 2, 6, 7], 1)],
      reference: ([x]) => {
        const y = dense([2, rows, positions]);
        each((column, source) => add(y, column, cell(x!, source)));
        return y;
      },
    });
  });

  it('folds them back', () => {
    checkRow({
      op: 'fold',
      row: CONVOLUTION_ROWS.fold,
      attributes,
      inputs: [random([2, rows, positions], 1)],
      reference: ([x]) => {
        const y = dense([2, 2, 6, 7]);
        each((column, source) => {
          if (inside(source.slice(2), own.image)) add(y, source, cell(x!, column));
        });
        return y;
      },
    });
  });
});
