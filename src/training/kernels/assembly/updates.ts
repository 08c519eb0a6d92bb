// Optimiser steps over whole parameters. What a slot would hold as a denormal is dropped: it moves no weight, and denormal
// arithmetic is a hundred times slower.

/** Below this a gradient's square, and a slot after some hundred steps of decay, would be denormal. */
const TINY_ROOT: f32 = 2.168404344971009e-19; // 2^-62
const TINY: f32 = 7.52316384526264e-37; // 2^-120

@inline
function drop(x: v128, limit: f32): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(limit)));
}

@inline
function dropOne(x: f32, limit: f32): f32 {
  return abs(x) < limit ? 0 : x;
}

/**
 * Adam: m = keep1 m + take1 g, v = keep2 v + take2 g^2, w -= rate m / (sqrt(v) + guard), with g = gradient * scale * scale2
 * (two factors, because one power of two may leave float32's range).
 */
export function adam(
  w: usize,
  m: usize,
  v: usize,
  gradient: usize,
  size: i32,
  scale: f32,
  scale2: f32,
  keep1: f32,
  take1: f32,
  keep2: f32,
  take2: f32,
  rate: f32,
  guard: f32,
): void {
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    const scaled = f32x4.mul(f32x4.mul(v128.load(gradient + at), f32x4.splat(scale)), f32x4.splat(scale2));
    const g = drop(scaled, TINY);
    const root = drop(g, TINY_ROOT);
    const m1 = drop(f32x4.add(f32x4.mul(v128.load(m + at), f32x4.splat(keep1)), f32x4.mul(g, f32x4.splat(take1))), TINY);
    const v1 = drop(
      f32x4.add(f32x4.mul(v128.load(v + at), f32x4.splat(keep2)), f32x4.mul(f32x4.mul(root, root), f32x4.splat(take2))),
      TINY,
    );
    v128.store(m + at, m1);
    v128.store(v + at, v1);
    const step = f32x4.div(f32x4.mul(m1, f32x4.splat(rate)), f32x4.add(f32x4.sqrt(v1), f32x4.splat(guard)));
    v128.store(w + at, f32x4.sub(v128.load(w + at), step));
  }
  for (let i = whole; i < size; i++) {
    const at = (<usize>i) << 2;
    const g = dropOne(load<f32>(gradient + at) * scale * scale2, TINY);
    const root = dropOne(g, TINY_ROOT);
    const m1 = dropOne(load<f32>(m + at) * keep1 + g * take1, TINY);
    const v1 = dropOne(load<f32>(v + at) * keep2 + root * root * take2, TINY);
    store<f32>(m + at, m1);
    store<f32>(v + at, v1);
    store<f32>(w + at, load<f32>(w + at) - (m1 * rate) / (sqrt<f32>(v1) + guard));
  }
}

/** Gradient descent: velocity = momentum velocity + g, w -= rate velocity, with g as for `adam`; velocity may be 0 (none). */
export function descend(
  w: usize,
  velocity: usize,
  gradient: usize,
  size: i32,
  scale: f32,
  scale2: f32,
  momentum: f32,
  rate: f32,
): void {
  for (let i = 0; i < size; i++) {
    const at = (<usize>i) << 2;
    let step = dropOne(load<f32>(gradient + at) * scale * scale2, TINY);
    if (velocity != 0) {
      step = dropOne(load<f32>(velocity + at) * momentum + step, TINY);
      store<f32>(velocity + at, step);
    }
    store<f32>(w + at, load<f32>(w + at) - step * rate);
  }
}
