import type { Tensor } from '@tensorflow/tfjs-core';
import { zeros } from '../ops/tensors';
import { heap } from './heap';
import { fromDoubles } from './matrix';
import { workspace } from './workspace';

/** A tensor seen as [outer, channels, inner]; each channel has a statistic or a factor of its own. */
export interface Channels {
  outer: number;
  channels: number;
  inner: number;
}

/** Mean and 1 / sqrt(variance + epsilon) of each channel: 2 * channels float64s, kept in an int32 tensor's bytes. */
export type Statistics = Tensor;

const addresses = (statistics: Statistics): [mean: number, inverse: number] => {
  const address = heap().address(statistics);
  return [address, address + 2 * statistics.size];
};

/** Of x itself, in float64; uncentred: mean 0, so that the variance is the mean square. */
export function statisticsOf(
  x: Tensor,
  { outer, channels, inner }: Channels,
  epsilon: number,
  centred: boolean,
): Statistics {
  const backend = heap();
  const result = backend.allocate([4 * channels], 'int32');
  const [mean, inverse] = addresses(result);
  backend.kernels.statistics(backend.address(x), mean, inverse, outer, channels, inner, epsilon, centred ? 1 : 0);
  return result;
}

/** From given means and variances, one a channel. */
export function fixedStatistics(mean: Tensor, variance: Tensor, epsilon: number): Statistics {
  const backend = heap();
  const result = backend.allocate([4 * mean.size], 'int32');
  const target = new Float64Array(backend.heapMemory.buffer, backend.address(result), 2 * mean.size);
  target.set(backend.floats(mean));
  target.set(
    Float64Array.from(backend.floats(variance), (v) => 1 / Math.sqrt(v + epsilon)),
    mean.size,
  );
  return result;
}

/** (x - mean) * inverse, times gamma and plus beta per channel where given. */
export function normalised(
  x: Tensor,
  statistics: Statistics,
  { outer, channels, inner }: Channels,
  gamma?: Tensor,
  beta?: Tensor,
): Tensor {
  const backend = heap();
  const y = backend.allocate(x.shape);
  const [mean, inverse] = addresses(statistics);
  const [scale, offset] = [gamma, beta].map((tensor) => (tensor === undefined ? 0 : backend.address(tensor)));
  const [from, to] = [backend.address(x), backend.address(y)];
  backend.kernels.normalise(from, to, mean, inverse, scale ?? 0, offset ?? 0, outer, channels, inner);
  return y;
}

export interface NormaliseGradients {
  dx: Tensor | null;
  /** Sum of dy * x^ per channel. */
  products: Tensor;
  /** Sum of dy per channel. */
  sums: Tensor;
}

/**
 * Gradient of `normalised` with gamma per channel. What of dy the statistics pass on: 'all' where both come from x,
 * 'scale' where the mean is held at zero (RMS norm), 'none' where both are fixed.
 */
export function normaliseGradients(
  dy: Tensor,
  x: Tensor,
  statistics: Statistics,
  { outer, channels, inner }: Channels,
  through: 'all' | 'scale' | 'none',
  gamma: Tensor | undefined,
  wantsInput: boolean,
): NormaliseGradients {
  const backend = heap();
  const { kernels } = backend;
  const dx = wantsInput ? backend.allocate(x.shape) : null;
  const own = 8 * channels;
  const [sums = 0, products = 0, nothing = 0, scratch = 0] = workspace(backend, [own, own, own, 3 * own]);
  const [mean, inverse] = addresses(statistics);
  const [from, values] = [backend.address(dy), backend.address(x)];
  kernels.gradientSums(from, values, mean, inverse, sums, products, outer, channels, inner);
  if (dx !== null) {
    new Float64Array(backend.heapMemory.buffer, nothing, channels).fill(0);
    kernels.normaliseGradient(
      from,
      values,
      backend.address(dx),
      mean,
      inverse,
      gamma === undefined ? 0 : backend.address(gamma),
      through === 'all' ? sums : nothing,
      through === 'none' ? nothing : products,
      outer,
      channels,
      inner,
      scratch,
    );
  }
  return { dx, products: fromDoubles(backend, products, [channels]), sums: fromDoubles(backend, sums, [channels]) };
}

/** x * gamma + beta per channel, where given. */
export function scaled(x: Tensor, { outer, channels, inner }: Channels, gamma?: Tensor, beta?: Tensor): Tensor {
  const backend = heap();
  const y = backend.allocate(x.shape);
  const [scale, offset] = [gamma, beta].map((tensor) => (tensor === undefined ? 0 : backend.address(tensor)));
  backend.kernels.scaleOffset(backend.address(x), backend.address(y), scale ?? 0, offset ?? 0, outer, channels, inner);
  return y;
}

/** Sum of x * y per channel, in float64. */
export function productSums(x: Tensor, y: Tensor, { outer, channels, inner }: Channels, shape: number[]): Tensor {
  const backend = heap();
  if (x.size === 0) return zeros(shape);
  const [sums = 0] = workspace(backend, [8 * channels]);
  backend.kernels.productSums(backend.address(x), backend.address(y), sums, outer, channels, inner);
  return fromDoubles(backend, sums, shape);
}
