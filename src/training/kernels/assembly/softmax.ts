// Softmax over rows of `length`. Gradients are taken relative to that of the largest probability: softmax does not feel a
// shift of the gradient by a constant, and near saturation dy_i - sum(y dy) would otherwise cancel to rounding noise.
import { decay, exponential, logarithm } from './exponential';
import { at, promoteHigh } from './vector';

/** The smallest normal float32: below, kernels slow down two hundredfold and nothing is gained. */
const TINY: f32 = 1.1754943508222875e-38;

/** v with denormals taken to zero; NaN stays. */
function normal(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(v, f32x4.splat(TINY)));
}

/** y = softmax(x), or with `log` log softmax(x). A row of -infinity only gives NaN, as the definition does. */
export function softmax(x: usize, y: usize, rows: i32, length: i32, log: i32): void {
  for (let row = 0; row < rows; row++) {
    const whole = length & ~3;
    let largest: f32 = -Infinity;
    let tops = f32x4.splat(largest);
    for (let i = 0; i < whole; i += 4) tops = f32x4.max(tops, v128.load(x + at(i)));
    for (let i = whole; i < length; i++) largest = max(largest, load<f32>(x + at(i)));
    largest = max(largest, max(f32x4.extract_lane(tops, 0), f32x4.extract_lane(tops, 1)));
    largest = max(largest, max(f32x4.extract_lane(tops, 2), f32x4.extract_lane(tops, 3)));
    const shift = f32x4.splat(largest);
    let sums = f64x2.splat(0);
    for (let i = 0; i < whole; i += 4) {
      const e = decay(f32x4.sub(v128.load(x + at(i)), shift));
      sums = f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(e), promoteHigh(e)));
      if (!log) v128.store(y + at(i), e);
    }
    let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    for (let i = whole; i < length; i++) {
      const e = f32x4.extract_lane(decay(f32x4.splat(load<f32>(x + at(i)) - largest)), 0);
      sum += <f64>e;
      if (!log) store<f32>(y + at(i), e);
    }
    if (log) {
      const offset = <f64>largest + logarithm(sum);
      for (let i = 0; i < length; i++) store<f32>(y + at(i), <f32>(<f64>load<f32>(x + at(i)) - offset));
    } else {
      const factor = f32x4.splat(<f32>(1 / sum));
      for (let i = 0; i < whole; i += 4) v128.store(y + at(i), normal(f32x4.mul(v128.load(y + at(i)), factor)));
      for (let i = whole; i < length; i++) {
        store<f32>(y + at(i), f32x4.extract_lane(normal(f32x4.mul(f32x4.splat(load<f32>(y + at(i))), factor)), 0));
      }
    }
    x += at(length);
    y += at(length);
  }
}

/** dx = y (dy - sum(y dy)) with y = softmax(x). */
export function softmaxGradient(dy: usize, y: usize, dx: usize, rows: i32, length: i32): void {
  for (let row = 0; row < rows; row++) {
    let top = 0;
    let largest: f32 = -1;
    for (let i = 0; i < length; i++) {
      const p = load<f32>(y + at(i));
      if (p > largest) {
        largest = p;
        top = i;
      }
    }
    const shift = <f64>load<f32>(dy + at(top));
    let sum: f64 = 0;
    // The probabilities' own sum differs from one by rounding; dividing by it keeps the gradient's sum at zero.
    let total: f64 = 0;
    for (let i = 0; i < length; i++) {
      const p = <f64>load<f32>(y + at(i));
      total += p;
      sum += p * (<f64>load<f32>(dy + at(i)) - shift);
    }
    // A row without any probability (all masked) passes nothing.
    sum = total > 0 ? sum / total : 0;
    for (let i = 0; i < length; i++) {
      store<f32>(dx + at(i), <f32>(<f64>load<f32>(y + at(i)) * (<f64>load<f32>(dy + at(i)) - shift - sum)));
    }
    dy += at(length);
    y += at(length);
    dx += at(length);
  }
}

/**
 * dx = dy - softmax sum(dy) with y = log softmax(x). For the largest probability p the same is
 * (1 - p) sum(dy) - sum of the others' dy, where 1 - p is the sum of the other probabilities.
 */
export function logSoftmaxGradient(dy: usize, y: usize, dx: usize, rows: i32, length: i32): void {
  for (let row = 0; row < rows; row++) {
    let top = 0;
    for (let i = 1; i < length; i++) if (load<f32>(y + at(i)) > load<f32>(y + at(top))) top = i;
    let others: f64 = 0;
    let complement: f64 = 0;
    for (let i = 0; i < length; i++) {
      if (i == top) continue;
      others += <f64>load<f32>(dy + at(i));
      complement += exponential(<f64>load<f32>(y + at(i)));
    }
    const sum = others + <f64>load<f32>(dy + at(top));
    for (let i = 0; i < length; i++) {
      const value =
        i == top
          ? complement * sum - others
          : <f64>load<f32>(dy + at(i)) - exponential(<f64>load<f32>(y + at(i))) * sum;
      store<f32>(dx + at(i), <f32>value);
    }
    dy += at(length);
    y += at(length);
    dx += at(length);
  }
}
