// Patches of an image as columns of a matrix and back (im2col, col2im), for up to three spatial dims in channels-first layout.
// `shape` points at int32s: [depth, height, width, kernel (3), stride (3), pad before (3), dilation (3), output (3)].
// Output positions are taken in lines (one output depth and row), so that a long image can be worked off in pieces.
import { at } from './vector';

/** First output x that reads inside the image for a tap at `offset` (tap * dilation - pad). */
export function firstInside(offset: i32, stride: i32, limit: i32): i32 {
  const first = offset >= 0 ? 0 : (stride - 1 - offset) / stride;
  return min(first, limit);
}

/** One past the last output x that reads inside. */
export function lastInside(offset: i32, stride: i32, width: i32, limit: i32): i32 {
  const room = width - 1 - offset;
  return room < 0 ? 0 : min(limit, room / stride + 1);
}

/** columns[(c, taps), line * outputWidth...] with row stride `row`, for lines [from, to) of `channels` planes at x. */
export function imageToColumns(
  x: usize,
  columns: usize,
  row: i32,
  channels: i32,
  from: i32,
  to: i32,
  shape: usize,
): void {
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
  const outputH = load<i32>(shape, 64),
    outputW = load<i32>(shape, 68);
  let target = columns;
  for (let c = 0; c < channels; c++) {
    for (let kd = 0; kd < kernelD; kd++) {
      for (let kh = 0; kh < kernelH; kh++) {
        for (let kw = 0; kw < kernelW; kw++) {
          const offset = kw * dilationW - padW;
          const first = firstInside(offset, strideW, outputW);
          const last = max(first, lastInside(offset, strideW, width, outputW));
          let place = target;
          for (let line = from; line < to; line++) {
            const d = (line / outputH) * strideD + kd * dilationD - padD;
            const h = (line % outputH) * strideH + kh * dilationH - padH;
            if (<u32>d >= <u32>depth || <u32>h >= <u32>height) {
              memory.fill(place, 0, at(outputW));
            } else {
              const source = x + at((d * height + h) * width + first * strideW + offset);
              for (let i = 0; i < first; i++) store<f32>(place + at(i), 0);
              if (strideW == 1) {
                let i = first;
                for (; i + 4 <= last; i += 4) v128.store(place + at(i), v128.load(source + at(i - first)));
                for (; i < last; i++) store<f32>(place + at(i), load<f32>(source + at(i - first)));
              } else {
                for (let i = first; i < last; i++) {
                  store<f32>(place + at(i), load<f32>(source + at((i - first) * strideW)));
                }
              }
              for (let i = last; i < outputW; i++) store<f32>(place + at(i), 0);
            }
            place += at(outputW);
          }
          target += at(row);
        }
      }
    }
    x += at(depth * height * width);
  }
}

/** Adds columns back to the pixels that they came from: the adjoint of `imageToColumns`. */
export function columnsToImage(
  columns: usize,
  x: usize,
  row: i32,
  channels: i32,
  from: i32,
  to: i32,
  shape: usize,
): void {
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
  const outputH = load<i32>(shape, 64),
    outputW = load<i32>(shape, 68);
  let origin = columns;
  for (let c = 0; c < channels; c++) {
    for (let kd = 0; kd < kernelD; kd++) {
      for (let kh = 0; kh < kernelH; kh++) {
        for (let kw = 0; kw < kernelW; kw++) {
          const offset = kw * dilationW - padW;
          const first = firstInside(offset, strideW, outputW);
          const last = max(first, lastInside(offset, strideW, width, outputW));
          let place = origin;
          for (let line = from; line < to; line++) {
            const d = (line / outputH) * strideD + kd * dilationD - padD;
            const h = (line % outputH) * strideH + kh * dilationH - padH;
            if (<u32>d < <u32>depth && <u32>h < <u32>height) {
              const target = x + at((d * height + h) * width + first * strideW + offset);
              let i = first;
              if (strideW == 1) {
                for (; i + 4 <= last; i += 4) {
                  const pixel = target + at(i - first);
                  v128.store(pixel, f32x4.add(v128.load(pixel), v128.load(place + at(i))));
                }
              }
              for (; i < last; i++) {
                const pixel = target + at((i - first) * strideW);
                store<f32>(pixel, load<f32>(pixel) + load<f32>(place + at(i)));
              }
            }
            place += at(outputW);
          }
          origin += at(row);
        }
      }
    }
    x += at(depth * height * width);
  }
}
