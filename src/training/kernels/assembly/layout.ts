// Moving elements: transposition, gathering of rows, sums over rows.
import { accumulateLast } from './normaliseLast';
import { at, double, transposeBlock } from './vector';

/** y[batch, columns, rows] = x[batch, rows, columns] transposed. */
export function transpose(x: usize, y: usize, batch: i32, rows: i32, columns: i32): void {
  const size = at(rows * columns);
  const wholeRows = rows & ~3;
  const wholeColumns = columns & ~3;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < wholeRows; i += 4) {
      for (let j = 0; j < wholeColumns; j += 4) {
        transposeBlock(x + at(i * columns + j), at(columns), y + at(j * rows + i), at(rows));
      }
      for (let j = wholeColumns; j < columns; j++) {
        for (let r = i; r < i + 4; r++) store<f32>(y + at(j * rows + r), load<f32>(x + at(r * columns + j)));
      }
    }
    for (let i = wholeRows; i < rows; i++) {
      for (let j = 0; j < columns; j++) store<f32>(y + at(j * rows + i), load<f32>(x + at(i * columns + j)));
    }
    x += size;
    y += size;
  }
}

/**
 * y = x with its axes reordered, elements of 4 bytes. `table` holds for each axis of y (int32): its length, its stride in x
 * (elements), and a counter that the kernel uses; the last axis of y comes last.
 */
export function permute(x: usize, y: usize, rank: i32, table: usize): void {
  const last = table + <usize>(rank - 1) * 12;
  const length = load<i32>(last);
  const stride = load<i32>(last, 4);
  for (let i = 0; i < rank; i++) store<i32>(table + <usize>i * 12, 0, 8);
  let offset = 0;
  for (;;) {
    let from = x + at(offset);
    if (stride == 1) {
      memory.copy(y, from, at(length));
      y += at(length);
    } else {
      for (let i = 0; i < length; i++) {
        store<i32>(y, load<i32>(from));
        from += at(stride);
        y += 4;
      }
    }
    let i = rank - 2;
    for (; i >= 0; i--) {
      const row = table + <usize>i * 12;
      const count = load<i32>(row, 8) + 1;
      const step = load<i32>(row, 4);
      if (count < load<i32>(row)) {
        store<i32>(row, count, 8);
        offset += step;
        break;
      }
      offset -= step * (count - 1);
      store<i32>(row, 0, 8);
    }
    if (i < 0) return;
  }
}

/** Copies `rows` rows of `length` floats between two places with row strides of their own (elements). */
export function copyRows(x: usize, xStride: i32, y: usize, yStride: i32, rows: i32, length: i32): void {
  for (let i = 0; i < rows; i++) memory.copy(y + at(i * yStride), x + at(i * xStride), at(length));
}

/** y[outer, channels, inner] += bias[channels]. */
export function addChannels(y: usize, bias: usize, outer: i32, channels: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      const whole = channels & ~3;
      for (let c = 0; c < whole; c += 4)
        v128.store(y + at(c), f32x4.add(v128.load(y + at(c)), v128.load(bias + at(c))));
      for (let c = whole; c < channels; c++) store<f32>(y + at(c), load<f32>(y + at(c)) + load<f32>(bias + at(c)));
      y += at(channels);
      continue;
    }
    for (let c = 0; c < channels; c++) {
      const value = load<f32>(bias + at(c));
      const vector = f32x4.splat(value);
      const whole = inner & ~3;
      for (let i = 0; i < whole; i += 4) v128.store(y + at(i), f32x4.add(v128.load(y + at(i)), vector));
      for (let i = whole; i < inner; i++) store<f32>(y + at(i), load<f32>(y + at(i)) + value);
      y += at(inner);
    }
  }
}

/** sums[channels] (float64) = sum of x[outer, channels, inner] over all else. */
export function channelSums(x: usize, sums: usize, outer: i32, channels: i32, inner: i32): void {
  memory.fill(sums, 0, double(channels));
  if (inner == 1) {
    accumulateLast(x, sums, 0, outer, channels);
    return;
  }
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      let s0 = f64x2.splat(0);
      let s1 = s0;
      let sum: f64 = 0;
      const whole = inner & ~3;
      for (let i = 0; i < whole; i += 4) {
        const v = v128.load(x + at(i));
        s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v));
        s1 = f64x2.add(s1, f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 1)));
      }
      for (let i = whole; i < inner; i++) sum += <f64>load<f32>(x + at(i));
      s0 = f64x2.add(s0, s1);
      const target = sums + double(c);
      store<f64>(target, load<f64>(target) + sum + f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1));
      x += at(inner);
    }
  }
}
