// The normalisation kernels for channels in the last place, [rows, channels]: four channels at a time instead of four cells of
// one channel. Same sums, same arithmetic as in `normalise.ts`.
import { at, demote, double, promoteHigh } from './vector';

/** Two doubles of an array: those from `index` on, or the next two. */
function doubles(array: usize, index: i32, high: bool): v128 {
  return v128.load(array + double(index) + (high ? 16 : 0));
}

/** gamma or beta of two channels; `otherwise` where there is none. */
function parameter(array: usize, index: i32, high: bool, otherwise: f64): v128 {
  if (!array) return f64x2.splat(otherwise);
  const v = v128.load(array + at(index));
  return high ? promoteHigh(v) : f64x2.promote_low_f32x4(v);
}

/** sums += x, or where `mean` is given += (x - mean)^2. */
export function accumulateLast(x: usize, sums: usize, mean: usize, rows: i32, channels: i32): void {
  const whole = channels & ~3;
  const squared = mean != 0;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < whole; c += 4) {
      const v = v128.load(x + at(c));
      let low = f64x2.promote_low_f32x4(v);
      let high = promoteHigh(v);
      if (squared) {
        low = f64x2.sub(low, doubles(mean, c, false));
        high = f64x2.sub(high, doubles(mean, c, true));
        low = f64x2.mul(low, low);
        high = f64x2.mul(high, high);
      }
      const target = sums + double(c);
      v128.store(target, f64x2.add(v128.load(target), low));
      v128.store(target, f64x2.add(v128.load(target, 16), high), 16);
    }
    for (let c = whole; c < channels; c++) {
      let value = <f64>load<f32>(x + at(c));
      if (squared) {
        value -= load<f64>(mean + double(c));
        value *= value;
      }
      const target = sums + double(c);
      store<f64>(target, load<f64>(target) + value);
    }
    x += at(channels);
  }
}

export function normaliseLast(
  x: usize,
  y: usize,
  mean: usize,
  inverse: usize,
  gamma: usize,
  beta: usize,
  rows: i32,
  channels: i32,
): void {
  const whole = channels & ~3;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < whole; c += 4) {
      const v = v128.load(x + at(c));
      const lowFactor = f64x2.mul(doubles(inverse, c, false), parameter(gamma, c, false, 1));
      const highFactor = f64x2.mul(doubles(inverse, c, true), parameter(gamma, c, true, 1));
      const low = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(v), doubles(mean, c, false)), lowFactor);
      const high = f64x2.mul(f64x2.sub(promoteHigh(v), doubles(mean, c, true)), highFactor);
      const lowY = f64x2.add(low, parameter(beta, c, false, 0));
      v128.store(y + at(c), demote(lowY, f64x2.add(high, parameter(beta, c, true, 0))));
    }
    for (let c = whole; c < channels; c++) {
      const factor = load<f64>(inverse + double(c)) * (gamma ? <f64>load<f32>(gamma + at(c)) : 1);
      const offset = beta ? <f64>load<f32>(beta + at(c)) : 0;
      store<f32>(y + at(c), <f32>((<f64>load<f32>(x + at(c)) - load<f64>(mean + double(c))) * factor + offset));
    }
    x += at(channels);
    y += at(channels);
  }
}

/** sums += dy, products += dy * (x - mean); the caller multiplies the latter by 1 / deviation. */
export function gradientSumsLast(
  dy: usize,
  x: usize,
  mean: usize,
  sums: usize,
  products: usize,
  rows: i32,
  channels: i32,
): void {
  const whole = channels & ~3;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < whole; c += 4) {
      const v = v128.load(x + at(c));
      const g = v128.load(dy + at(c));
      const low = f64x2.promote_low_f32x4(g);
      const high = promoteHigh(g);
      const sum = sums + double(c);
      const product = products + double(c);
      v128.store(sum, f64x2.add(v128.load(sum), low));
      v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
      const lowX = f64x2.sub(f64x2.promote_low_f32x4(v), doubles(mean, c, false));
      const highX = f64x2.sub(promoteHigh(v), doubles(mean, c, true));
      v128.store(product, f64x2.add(v128.load(product), f64x2.mul(low, lowX)));
      v128.store(product, f64x2.add(v128.load(product, 16), f64x2.mul(high, highX)), 16);
    }
    for (let c = whole; c < channels; c++) {
      const g = <f64>load<f32>(dy + at(c));
      const distance = <f64>load<f32>(x + at(c)) - load<f64>(mean + double(c));
      store<f64>(sums + double(c), load<f64>(sums + double(c)) + g);
      store<f64>(products + double(c), load<f64>(products + double(c)) + g * distance);
    }
    x += at(channels);
    dy += at(channels);
  }
}

/** dx = factor * (dy - shift - (x - mean) * slope), factor, shift and slope given per channel (float64). */
export function normaliseGradientLast(
  dy: usize,
  x: usize,
  dx: usize,
  mean: usize,
  factors: usize,
  shifts: usize,
  slopes: usize,
  rows: i32,
  channels: i32,
): void {
  const whole = channels & ~3;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < whole; c += 4) {
      const v = v128.load(x + at(c));
      const g = v128.load(dy + at(c));
      const lowX = f64x2.sub(f64x2.promote_low_f32x4(v), doubles(mean, c, false));
      const highX = f64x2.sub(promoteHigh(v), doubles(mean, c, true));
      let low = f64x2.sub(f64x2.promote_low_f32x4(g), doubles(shifts, c, false));
      let high = f64x2.sub(promoteHigh(g), doubles(shifts, c, true));
      low = f64x2.sub(low, f64x2.mul(lowX, doubles(slopes, c, false)));
      high = f64x2.sub(high, f64x2.mul(highX, doubles(slopes, c, true)));
      low = f64x2.mul(low, doubles(factors, c, false));
      high = f64x2.mul(high, doubles(factors, c, true));
      v128.store(dx + at(c), demote(low, high));
    }
    for (let c = whole; c < channels; c++) {
      const distance = <f64>load<f32>(x + at(c)) - load<f64>(mean + double(c));
      const rest = <f64>load<f32>(dy + at(c)) - load<f64>(shifts + double(c)) - distance * load<f64>(slopes + double(c));
      store<f32>(dx + at(c), <f32>(rest * load<f64>(factors + double(c))));
    }
    x += at(channels);
    dy += at(channels);
    dx += at(channels);
  }
}
