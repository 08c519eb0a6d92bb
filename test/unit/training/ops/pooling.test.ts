import { beforeAll, describe, expect, it } from 'vitest';
import type { OpAttributes } from '../../../../src/graph/ops';
import { heap } from '../../../../src/training/backend';
import type { OpRow } from '../../../../src/training/ops/row';
import { POOLING_ROWS } from '../../../../src/training/ops/pooling';
import {
  boot,
  cell,
  checkRow,
  contextOf,
  dense,
  type Dense,
  eachIndex,
  flatIndex,
  random,
  tensorOf,
} from '../kernels/rowCheck';

beforeAll(boot);

type Layout = OpAttributes<'maxPool'>['layout'];
const LAYOUTS: Layout[] = ['channelsFirst', 'channelsLast'];

const laidOut = (shape: readonly number[], layout: Layout): number[] =>
  layout === 'channelsLast' ? [shape[0]!, ...shape.slice(2), shape[1]!] : [...shape];

/** Calls `reduce` with the cells of each window (NaN outside), and makes an output of its results. */
function pooled(
  x: Dense,
  layout: Layout,
  output: readonly number[],
  window: (place: readonly number[]) => number[][],
  reduce: (cells: number[], outside: number[][]) => number,
): Dense {
  const first = layout === 'channelsFirst';
  const channels = first ? x.shape[1]! : x.shape.at(-1)!;
  const spatial = first ? x.shape.slice(2) : x.shape.slice(1, -1);
  const y = dense(laidOut([x.shape[0]!, channels, ...output], layout));
  eachIndex([x.shape[0]!, channels, ...output], ([n, c, ...place]) => {
    const all = window(place);
    const inside = all.filter((s) => s.every((v, i) => v >= 0 && v < spatial[i]!));
    const cells = inside.map((s) => cell(x, first ? [n!, c!, ...s] : [n!, ...s, c!]));
    y.data[flatIndex(y.shape, first ? [n!, c!, ...place] : [n!, ...place, c!])] = reduce(cells, all);
  });
  return y;
}

interface Sliding {
  kernel: number[];
  stride: number[];
  pads: [number, number][];
  dilation: number[];
}

const slidingOutput = (spatial: readonly number[], own: Sliding): number[] =>
  spatial.map((length, i) => {
    const reach = own.dilation[i]! * (own.kernel[i]! - 1) + 1;
    return Math.floor((length + own.pads[i]![0] + own.pads[i]![1] - reach) / own.stride[i]!) + 1;
  });

function slidingWindow(own: Sliding, place: readonly number[]): number[][] {
  const cells: number[][] = [];
  eachIndex(own.kernel, (k) =>
    cells.push(place.map((p, i) => p * own.stride[i]! + k[i]! * own.dilation[i]! - own.pads[i]![0])),
  );
  return cells;
}

const SLIDING: [string, number[], Sliding][] = [
  [
    '2 x 2',
    [2, 3, 6, 8],
    {
      kernel: [2, 2],
      stride: [2, 2],
      pads: [
        [0, 0],
        [0, 0],
      ],
      dilation: [1, 1],
    },
  ],
  [
    'overlapping with pads',
    [1, 2, 7, 6],
    {
      kernel: [3, 3],
      stride: [2, 2],
      pads: [
        [1, 1],
        [1, 0],
      ],
      dilation: [1, 1],
    },
  ],
  [
    'stride over kernel',
    [1, 2, 9, 8],
    {
      kernel: [2, 1],
      stride: [3, 4],
      pads: [
        [0, 0],
        [0, 0],
      ],
      dilation: [1, 1],
    },
  ],
  ['one dim', [2, 3, 11], { kernel: [4], stride: [2], pads: [[2, 1]], dilation: [1] }],
  [
    'three dims',
    [1, 2, 4, 5, 6],
    {
      kernel: [2, 3, 2],
      stride: [1, 2, 2],
      pads: [
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      dilation: [1, 1, 1],
    },
  ],
];

describe.each(LAYOUTS)('maxPool, %s', (layout) => {
  const cases: typeof SLIDING = [
    ...SLIDING,
    [
      'dilated',
      [1, 2, 9, 8],
      {
        kernel: [2, 3],
        stride: [1, 2],
        pads: [
          [1, 1],
          [2, 1],
        ],
        dilation: [3, 2],
      },
    ],
    [
      'ceil mode in the far pad',
      [1, 1, 5, 5],
      {
        kernel: [2, 2],
        stride: [2, 2],
        pads: [
          [0, 1],
          [0, 1],
        ],
        dilation: [1, 1],
      },
    ],
  ];
  it.each(cases)('%s', (_, shape, own) => {
    checkRow({
      op: 'maxPool',
      row: POOLING_ROWS.maxPool,
      attributes: { ...own, layout },
      // All negative: a pad read as zero would win.
      inputs: [random(laidOut(shape, layout), 1, (v) => v - 2)],
      reference: ([x]) =>
        pooled(
          x!,
          layout,
          slidingOutput(shape.slice(2), own),
          (p) => slidingWindow(own, p),
          (cells) => Math.max(...cells),
        ),
    });
  });
});

describe('maxPool', () => {
  it('gives the whole gradient to the first of equal cells', () => {
    const attributes = {
      kernel: [2, 2],
      stride: [2, 2],
      pads: [
        [0, 0],
        [0, 0],
      ] as [number, number][],
      dilation: [1, 1],
      layout: 'channelsFirst' as const,
    };
    const context = contextOf('maxPool', attributes, [[1, 1, 2, 4]], [1, 1, 1, 2]);
    const x = tensorOf({ shape: [1, 1, 2, 4], data: Float64Array.from([0, 0, -3, 1, 0, 0, 1, -5]) });
    const { outputs, saved = [] } = POOLING_ROWS.maxPool.forward([x], context);
    const dy = tensorOf({ shape: [1, 1, 1, 2], data: Float64Array.from([5, 7]) });
    const [dx] = POOLING_ROWS.maxPool.backward!(
      { inputs: [x], outputs, saved, outputGradients: [dy], wanted: [true] },
      context,
    );
    expect(Array.from(heap().floats(dx!))).toEqual([5, 0, 0, 7, 0, 0, 0, 0]);
    for (const t of [x, dy, dx, ...outputs, ...saved]) t?.dispose();
  });

  it('lets NaN win', () => {
    const attributes = {
      kernel: [2],
      stride: [2],
      pads: [[0, 0]] as [number, number][],
      dilation: [1],
      layout: 'channelsFirst' as const,
    };
    const x = tensorOf({ shape: [1, 1, 4], data: Float64Array.from([NaN, 3, 2, 1]) });
    const { outputs, saved = [] } = POOLING_ROWS.maxPool.forward(
      [x],
      contextOf('maxPool', attributes, [[1, 1, 4]], [1, 1, 2]),
    );
    expect(Array.from(heap().floats(outputs[0]!))).toEqual([NaN, 2]);
    for (const t of [x, ...outputs, ...saved]) t.dispose();
  });
});

describe.each(LAYOUTS)('avgPool, %s', (layout) => {
  const rules: [string, boolean, number | null][] = [
    ['pads counted', true, null],
    ['pads not counted', false, null],
    ['fixed divisor', true, 5],
  ];
  it.each(SLIDING.flatMap(([name, ...rest]) => rules.map((rule) => [`${name}, ${rule[0]}`, rest, rule] as const)))(
    '%s',
    (_, [shape, own], [, countPads, divisor]) => {
      checkRow({
        op: 'avgPool',
        row: POOLING_ROWS.avgPool,
        attributes: {
          kernel: own.kernel,
          stride: own.stride,
          pads: own.pads,
          layout,
          countPads,
          divisor,
          ceilPads: own.kernel.map(() => 0),
        },
        inputs: [random(laidOut(shape, layout), 1)],
        reference: ([x]) =>
          pooled(
            x!,
            layout,
            slidingOutput(shape.slice(2), own),
            (p) => slidingWindow(own, p),
            (cells, all) => {
              const sum = cells.reduce((s, v) => s + v, 0);
              return sum / (divisor ?? (countPads ? all.length : cells.length));
            },
          ),
      });
    },
  );

  it('never counts the pads that ceil mode added', () => {
    // torch.nn.AvgPool1d(3, stride=2, padding=1, ceil_mode=True) of 4 cells: windows [pad 0 1], [1 2 3], [3 pad (ceil)].
    const own: Sliding = { kernel: [3], stride: [2], pads: [[1, 2]], dilation: [1] };
    checkRow({
      op: 'avgPool',
      row: POOLING_ROWS.avgPool,
      attributes: { kernel: [3], stride: [2], pads: [[1, 2]], layout, countPads: true, divisor: null, ceilPads: [1] },
      inputs: [random(laidOut([1, 2, 4], layout), 1)],
      reference: ([x]) => {
        const counts = [3, 3, 2];
        let i = 0;
        return pooled(
          x!,
          layout,
          [3],
          (p) => slidingWindow(own, p),
          (cells) => cells.reduce((s, v) => s + v, 0) / counts[i++ % 3]!,
        );
      },
    });
  });
});

describe.each(LAYOUTS)('adaptive pools, %s', (layout) => {
  const cases: [number[], number[]][] = [
    [
      [2, 3, 7, 5],
      [3, 2],
    ],
    [
      [1, 2, 4, 4],
      [1, 1],
    ],
    [
      [1, 2, 3, 2],
      [5, 4],
    ],
    [[2, 2, 10], [4]],
    [
      [1, 2, 3, 4, 5],
      [2, 2, 3],
    ],
  ];
  const window = (spatial: readonly number[], size: readonly number[], place: readonly number[]): number[][] => {
    const from = place.map((p, i) => Math.floor((p * spatial[i]!) / size[i]!));
    const to = place.map((p, i) => Math.ceil(((p + 1) * spatial[i]!) / size[i]!));
    const cells: number[][] = [];
    eachIndex(
      to.map((end, i) => end - from[i]!),
      (k) => cells.push(k.map((v, i) => from[i]! + v)),
    );
    return cells;
  };

  it.each(cases)('%j to %j', (shape, size) => {
    const run = (op: 'adaptiveAvgPool' | 'adaptiveMaxPool', reduce: (cells: number[]) => number): void =>
      checkRow({
        // Both rows have the same attributes.
        op: 'adaptiveAvgPool',
        row: POOLING_ROWS[op] as OpRow<'adaptiveAvgPool'>,
        attributes: { size, layout },
        inputs: [random(laidOut(shape, layout), 1)],
        reference: ([x]) => pooled(x!, layout, size, (p) => window(shape.slice(2), size, p), reduce),
      });
    run('adaptiveAvgPool', (cells) => cells.reduce((s, v) => s + v, 0) / cells.length);
    run('adaptiveMaxPool', (cells) => Math.max(...cells));
  });
});
