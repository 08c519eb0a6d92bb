import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpAttributes } from '../../graph/ops';
import { zeros } from '../ops/tensors';
import { heap } from './heap';
import { product } from './rows';
import { workspace, writeInts } from './workspace';

type Resize = OpAttributes<'resize'>;

/** For each output cell along one axis, `taps` input cells and their weights. */
export interface Taps {
  taps: number;
  places: number[];
  weights: number[];
}

/** Input cells to an output cell: given by the file's scale factor, or by the sizes. */
function stepOf(length: number, output: number, coordinates: Resize['coordinates'], fixed: number | null): number {
  if (coordinates === 'alignCorners') return output > 1 ? (length - 1) / (output - 1) : 0;
  return fixed ?? length / output;
}

/** Keys' cubic convolution kernel with a = -0.75 (Keys 1981; PyTorch's choice of a). */
function cubicWeights(t: number): number[] {
  const a = -0.75;
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

/** PyTorch's index of a nearest cell is computed in float32; so it is here, or ties would fall to other cells. */
function nearest(i: number, step: number, coordinates: Resize['coordinates']): number {
  const scale = Math.fround(step);
  if (coordinates === 'halfPixel') return Math.floor(Math.fround(Math.fround(i + 0.5) * scale));
  const place = Math.fround(i * scale);
  return coordinates === 'alignCorners' ? Math.round(place) : Math.floor(place);
}

/** The taps of one axis, at the borders repeated from the outermost cell (torch.nn.functional.interpolate). */
export function tapsOf(
  length: number,
  output: number,
  mode: Resize['mode'],
  coordinates: Resize['coordinates'],
  fixed: number | null,
): Taps {
  const step = stepOf(length, output, coordinates, fixed);
  const places: number[] = [];
  const weights: number[] = [];
  const add = (place: number, weight: number): void => {
    places.push(Math.max(0, Math.min(length - 1, place)));
    weights.push(weight);
  };
  for (let i = 0; i < output; i++) {
    if (mode === 'nearest') {
      add(nearest(i, step, coordinates), 1);
      continue;
    }
    const place = coordinates === 'halfPixel' ? (i + 0.5) * step - 0.5 : i * step;
    const source = mode === 'linear' ? Math.max(0, place) : place;
    const start = Math.floor(source);
    const t = source - start;
    if (mode === 'linear') [1 - t, t].forEach((weight, k) => add(start + k, weight));
    else cubicWeights(t).forEach((weight, k) => add(start - 1 + k, weight));
  }
  return { taps: places.length / Math.max(1, output), places, weights };
}

/**
 * Resamples one axis of x to `taps`, or (backward) the adjoint from the resampled axis back to `length` cells.
 * Gives a new tensor.
 */
export function resampled(x: Tensor, axis: number, { taps, places, weights }: Taps, backTo?: number): Tensor {
  const backend = heap();
  const output = places.length / taps;
  const outer = product(x.shape.slice(0, axis));
  const inner = product(x.shape.slice(axis + 1));
  const result = zeros(x.shape.with(axis, backTo ?? output));
  const [placeTable = 0, weightTable = 0] = workspace(backend, [4 * places.length, 4 * places.length]);
  writeInts(backend, placeTable, places);
  new Float32Array(backend.heapMemory.buffer, weightTable, weights.length).set(weights);
  const backward = backTo === undefined ? 0 : 1;
  const [small, large] = backward === 1 ? [result, x] : [x, result];
  const [from, to] = [backend.address(small), backend.address(large)];
  const length = small.shape[axis] ?? 1;
  backend.kernels.interpolate(from, to, backward, outer, length, output, inner, taps, placeTable, weightTable);
  return result;
}
