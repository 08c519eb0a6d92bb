// Arithmetic on two operands, each of which moves from element to element (step 1) or stays (step 0).
import { at } from './vector';

const enum Pair {
  add,
  subtract,
  multiply,
  divide,
}

@inline
function four(pair: Pair, a: v128, b: v128): v128 {
  if (pair == Pair.add) return f32x4.add(a, b);
  if (pair == Pair.subtract) return f32x4.sub(a, b);
  if (pair == Pair.multiply) return f32x4.mul(a, b);
  return f32x4.div(a, b);
}

@inline
function single(pair: Pair, a: f32, b: f32): f32 {
  if (pair == Pair.add) return a + b;
  if (pair == Pair.subtract) return a - b;
  if (pair == Pair.multiply) return a * b;
  return a / b;
}

@inline
function run(pair: Pair, a: usize, stepA: i32, b: usize, stepB: i32, y: usize, size: i32): void {
  // Two operands that stay are left to the scalar loop.
  const whole = stepA | stepB ? size & ~3 : 0;
  if (stepA == 0) {
    const left = v128.load32_splat(a);
    for (let i = 0; i < whole; i += 4) v128.store(y + at(i), four(pair, left, v128.load(b + at(i))));
  } else if (stepB == 0) {
    const right = v128.load32_splat(b);
    for (let i = 0; i < whole; i += 4) v128.store(y + at(i), four(pair, v128.load(a + at(i)), right));
  } else {
    for (let i = 0; i < whole; i += 4) {
      v128.store(y + at(i), four(pair, v128.load(a + at(i)), v128.load(b + at(i))));
    }
  }
  for (let i = whole; i < size; i++) {
    store<f32>(y + at(i), single(pair, load<f32>(a + at(i * stepA)), load<f32>(b + at(i * stepB))));
  }
}

export function addRun(a: usize, stepA: i32, b: usize, stepB: i32, y: usize, size: i32): void {
  run(Pair.add, a, stepA, b, stepB, y, size);
}

export function subtractRun(a: usize, stepA: i32, b: usize, stepB: i32, y: usize, size: i32): void {
  run(Pair.subtract, a, stepA, b, stepB, y, size);
}

export function multiplyRun(a: usize, stepA: i32, b: usize, stepB: i32, y: usize, size: i32): void {
  run(Pair.multiply, a, stepA, b, stepB, y, size);
}

export function divideRun(a: usize, stepA: i32, b: usize, stepB: i32, y: usize, size: i32): void {
  run(Pair.divide, a, stepA, b, stepB, y, size);
}

/** y = a * factorA + b * factorB; y may be a or b. */
export function combine(a: usize, b: usize, y: usize, size: i32, factorA: f32, factorB: f32): void {
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) {
    const left = f32x4.mul(v128.load(a + at(i)), f32x4.splat(factorA));
    v128.store(y + at(i), f32x4.add(left, f32x4.mul(v128.load(b + at(i)), f32x4.splat(factorB))));
  }
  for (let i = whole; i < size; i++) {
    store<f32>(y + at(i), load<f32>(a + at(i)) * factorA + load<f32>(b + at(i)) * factorB);
  }
}
