// Elementwise kernels on four lanes. Slopes come from the input, by e^-|x|, so that a saturated unit's tiny slope is not
// lost where 1 - y would be zero. Results that would be denormal are zero: they are under 2^-126 of what came in, and
// denormals slow every later kernel two hundredfold.
import { decay } from './exponential';
import { at } from './vector';

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;

@inline
function one(): v128 {
  return f32x4.splat(1);
}

@inline
function flushed(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(SMALLEST_NORMAL)));
}

/** 1 / (1 + e^-x), given e = e^-|x|. */
@inline
function logistic(x: v128, e: v128): v128 {
  const d = f32x4.div(one(), f32x4.add(one(), e));
  return v128.bitselect(f32x4.mul(e, d), d, f32x4.lt(x, f32x4.splat(0)));
}

/** erfc(z) for z >= 0 to about 1e-6 relative (Press et al., Numerical Recipes, erfcc). */
@inline
function complementaryError(z: v128): v128 {
  const t = f32x4.div(one(), f32x4.add(one(), f32x4.mul(z, f32x4.splat(0.5))));
  let p = f32x4.splat(0.17087277);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.82215223));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.48851587));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.13520398));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.27886807));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.18628806));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.09678418));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.37409196));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.00002368));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.26551223));
  return f32x4.mul(t, decay(f32x4.min(f32x4.sub(p, f32x4.mul(z, z)), f32x4.splat(0))));
}

/** Distribution function of the standard normal distribution. */
@inline
function cumulative(x: v128): v128 {
  const tail = f32x4.mul(complementaryError(f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678118654752))), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one(), tail), f32x4.lt(x, f32x4.splat(0)));
}

@inline
function reluOf(x: v128): v128 {
  return v128.andnot(x, f32x4.le(x, f32x4.splat(0)));
}

@inline
function reluSlope(x: v128, dy: v128): v128 {
  return v128.andnot(dy, f32x4.le(x, f32x4.splat(0)));
}

@inline
function sigmoidOf(x: v128): v128 {
  return logistic(x, decay(f32x4.neg(f32x4.abs(x))));
}

/** s(x) s(-x) = e / (1 + e)^2 */
@inline
function sigmoidSlope(x: v128, dy: v128): v128 {
  const e = decay(f32x4.neg(f32x4.abs(x)));
  const d = f32x4.div(one(), f32x4.add(one(), e));
  return flushed(f32x4.mul(f32x4.mul(f32x4.mul(dy, d), d), e));
}

/** (1 - e) / (1 + e) with e = e^-2|x|; near zero, where that cancels, Cephes' tanhf polynomial. */
@inline
function tanhOf(x: v128): v128 {
  const size = f32x4.abs(x);
  const e = decay(f32x4.mul(size, f32x4.splat(-2)));
  const far = f32x4.div(f32x4.sub(one(), e), f32x4.add(one(), e));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const signed = v128.or(far, v128.and(x, f32x4.splat(-0.0)));
  return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.625)));
}

/** sech^2 x = 4 h^2 / (1 + h^2)^2 with h = e^-|x|: h twice, because h^2 alone would underflow first. */
@inline
function tanhSlope(x: v128, dy: v128): v128 {
  const h = decay(f32x4.neg(f32x4.abs(x)));
  const d = f32x4.div(f32x4.splat(2), f32x4.add(one(), f32x4.mul(h, h)));
  return flushed(f32x4.mul(f32x4.mul(f32x4.mul(f32x4.mul(dy, d), d), h), h));
}

@inline
function siluOf(x: v128): v128 {
  return f32x4.mul(x, sigmoidOf(x));
}

/** s(x) (1 + x s(-x)) */
@inline
function siluSlope(x: v128, dy: v128): v128 {
  const e = decay(f32x4.neg(f32x4.abs(x)));
  const slope = f32x4.add(one(), f32x4.mul(x, logistic(f32x4.neg(x), e)));
  return flushed(f32x4.mul(f32x4.mul(dy, logistic(x, e)), slope));
}

@inline
function geluOf(x: v128): v128 {
  return f32x4.mul(x, cumulative(x));
}

/** P(x) + x p(x), P and p distribution function and density of the standard normal distribution. */
@inline
function geluSlope(x: v128, dy: v128): v128 {
  const density = f32x4.mul(
    decay(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))),
    f32x4.splat(0.39894228040143268),
  );
  return flushed(f32x4.mul(dy, f32x4.add(cumulative(x), f32x4.mul(x, density))));
}

/** 2 sqrt(2 / pi) (x + 0.044715 x^3): the tanh form of GELU is x s(u) (Hendrycks & Gimpel 2016). */
@inline
function geluArgument(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(x, x), f32x4.splat(0.07135481627260025));
  return f32x4.mul(x, f32x4.add(f32x4.splat(1.5957691216057308), cube));
}

@inline
function geluTanhOf(x: v128): v128 {
  const u = geluArgument(x);
  return f32x4.mul(x, logistic(u, decay(f32x4.neg(f32x4.abs(u)))));
}

/** s(u) (1 + x u' s(-u)) */
@inline
function geluTanhSlope(x: v128, dy: v128): v128 {
  const u = geluArgument(x);
  const e = decay(f32x4.neg(f32x4.abs(u)));
  const cube = f32x4.mul(f32x4.mul(x, x), f32x4.splat(0.21406444881780076));
  const steep = f32x4.mul(x, f32x4.add(f32x4.splat(1.5957691216057308), cube));
  const slope = f32x4.add(one(), f32x4.mul(steep, logistic(f32x4.neg(u), e)));
  return flushed(f32x4.mul(f32x4.mul(dy, logistic(u, e)), slope));
}

/** Up to three floats, zero in the other lanes. */
function loadSome(from: usize, count: i32): v128 {
  let v = f32x4.splat(load<f32>(from));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(from + 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(from + 8));
  return v;
}

function storeSome(to: usize, v: v128, count: i32): void {
  store<f32>(to, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(to + 4, f32x4.extract_lane(v, 1));
  if (count > 2) store<f32>(to + 8, f32x4.extract_lane(v, 2));
}

// Kernels by number: a function passed as a value would need a table and static data. The numbers are constants, so the
// optimiser keeps one branch in each kernel.
const enum Map {
  relu,
  sigmoid,
  tanh,
  silu,
  gelu,
  geluTanh,
}

@inline
function valueOf(map: Map, x: v128): v128 {
  if (map == Map.relu) return reluOf(x);
  if (map == Map.sigmoid) return sigmoidOf(x);
  if (map == Map.tanh) return tanhOf(x);
  if (map == Map.silu) return siluOf(x);
  if (map == Map.gelu) return geluOf(x);
  return geluTanhOf(x);
}

@inline
function gradientOf(map: Map, x: v128, dy: v128): v128 {
  if (map == Map.relu) return reluSlope(x, dy);
  if (map == Map.sigmoid) return sigmoidSlope(x, dy);
  if (map == Map.tanh) return tanhSlope(x, dy);
  if (map == Map.silu) return siluSlope(x, dy);
  if (map == Map.gelu) return geluSlope(x, dy);
  return geluTanhSlope(x, dy);
}

@inline
function forward(map: Map, x: usize, y: usize, size: i32): void {
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) v128.store(y + at(i), valueOf(map, v128.load(x + at(i))));
  if (whole < size) storeSome(y + at(whole), valueOf(map, loadSome(x + at(whole), size - whole)), size - whole);
}

@inline
function backward(map: Map, x: usize, dy: usize, dx: usize, size: i32): void {
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    v128.store(dx + at(i), gradientOf(map, v128.load(x + at(i)), v128.load(dy + at(i))));
  }
  if (whole < size) {
    const rest = size - whole;
    storeSome(dx + at(whole), gradientOf(map, loadSome(x + at(whole), rest), loadSome(dy + at(whole), rest)), rest);
  }
}

export function relu(x: usize, y: usize, size: i32): void {
  forward(Map.relu, x, y, size);
}

export function reluGradient(x: usize, dy: usize, dx: usize, size: i32): void {
  backward(Map.relu, x, dy, dx, size);
}

export function sigmoid(x: usize, y: usize, size: i32): void {
  forward(Map.sigmoid, x, y, size);
}

export function sigmoidGradient(x: usize, dy: usize, dx: usize, size: i32): void {
  backward(Map.sigmoid, x, dy, dx, size);
}

export function tanh(x: usize, y: usize, size: i32): void {
  forward(Map.tanh, x, y, size);
}

export function tanhGradient(x: usize, dy: usize, dx: usize, size: i32): void {
  backward(Map.tanh, x, dy, dx, size);
}

export function silu(x: usize, y: usize, size: i32): void {
  forward(Map.silu, x, y, size);
}

export function siluGradient(x: usize, dy: usize, dx: usize, size: i32): void {
  backward(Map.silu, x, dy, dx, size);
}

export function gelu(x: usize, y: usize, size: i32): void {
  forward(Map.gelu, x, y, size);
}

export function geluGradient(x: usize, dy: usize, dx: usize, size: i32): void {
  backward(Map.gelu, x, dy, dx, size);
}

export function geluTanh(x: usize, y: usize, size: i32): void {
  forward(Map.geluTanh, x, y, size);
}

export function geluTanhGradient(x: usize, dy: usize, dx: usize, size: i32): void {
  backward(Map.geluTanh, x, dy, dx, size);
}
