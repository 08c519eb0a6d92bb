// Normalisation over [outer, channels, inner]: one mean and variance for each channel. All sums and all arithmetic on single
// elements are float64, because float32 batch statistics flip ReLUs further on. Statistics are float64 arrays [channels].
import { accumulateLast, gradientSumsLast, normaliseGradientLast, normaliseLast } from './normaliseLast';
import { at, demote, double, promoteHigh } from './vector';

/** mean and inverse = 1 / sqrt(biased variance + epsilon) for each channel; with centred = 0 the mean is taken as zero. */
export function statistics(
  x: usize,
  mean: usize,
  inverse: usize,
  outer: i32,
  channels: i32,
  inner: i32,
  epsilon: f64,
  centred: i32,
): void {
  const count = <f64>outer * <f64>inner;
  memory.fill(mean, 0, double(channels));
  memory.fill(inverse, 0, double(channels));
  if (centred) {
    accumulate(x, mean, 0, outer, channels, inner);
    for (let c = 0; c < channels; c++) store<f64>(mean + double(c), load<f64>(mean + double(c)) / count);
  }
  accumulate(x, inverse, mean, outer, channels, inner);
  for (let c = 0; c < channels; c++) {
    store<f64>(inverse + double(c), 1 / sqrt(load<f64>(inverse + double(c)) / count + epsilon));
  }
}

/** sums[channels] += x, or where `mean` is given += (x - mean)^2. */
function accumulate(x: usize, sums: usize, mean: usize, outer: i32, channels: i32, inner: i32): void {
  if (inner == 1) {
    accumulateLast(x, sums, mean, outer, channels);
    return;
  }
  const squared = mean != 0;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      const centre = squared ? load<f64>(mean + double(c)) : 0;
      const vector = f64x2.splat(centre);
      let s0 = f64x2.splat(0);
      let s1 = s0;
      const whole = inner & ~3;
      for (let i = 0; i < whole; i += 4) {
        const v = v128.load(x + at(i));
        const low = f64x2.sub(f64x2.promote_low_f32x4(v), vector);
        const high = f64x2.sub(promoteHigh(v), vector);
        s0 = f64x2.add(s0, squared ? f64x2.mul(low, low) : low);
        s1 = f64x2.add(s1, squared ? f64x2.mul(high, high) : high);
      }
      s0 = f64x2.add(s0, s1);
      let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
      for (let i = whole; i < inner; i++) {
        const distance = <f64>load<f32>(x + at(i)) - centre;
        sum += squared ? distance * distance : distance;
      }
      const target = sums + double(c);
      store<f64>(target, load<f64>(target) + sum);
      x += at(inner);
    }
  }
}

/** y = (x - mean) * inverse * gamma + beta, gamma and beta per channel where given (else 0). */
export function normalise(
  x: usize,
  y: usize,
  mean: usize,
  inverse: usize,
  gamma: usize,
  beta: usize,
  outer: i32,
  channels: i32,
  inner: i32,
): void {
  if (inner == 1) {
    normaliseLast(x, y, mean, inverse, gamma, beta, outer, channels);
    return;
  }
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      const centre = load<f64>(mean + double(c));
      const factor = load<f64>(inverse + double(c)) * (gamma ? <f64>load<f32>(gamma + at(c)) : 1);
      const offset = beta ? <f64>load<f32>(beta + at(c)) : 0;
      const vCentre = f64x2.splat(centre);
      const vFactor = f64x2.splat(factor);
      const vOffset = f64x2.splat(offset);
      const whole = inner & ~3;
      for (let i = 0; i < whole; i += 4) {
        const v = v128.load(x + at(i));
        const low = f64x2.add(f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(v), vCentre), vFactor), vOffset);
        const high = f64x2.add(f64x2.mul(f64x2.sub(promoteHigh(v), vCentre), vFactor), vOffset);
        v128.store(y + at(i), demote(low, high));
      }
      for (let i = whole; i < inner; i++) {
        store<f32>(y + at(i), <f32>((<f64>load<f32>(x + at(i)) - centre) * factor + offset));
      }
      x += at(inner);
      y += at(inner);
    }
  }
}

/** For each channel: sums = sum of dy, products = sum of dy * (x - mean) * inverse. */
export function gradientSums(
  dy: usize,
  x: usize,
  mean: usize,
  inverse: usize,
  sums: usize,
  products: usize,
  outer: i32,
  channels: i32,
  inner: i32,
): void {
  memory.fill(sums, 0, double(channels));
  memory.fill(products, 0, double(channels));
  if (inner == 1) {
    gradientSumsLast(dy, x, mean, sums, products, outer, channels);
    for (let c = 0; c < channels; c++) {
      const product = products + double(c);
      store<f64>(product, load<f64>(product) * load<f64>(inverse + double(c)));
    }
    return;
  }
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      const centre = load<f64>(mean + double(c));
      const vCentre = f64x2.splat(centre);
      let s0 = f64x2.splat(0),
        p0 = s0,
        s1 = s0,
        p1 = s0;
      const whole = inner & ~3;
      for (let i = 0; i < whole; i += 4) {
        const v = v128.load(x + at(i));
        const g = v128.load(dy + at(i));
        const low = f64x2.promote_low_f32x4(g);
        const high = promoteHigh(g);
        s0 = f64x2.add(s0, low);
        s1 = f64x2.add(s1, high);
        p0 = f64x2.add(p0, f64x2.mul(low, f64x2.sub(f64x2.promote_low_f32x4(v), vCentre)));
        p1 = f64x2.add(p1, f64x2.mul(high, f64x2.sub(promoteHigh(v), vCentre)));
      }
      s0 = f64x2.add(s0, s1);
      p0 = f64x2.add(p0, p1);
      let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
      let product = f64x2.extract_lane(p0, 0) + f64x2.extract_lane(p0, 1);
      for (let i = whole; i < inner; i++) {
        const g = <f64>load<f32>(dy + at(i));
        sum += g;
        product += g * (<f64>load<f32>(x + at(i)) - centre);
      }
      const target = double(c);
      store<f64>(sums + target, load<f64>(sums + target) + sum);
      store<f64>(products + target, load<f64>(products + target) + product * load<f64>(inverse + target));
      x += at(inner);
      dy += at(inner);
    }
  }
}

/**
 * dx = gamma * inverse * (dy - sums / n - x^ * products / n), x^ = (x - mean) * inverse, n = outer * inner
 * (Ioffe and Szegedy 2015, the gradient below eq. 1). Fixed or uncentred statistics pass `sums` or `products` of zeros.
 * `scratch` holds three doubles a channel.
 */
export function normaliseGradient(
  dy: usize,
  x: usize,
  dx: usize,
  mean: usize,
  inverse: usize,
  gamma: usize,
  sums: usize,
  products: usize,
  outer: i32,
  channels: i32,
  inner: i32,
  scratch: usize,
): void {
  const count = <f64>outer * <f64>inner;
  if (inner == 1) {
    const shifts = scratch + double(channels);
    const slopes = shifts + double(channels);
    for (let c = 0; c < channels; c++) {
      const invert = load<f64>(inverse + double(c));
      store<f64>(scratch + double(c), invert * (gamma ? <f64>load<f32>(gamma + at(c)) : 1));
      store<f64>(shifts + double(c), load<f64>(sums + double(c)) / count);
      store<f64>(slopes + double(c), (load<f64>(products + double(c)) / count) * invert);
    }
    normaliseGradientLast(dy, x, dx, mean, scratch, shifts, slopes, outer, channels);
    return;
  }
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      const centre = load<f64>(mean + double(c));
      const invert = load<f64>(inverse + double(c));
      const factor = invert * (gamma ? <f64>load<f32>(gamma + at(c)) : 1);
      const shift = load<f64>(sums + double(c)) / count;
      const slope = (load<f64>(products + double(c)) / count) * invert;
      const vCentre = f64x2.splat(centre);
      const vFactor = f64x2.splat(factor);
      const vShift = f64x2.splat(shift);
      const vSlope = f64x2.splat(slope);
      const whole = inner & ~3;
      for (let i = 0; i < whole; i += 4) {
        const v = v128.load(x + at(i));
        const g = v128.load(dy + at(i));
        const lowX = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(v), vCentre), vSlope);
        const highX = f64x2.mul(f64x2.sub(promoteHigh(v), vCentre), vSlope);
        const low = f64x2.mul(f64x2.sub(f64x2.sub(f64x2.promote_low_f32x4(g), vShift), lowX), vFactor);
        const high = f64x2.mul(f64x2.sub(f64x2.sub(promoteHigh(g), vShift), highX), vFactor);
        v128.store(dx + at(i), demote(low, high));
      }
      for (let i = whole; i < inner; i++) {
        const g = <f64>load<f32>(dy + at(i));
        store<f32>(dx + at(i), <f32>((g - shift - (<f64>load<f32>(x + at(i)) - centre) * slope) * factor));
      }
      x += at(inner);
      dy += at(inner);
      dx += at(inner);
    }
  }
}

/** y = x * gamma + beta per channel of [outer, channels, inner], gamma and beta where given (else 0). */
export function scaleOffset(
  x: usize,
  y: usize,
  gamma: usize,
  beta: usize,
  outer: i32,
  channels: i32,
  inner: i32,
): void {
  if (inner == 1) {
    const whole = channels & ~3;
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < whole; c += 4) {
        let v = v128.load(x + at(c));
        if (gamma) v = f32x4.mul(v, v128.load(gamma + at(c)));
        if (beta) v = f32x4.add(v, v128.load(beta + at(c)));
        v128.store(y + at(c), v);
      }
      for (let c = whole; c < channels; c++) {
        const factor = gamma ? load<f32>(gamma + at(c)) : <f32>1;
        const offset = beta ? load<f32>(beta + at(c)) : <f32>0;
        store<f32>(y + at(c), load<f32>(x + at(c)) * factor + offset);
      }
      x += at(channels);
      y += at(channels);
    }
    return;
  }
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      const factor = gamma ? load<f32>(gamma + at(c)) : <f32>1;
      const offset = beta ? load<f32>(beta + at(c)) : <f32>0;
      for (let i = 0; i < inner; i++) store<f32>(y + at(i), load<f32>(x + at(i)) * factor + offset);
      x += at(inner);
      y += at(inner);
    }
  }
}

/** sums[channels] (float64) = sum of x * y over all axes but the channels. */
export function productSums(x: usize, y: usize, sums: usize, outer: i32, channels: i32, inner: i32): void {
  memory.fill(sums, 0, double(channels));
  const whole = inner == 1 ? channels & ~3 : 0;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < whole; c += 4) {
      const a = v128.load(x);
      const b = v128.load(y);
      const target = sums + double(c);
      const low = f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b));
      const high = f64x2.mul(promoteHigh(a), promoteHigh(b));
      v128.store(target, f64x2.add(v128.load(target), low));
      v128.store(target, f64x2.add(v128.load(target, 16), high), 16);
      x += 16;
      y += 16;
    }
    for (let c = whole; c < channels; c++) {
      let sum: f64 = 0;
      for (let i = 0; i < inner; i++) sum += <f64>load<f32>(x + at(i)) * <f64>load<f32>(y + at(i));
      const target = sums + double(c);
      store<f64>(target, load<f64>(target) + sum);
      x += at(inner);
      y += at(inner);
    }
  }
}
