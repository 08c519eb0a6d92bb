// Resampling along one axis of [outer, length, inner] by a table of taps.
import { at } from './vector';

/**
 * y[o, i, :] = sum over t < taps of weights[i, t] * x[o, places[i, t], :] (backward = 0), or the adjoint x += ... y, where the
 * caller zeroed x (backward = 1). `places` int32, `weights` float32.
 */
export function interpolate(
  x: usize,
  y: usize,
  backward: i32,
  outer: i32,
  length: i32,
  output: i32,
  inner: i32,
  taps: i32,
  places: usize,
  weights: usize,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < output; i++) {
      if (!backward) memory.fill(y, 0, at(inner));
      for (let t = 0; t < taps; t++) {
        const weight = load<f32>(weights + at(i * taps + t));
        const source = x + at(load<i32>(places + at(i * taps + t)) * inner);
        const from = backward ? y : source;
        const to = backward ? source : y;
        for (let j = 0; j < inner; j++)
          store<f32>(to + at(j), load<f32>(to + at(j)) + weight * load<f32>(from + at(j)));
      }
      y += at(inner);
    }
    x += at(length * inner);
  }
}
