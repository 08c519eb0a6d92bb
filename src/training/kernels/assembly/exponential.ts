// e^x without tables.

/**
 * e^x in float64 to about 1e-13 relative: x = n ln 2 + r with |r| <= ln 2 / 2, the Taylor series of e^r to the 13th power,
 * and n put into the exponent. 0 under -745, infinite over 709.
 */
export function exponential(x: f64): f64 {
  if (x != x) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.2) return 0;
  const n = nearest(x * 1.4426950408889634);
  // ln 2 in two parts, so that n times the first is exact (Cody and Waite).
  const r = x - n * 0.69314718036912381649 - n * 1.90821492927058770002e-10;
  let s: f64 = 1.0 / 6227020800;
  s = s * r + 1.0 / 479001600;
  s = s * r + 1.0 / 39916800;
  s = s * r + 1.0 / 3628800;
  s = s * r + 1.0 / 362880;
  s = s * r + 1.0 / 40320;
  s = s * r + 1.0 / 5040;
  s = s * r + 1.0 / 720;
  s = s * r + 1.0 / 120;
  s = s * r + 1.0 / 24;
  s = s * r + 1.0 / 6;
  s = s * r + 0.5;
  s = s * r + 1;
  s = s * r + 1;
  // Two factors, because 2^n alone may lie outside the normal range.
  const half = <i64>(n * 0.5);
  const rest = <i64>n - half;
  return s * reinterpret<f64>((half + 1023) << 52) * reinterpret<f64>((rest + 1023) << 52);
}

/** ln x in float64 to about 1e-15 for positive normal x: x = 2^n m, ln m = 2 artanh((m - 1) / (m + 1)). */
export function logarithm(x: f64): f64 {
  if (x <= 0) return x == 0 ? -Infinity : NaN;
  if (x == Infinity || x != x) return x;
  const bits = reinterpret<i64>(x);
  let n = <f64>(((bits >> 52) & 2047) - 1023);
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    n += 1;
  }
  const t = (m - 1) / (m + 1);
  const u = t * t;
  let s: f64 = 1.0 / 21;
  s = s * u + 1.0 / 19;
  s = s * u + 1.0 / 17;
  s = s * u + 1.0 / 15;
  s = s * u + 1.0 / 13;
  s = s * u + 1.0 / 11;
  s = s * u + 1.0 / 9;
  s = s * u + 1.0 / 7;
  s = s * u + 1.0 / 5;
  s = s * u + 1.0 / 3;
  s = s * u + 1;
  return n * 0.6931471805599453 + 2 * t * s;
}

/** ln 2^-126 */
const LOWEST: f32 = -87.336544;

/** e^v for v <= 0 to 1e-7 relative; 0 under 2^-126. Range reduction and polynomial of Cephes' expf (Moshier 1992). */
export function decay(v: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(v, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(v, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(v, f32x4.splat(LOWEST)));
}
