import { heap } from '../kernels/heap';
import { backwardScope, forwardScope, operand, product } from '../kernels/rows';
import type { OpRow } from './row';
import { floats } from './tensors';

interface Window {
  outer: number;
  channels: number;
  inner: number;
  /** Channels before and after that count. */
  before: number;
  after: number;
}

function windowOf(shape: readonly number[], axis: number, size: number): Window {
  return {
    outer: product(shape.slice(0, axis)),
    channels: shape[axis] ?? 1,
    inner: product(shape.slice(axis + 1)),
    before: Math.floor(size / 2),
    after: Math.floor((size - 1) / 2),
  };
}

/** Calls `line` with the place of channel 0 of each position. */
function eachLine({ outer, channels, inner }: Window, line: (start: number) => void): void {
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) line(o * channels * inner + i);
}

/** d[c] = k + alpha / size * sum of x^2 over the window around channel c. */
function divisors(x: Float32Array, start: number, own: Window, share: number, k: number): Float64Array {
  const { channels, inner, before, after } = own;
  return Float64Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = Math.max(0, c - before); i <= Math.min(channels - 1, c + after); i++) {
      sum += (x[start + i * inner] ?? 0) ** 2;
    }
    return k + share * sum;
  });
}

/** y = x / (k + alpha / size * sum over neighbouring channels of x^2)^beta, as torch.nn.LocalResponseNorm. */
export const localResponseNorm: OpRow<'localResponseNorm'> = {
  forward: (inputs, { node: { attributes } }) =>
    forwardScope(() => {
      const { axis, size, alpha, beta, k } = attributes;
      const x = operand(inputs, 0);
      const y = heap().allocate(x.shape);
      const [from, to] = [floats(x), floats(y)];
      const own = windowOf(x.shape, axis, size);
      eachLine(own, (start) => {
        divisors(from, start, own, alpha / size, k).forEach((d, c) => {
          const place = start + c * own.inner;
          to[place] = (from[place] ?? 0) * d ** -beta;
        });
      });
      return { outputs: [y] };
    }),

  /** dx_c = dy_c d_c^-beta - 2 alpha beta / size x_c sum of dy_j x_j d_j^(-beta - 1) over the j whose window holds c. */
  backward: (given, { node: { attributes } }) =>
    backwardScope(given, (dy) => {
      const { axis, size, alpha, beta, k } = attributes;
      const x = operand(given.inputs, 0);
      const dx = heap().allocate(x.shape);
      const [from, slope, to] = [floats(x), floats(dy), floats(dx)];
      const own = windowOf(x.shape, axis, size);
      eachLine(own, (start) => {
        const d = divisors(from, start, own, alpha / size, k);
        const at = (c: number): number => start + c * own.inner;
        const ratio = d.map((value, j) => (slope[at(j)] ?? 0) * (from[at(j)] ?? 0) * value ** (-beta - 1));
        d.forEach((value, c) => {
          let sum = 0;
          for (let j = Math.max(0, c - own.after); j <= Math.min(own.channels - 1, c + own.before); j++) {
            sum += ratio[j] ?? 0;
          }
          const direct = (slope[at(c)] ?? 0) * value ** -beta;
          to[at(c)] = direct - ((2 * alpha * beta) / size) * (from[at(c)] ?? 0) * sum;
        });
      });
      return [dx];
    }),
};
