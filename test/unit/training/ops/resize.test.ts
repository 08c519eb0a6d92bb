import { beforeAll, describe, it } from 'vitest';
import type { OpAttributes } from '../../../../src/graph/ops';
import { RESIZE_ROWS } from '../../../../src/training/ops/resize';
import { boot, cell, checkRow, dense, eachIndex, random } from '../kernels/rowCheck';

beforeAll(boot);

type Resize = OpAttributes<'resize'>;

/** Weight of input cell `j` (clamped to the borders) for output cell `i`, straight from the definitions. */
function weight(i: number, j: number, length: number, output: number, own: Resize, axis: number): number {
  const ratio = own.scale?.[axis] ?? length / output;
  const place = {
    alignCorners: output > 1 ? (i * (length - 1)) / (output - 1) : 0,
    halfPixel: (i + 0.5) * ratio - 0.5,
    asymmetric: i * ratio,
  }[own.coordinates];
  if (own.mode === 'nearest') {
    const source = own.coordinates === 'halfPixel' ? Math.floor((i + 0.5) * ratio) : Math.floor(place + 1e-9);
    return Math.min(length - 1, source) === j ? 1 : 0;
  }
  // A hat, or Keys' cubic with a = -3/4, over all cells of an image that continues with its border cells.
  const hat = (d: number): number => Math.max(0, 1 - d);
  const cubic = (d: number): number => {
    if (d >= 2) return 0;
    return d <= 1 ? 1.25 * d ** 3 - 2.25 * d ** 2 + 1 : -0.75 * (d ** 3 - 5 * d ** 2 + 8 * d - 4);
  };
  let sum = 0;
  for (let k = -4; k < length + 4; k++) {
    if (Math.max(0, Math.min(length - 1, k)) !== j) continue;
    sum += (own.mode === 'linear' ? hat : cubic)(Math.abs(place - k));
  }
  return sum;
}

describe.each(['channelsFirst', 'channelsLast'] as const)('%s', (layout) => {
  const cases: [number[], Omit<Resize, 'layout'>][] = [
    [[4, 3], { size: [8, 6], mode: 'nearest', coordinates: 'asymmetric', scale: null }],
    [[5, 7], { size: [7, 4], mode: 'nearest', coordinates: 'asymmetric', scale: null }],
    [[5, 7], { size: [7, 4], mode: 'nearest', coordinates: 'halfPixel', scale: null }],
    [[7], { size: [21], mode: 'nearest', coordinates: 'asymmetric', scale: null }],
    [[4, 5], { size: [7, 9], mode: 'linear', coordinates: 'alignCorners', scale: null }],
    [[4, 5], { size: [8, 3], mode: 'linear', coordinates: 'halfPixel', scale: null }],
    [[4, 5], { size: [6, 7], mode: 'linear', coordinates: 'halfPixel', scale: [1 / 1.6, 1 / 1.5] }],
    [[4, 5], { size: [1, 1], mode: 'linear', coordinates: 'alignCorners', scale: null }],
    [[2, 3, 4], { size: [4, 5, 6], mode: 'linear', coordinates: 'halfPixel', scale: null }],
    [[4, 5], { size: [9, 3], mode: 'cubic', coordinates: 'halfPixel', scale: null }],
    [[4, 5], { size: [7, 9], mode: 'cubic', coordinates: 'alignCorners', scale: null }],
  ];
  it.each(cases)('%j by %j', (spatial, own) => {
    const attributes: Resize = { ...own, layout };
    const place = (n: number, c: number, s: readonly number[]): number[] =>
      layout === 'channelsFirst' ? [n, c, ...s] : [n, ...s, c];
    const shape = place(2, 3, spatial);
    checkRow({
      op: 'resize',
      row: RESIZE_ROWS.resize,
      attributes,
      inputs: [random(shape, 1)],
      reference: ([x]) => {
        const y = dense(place(2, 3, own.size));
        eachIndex(y.shape, (index, flat) => {
          const out = layout === 'channelsFirst' ? index.slice(2) : index.slice(1, -1);
          const [n, c] = [index[0]!, layout === 'channelsFirst' ? index[1]! : index.at(-1)!];
          let sum = 0;
          eachIndex(spatial, (s) => {
            const w = s.reduce(
              (all, j, axis) => all * weight(out[axis]!, j, spatial[axis]!, own.size[axis]!, attributes, axis),
              1,
            );
            if (w !== 0) sum += w * cell(x!, place(n, c, s));
          });
          y.data[flat] = sum;
        });
        return y;
      },
    });
  });
});
