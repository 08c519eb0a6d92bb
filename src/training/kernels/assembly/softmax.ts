// Softmax over rows of `length`. Gradients are taken relative to that of the largest probability: softmax does not feel a
// shift of the gradient by a constant, and near saturation dy_i - sum(y dy) would otherwise cancel to rounding noise.
import { at } from './vector';
import { exponential, logarithm } from './exponential';

/** The smallest normal float32: below, kernels slow down two hundredfold and nothing is gained. */
const TINY: f64 = 1.1754943508222875e-38;

/** y = softmax(x), or with `log` log softmax(x). A row of -infinity only gives NaN, as the definition does. */
export function softmax(x: usize, y: usize, rows: i32, length: i32, log: i32): void {
  for (let row = 0; row < rows; row++) {
    let largest: f32 = -Infinity;
    for (let i = 0; i < length; i++) largest = max(largest, load<f32>(x + at(i)));
    const shift = <f64>largest;
    let sum: f64 = 0;
    for (let i = 0; i < length; i++) {
      const e = exponential(<f64>load<f32>(x + at(i)) - shift);
      sum += e;
      if (!log) store<f32>(y + at(i), <f32>e);
    }
    if (log) {
      const offset = shift + logarithm(sum);
      for (let i = 0; i < length; i++) store<f32>(y + at(i), <f32>(<f64>load<f32>(x + at(i)) - offset));
    } else {
      const factor = 1 / sum;
      for (let i = 0; i < length; i++) {
        const p = <f64>load<f32>(y + at(i)) * factor;
        store<f32>(y + at(i), p < TINY ? <f32>0 : <f32>p);
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
