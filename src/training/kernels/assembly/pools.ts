// Pooling over windows given by tables. For each spatial dim (depth, height, width, in this order) and output index, `windows`
// holds four int32s: first and one-past-last input index inside the image, step, and how many cells the divisor counts.
import { at } from './vector';

/** Largest element of each window and its place in the plane (-1 for an empty window); NaN wins, else the first largest. */
export function maxPool(
  x: usize,
  y: usize,
  places: usize,
  planes: i32,
  height: i32,
  width: i32,
  plane: i32,
  outputD: i32,
  outputH: i32,
  outputW: i32,
  windows: usize,
): void {
  const rows = windows + <usize>outputD * 16;
  const columns = rows + <usize>outputH * 16;
  for (let p = 0; p < planes; p++) {
    for (let od = 0; od < outputD; od++) {
      const dTable = windows + <usize>od * 16;
      for (let oh = 0; oh < outputH; oh++) {
        const hTable = rows + <usize>oh * 16;
        for (let ow = 0; ow < outputW; ow++) {
          const wTable = columns + <usize>ow * 16;
          const wLast = load<i32>(wTable, 4);
          const wStep = load<i32>(wTable, 8);
          let best: f32 = -Infinity;
          let place = -1;
          for (let d = load<i32>(dTable); d < load<i32>(dTable, 4); d += load<i32>(dTable, 8)) {
            for (let h = load<i32>(hTable); h < load<i32>(hTable, 4); h += load<i32>(hTable, 8)) {
              const line = (d * height + h) * width;
              for (let w = load<i32>(wTable); w < wLast; w += wStep) {
                const value = load<f32>(x + at(line + w));
                if (value > best || place < 0 || value != value) {
                  best = value;
                  place = line + w;
                }
              }
            }
          }
          store<f32>(y, best);
          store<i32>(places, place);
          y += 4;
          places += 4;
        }
      }
    }
    x += at(plane);
  }
}

/** dx[planes, plane] (zeroed by the caller) += dy at the recorded places. */
export function maxPoolGradient(dy: usize, places: usize, dx: usize, planes: i32, plane: i32, outputs: i32): void {
  for (let p = 0; p < planes; p++) {
    for (let i = 0; i < outputs; i++) {
      const place = load<i32>(places);
      if (place >= 0) {
        const pixel = dx + at(place);
        store<f32>(pixel, load<f32>(pixel) + load<f32>(dy));
      }
      places += 4;
      dy += 4;
    }
    dx += at(plane);
  }
}

/**
 * Mean of each window (backward = 0), or its adjoint: y's elements shared out over the windows of x, which the caller zeroed
 * (backward = 1). `divisor` 0: the product of the tables' counts.
 */
export function averagePool(
  x: usize,
  y: usize,
  backward: i32,
  planes: i32,
  height: i32,
  width: i32,
  plane: i32,
  outputD: i32,
  outputH: i32,
  outputW: i32,
  divisor: f64,
  windows: usize,
): void {
  const rows = windows + <usize>outputD * 16;
  const columns = rows + <usize>outputH * 16;
  for (let p = 0; p < planes; p++) {
    for (let od = 0; od < outputD; od++) {
      const dTable = windows + <usize>od * 16;
      for (let oh = 0; oh < outputH; oh++) {
        const hTable = rows + <usize>oh * 16;
        for (let ow = 0; ow < outputW; ow++) {
          const wTable = columns + <usize>ow * 16;
          const wLast = load<i32>(wTable, 4);
          const wStep = load<i32>(wTable, 8);
          const count =
            divisor != 0
              ? divisor
              : <f64>load<i32>(dTable, 12) * <f64>load<i32>(hTable, 12) * <f64>load<i32>(wTable, 12);
          const share = backward ? <f32>(<f64>load<f32>(y) / count) : <f32>0;
          let sum: f64 = 0;
          for (let d = load<i32>(dTable); d < load<i32>(dTable, 4); d += load<i32>(dTable, 8)) {
            for (let h = load<i32>(hTable); h < load<i32>(hTable, 4); h += load<i32>(hTable, 8)) {
              const line = (d * height + h) * width;
              for (let w = load<i32>(wTable); w < wLast; w += wStep) {
                const pixel = x + at(line + w);
                if (backward) store<f32>(pixel, load<f32>(pixel) + share);
                else sum += <f64>load<f32>(pixel);
              }
            }
          }
          if (!backward) store<f32>(y, <f32>(sum / count));
          y += 4;
        }
      }
    }
    x += at(plane);
  }
}
