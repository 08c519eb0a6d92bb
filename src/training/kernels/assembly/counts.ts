/** How many of `size` floats lie in [from, to). */
export function countWithin(x: usize, size: i32, from: f32, to: f32): i32 {
  const low = f32x4.splat(from);
  const high = f32x4.splat(to);
  let counts = i32x4.splat(0);
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(x + ((<usize>i) << 2));
    // A comparison that holds is -1 in its lane.
    counts = i32x4.sub(counts, v128.and(f32x4.ge(v, low), f32x4.lt(v, high)));
  }
  let count =
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3);
  for (let i = whole; i < size; i++) {
    const v = load<f32>(x + ((<usize>i) << 2));
    count += i32(v >= from) & i32(v < to);
  }
  return count;
}
