// Statistics of one tensor. Squares of float32 values span 1e-90 to 1e77, so float64 sums neither underflow nor overflow.

/** Sum of squares of `size` floats. */
export function sumOfSquares(x: usize, size: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(x + ((<usize>i) << 2));
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    s0 = f64x2.add(s0, f64x2.mul(low, low));
    s1 = f64x2.add(s1, f64x2.mul(high, high));
  }
  s0 = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (let i = whole; i < size; i++) {
    const v = <f64>load<f32>(x + ((<usize>i) << 2));
    sum += v * v;
  }
  return sum;
}

/** Sum of `size` floats. */
export function sumOf(x: usize, size: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(x + ((<usize>i) << 2));
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v));
    s1 = f64x2.add(
      s1,
      f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)),
    );
  }
  s0 = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (let i = whole; i < size; i++) sum += <f64>load<f32>(x + ((<usize>i) << 2));
  return sum;
}

/** Sum of squared distances of `size` floats from `mean`. */
export function squaredDistances(x: usize, size: i32, mean: f64): f64 {
  const centre = f64x2.splat(mean);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(x + ((<usize>i) << 2));
    const low = f64x2.sub(f64x2.promote_low_f32x4(v), centre);
    const high = f64x2.sub(
      f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)),
      centre,
    );
    s0 = f64x2.add(s0, f64x2.mul(low, low));
    s1 = f64x2.add(s1, f64x2.mul(high, high));
  }
  s0 = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (let i = whole; i < size; i++) {
    const v = <f64>load<f32>(x + ((<usize>i) << 2)) - mean;
    sum += v * v;
  }
  return sum;
}

/** Largest absolute value; NaN if any element is NaN. */
export function largest(x: usize, size: i32): f32 {
  let m = f32x4.splat(0);
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) m = f32x4.max(m, f32x4.abs(v128.load(x + ((<usize>i) << 2))));
  let result = max(
    max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
    max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
  );
  for (let i = whole; i < size; i++) result = max(result, abs(load<f32>(x + ((<usize>i) << 2))));
  return result;
}

/** How many elements are exactly zero. */
export function zeros(x: usize, size: i32): i32 {
  const zero = f32x4.splat(0);
  let counts = i32x4.splat(0);
  const whole = size & ~3;
  // A comparison that holds is -1 in its lane.
  for (let i = 0; i < whole; i += 4) counts = i32x4.sub(counts, f32x4.eq(v128.load(x + ((<usize>i) << 2)), zero));
  let count =
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3);
  for (let i = whole; i < size; i++) count += i32(load<f32>(x + ((<usize>i) << 2)) == 0);
  return count;
}

/** y = x * factor; y may be x. */
export function scale(x: usize, y: usize, size: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(y + at, f32x4.mul(v128.load(x + at), f));
  }
  for (let i = whole; i < size; i++) {
    const at = (<usize>i) << 2;
    store<f32>(y + at, load<f32>(x + at) * factor);
  }
}
