// Activations made of straight pieces, and those with an exponential tail, on four lanes. Gradients that would be denormal
// are zero, as in `activations.ts`.
import { decay } from './exponential';
import { at } from './vector';

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;

@inline
function flushed(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(SMALLEST_NORMAL)));
}

/** slope x + offset; the offset of a flat piece even where x is infinite. */
@inline
function line(x: v128, slope: f32, offset: f32): v128 {
  const varies = f32x4.ne(f32x4.splat(slope), f32x4.splat(0));
  return f32x4.add(f32x4.mul(v128.and(x, varies), f32x4.splat(slope)), f32x4.splat(offset));
}

/** The first where x <= low, the last where x >= high, else (NaN too) the middle. */
@inline
function choose(x: v128, low: f32, high: f32, first: v128, middle: v128, last: v128): v128 {
  const upper = v128.bitselect(last, middle, f32x4.ge(x, f32x4.splat(high)));
  return v128.bitselect(first, upper, f32x4.le(x, f32x4.splat(low)));
}

/** y = slope x + offset with a slope and an offset for each of three pieces. */
export function pieces(
  x: usize,
  y: usize,
  size: i32,
  low: f32,
  high: f32,
  slope0: f32,
  offset0: f32,
  slope1: f32,
  offset1: f32,
  slope2: f32,
  offset2: f32,
): void {
  const whole = size & ~3;
  for (let i = 0; i < size; i += i < whole ? 4 : 1) {
    const v = i < whole ? v128.load(x + at(i)) : v128.load32_splat(x + at(i));
    const middle = line(v, slope1, offset1);
    const made = choose(v, low, high, line(v, slope0, offset0), middle, line(v, slope2, offset2));
    if (i < whole) v128.store(y + at(i), made);
    else store<f32>(y + at(i), f32x4.extract_lane(made, 0));
  }
}

/** dx = dy slope */
export function piecesGradient(
  x: usize,
  dy: usize,
  dx: usize,
  size: i32,
  low: f32,
  high: f32,
  slope0: f32,
  slope1: f32,
  slope2: f32,
): void {
  const first = f32x4.splat(slope0);
  const middle = f32x4.splat(slope1);
  const last = f32x4.splat(slope2);
  const whole = size & ~3;
  for (let i = 0; i < size; i += i < whole ? 4 : 1) {
    const v = i < whole ? v128.load(x + at(i)) : v128.load32_splat(x + at(i));
    const g = i < whole ? v128.load(dy + at(i)) : v128.load32_splat(dy + at(i));
    const made = flushed(f32x4.mul(g, choose(v, low, high, first, middle, last)));
    if (i < whole) v128.store(dx + at(i), made);
    else store<f32>(dx + at(i), f32x4.extract_lane(made, 0));
  }
}

/** e^v - 1 for v <= 0; near zero, where that cancels, by the polynomial of `decay`. */
@inline
function decayLessOne(v: v128): v128 {
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, v), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, v), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, v), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, v), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, v), f32x4.splat(5.0000001201e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, v), v), v);
  const far = f32x4.sub(decay(v), f32x4.splat(1));
  return v128.bitselect(near, far, f32x4.gt(v, f32x4.splat(-0.34657359)));
}

@inline
function tailOf(x: v128, right: v128, left: v128, width: v128): v128 {
  const below = f32x4.mul(left, decayLessOne(f32x4.div(f32x4.min(x, f32x4.splat(0)), width)));
  return v128.bitselect(f32x4.mul(right, x), below, f32x4.gt(x, f32x4.splat(0)));
}

/** y = right x for x > 0, else left (e^(x / width) - 1): ELU and its kin (Clevert et al. 2016, Klambauer et al. 2017). */
export function tail(x: usize, y: usize, size: i32, right: f32, left: f32, width: f32): void {
  const whole = size & ~3;
  for (let i = 0; i < size; i += i < whole ? 4 : 1) {
    const v = i < whole ? v128.load(x + at(i)) : v128.load32_splat(x + at(i));
    const made = tailOf(v, f32x4.splat(right), f32x4.splat(left), f32x4.splat(width));
    if (i < whole) v128.store(y + at(i), made);
    else store<f32>(y + at(i), f32x4.extract_lane(made, 0));
  }
}

/** dx = dy right for x > 0, else dy left / width e^(x / width) */
export function tailGradient(x: usize, dy: usize, dx: usize, size: i32, right: f32, left: f32, width: f32): void {
  const zero = f32x4.splat(0);
  const steep = f32x4.splat(left / width);
  const whole = size & ~3;
  for (let i = 0; i < size; i += i < whole ? 4 : 1) {
    const v = i < whole ? v128.load(x + at(i)) : v128.load32_splat(x + at(i));
    const g = i < whole ? v128.load(dy + at(i)) : v128.load32_splat(dy + at(i));
    const below = f32x4.mul(steep, decay(f32x4.div(f32x4.min(v, zero), f32x4.splat(width))));
    const slope = v128.bitselect(f32x4.splat(right), below, f32x4.gt(v, zero));
    const made = flushed(f32x4.mul(g, slope));
    if (i < whole) v128.store(dx + at(i), made);
    else store<f32>(dx + at(i), f32x4.extract_lane(made, 0));
  }
}
