// Building blocks shared by the kernels.

/** a * b + c on four lanes: fused where the module is built with relaxed SIMD, two roundings elsewhere. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Byte offset of float number `index`. */
export function at(index: i32): usize {
  return (<usize>(<u32>index)) << 2;
}

/** Byte offset of double number `index`. */
export function double(index: i32): usize {
  return (<usize>(<u32>index)) << 3;
}

/** Sum of the four lanes. */
export function lanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2) + (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3));
}

/** The upper two floats as doubles. */
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 1));
}

/** Two vectors of doubles as one of floats. */
export function demote(low: v128, high: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Transposes a 4 x 4 block: rows `from + i * rowBytes` to columns, rows of the result `to + i * toBytes`. */
export function transposeBlock(from: usize, rowBytes: usize, to: usize, toBytes: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + rowBytes);
  const r2 = v128.load(from + 2 * rowBytes);
  const r3 = v128.load(from + 3 * rowBytes);
  const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const t1 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const t2 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(t0, t1, 0, 2));
  v128.store(to + toBytes, i64x2.shuffle(t0, t1, 1, 3));
  v128.store(to + 2 * toBytes, i64x2.shuffle(t2, t3, 0, 2));
  v128.store(to + 3 * toBytes, i64x2.shuffle(t2, t3, 1, 3));
}
