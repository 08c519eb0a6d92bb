// Elementwise arithmetic on two operands of one shape.
import { at } from './vector';

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

/** y = a * b; y may be a or b. */
export function multiply(a: usize, b: usize, y: usize, size: i32): void {
  const whole = size & ~3;
  for (let i = 0; i < whole; i += 4) v128.store(y + at(i), f32x4.mul(v128.load(a + at(i)), v128.load(b + at(i))));
  for (let i = whole; i < size; i++) store<f32>(y + at(i), load<f32>(a + at(i)) * load<f32>(b + at(i)));
}
