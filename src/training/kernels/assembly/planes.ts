// Convolution of single planes, for depthwise and narrow grouped layers: a matrix product of one row would waste seven
// eighths of each tile. Shapes as in `columns.ts`.
import { at, lanes, multiplyAdd } from './vector';
import { firstInside, lastInside } from './columns';

/**
 * kind 0: y += w * x (forward). kind 1: x += w^T y (gradient of the input). kind 2: w += y * x (gradient of the kernel).
 * One plane of x, one of y, one kernel.
 */
export function convolvePlane(x: usize, w: usize, y: usize, kind: i32, shape: usize): void {
  const depth = load<i32>(shape),
    height = load<i32>(shape, 4),
    width = load<i32>(shape, 8);
  const kernelD = load<i32>(shape, 12),
    kernelH = load<i32>(shape, 16),
    kernelW = load<i32>(shape, 20);
  const strideD = load<i32>(shape, 24),
    strideH = load<i32>(shape, 28),
    strideW = load<i32>(shape, 32);
  const padD = load<i32>(shape, 36),
    padH = load<i32>(shape, 40),
    padW = load<i32>(shape, 44);
  const dilationD = load<i32>(shape, 48),
    dilationH = load<i32>(shape, 52),
    dilationW = load<i32>(shape, 56);
  const outputD = load<i32>(shape, 60),
    outputH = load<i32>(shape, 64),
    outputW = load<i32>(shape, 68);
  for (let kd = 0; kd < kernelD; kd++) {
    for (let kh = 0; kh < kernelH; kh++) {
      for (let kw = 0; kw < kernelW; kw++) {
        const offset = kw * dilationW - padW;
        const first = firstInside(offset, strideW, outputW);
        const length = max(0, lastInside(offset, strideW, width, outputW) - first);
        const weight = load<f32>(w);
        let sum: f32 = 0;
        for (let line = 0; line < outputD * outputH; line++) {
          const d = (line / outputH) * strideD + kd * dilationD - padD;
          const h = (line % outputH) * strideH + kh * dilationH - padH;
          if (<u32>d >= <u32>depth || <u32>h >= <u32>height) continue;
          const from = x + at((d * height + h) * width + first * strideW + offset);
          const to = y + at(line * outputW + first);
          if (kind == 0) accumulateLine(from, to, weight, length, strideW);
          else if (kind == 1) spreadLine(from, to, weight, length, strideW);
          else sum += dotLine(from, to, length, strideW);
        }
        if (kind == 2) store<f32>(w, weight + sum);
        w += 4;
      }
    }
  }
}

function accumulateLine(from: usize, to: usize, weight: f32, length: i32, stride: i32): void {
  let i = 0;
  if (stride == 1) {
    const factor = f32x4.splat(weight);
    for (; i + 4 <= length; i += 4) {
      v128.store(to + at(i), multiplyAdd(v128.load(from + at(i)), factor, v128.load(to + at(i))));
    }
  }
  for (; i < length; i++) store<f32>(to + at(i), load<f32>(to + at(i)) + weight * load<f32>(from + at(i * stride)));
}

function spreadLine(from: usize, to: usize, weight: f32, length: i32, stride: i32): void {
  let i = 0;
  if (stride == 1) {
    const factor = f32x4.splat(weight);
    for (; i + 4 <= length; i += 4) {
      v128.store(from + at(i), multiplyAdd(v128.load(to + at(i)), factor, v128.load(from + at(i))));
    }
  }
  for (; i < length; i++) {
    const pixel = from + at(i * stride);
    store<f32>(pixel, load<f32>(pixel) + weight * load<f32>(to + at(i)));
  }
}

function dotLine(from: usize, to: usize, length: i32, stride: i32): f32 {
  let i = 0;
  let sum: f32 = 0;
  if (stride == 1) {
    let total = f32x4.splat(0);
    for (; i + 4 <= length; i += 4) total = multiplyAdd(v128.load(from + at(i)), v128.load(to + at(i)), total);
    sum = lanes(total);
  }
  for (; i < length; i++) sum += load<f32>(from + at(i * stride)) * load<f32>(to + at(i));
  return sum;
}
