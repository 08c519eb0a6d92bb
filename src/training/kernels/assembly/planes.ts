// Convolution of single planes, for depthwise and narrow grouped layers: a matrix product of one row would waste seven
// eighths of each tile. Shapes as in `columns.ts`.
//
// The plane is copied with its padding first, each row sorted by column modulo the stride: then every tap of every stride and
// dilation reads four neighbours at once. Lines of the output count as wide as a multiple of four.
import { at, lanes, multiplyAdd } from './vector';

/** Floats from one column to the next of equal remainder: line width, what the taps reach beyond, and one to round up. */
@inline
function segment(shape: usize): i32 {
  return four(load<i32>(shape, 68)) + ((load<i32>(shape, 20) - 1) * load<i32>(shape, 56)) / load<i32>(shape, 32) + 1;
}

@inline
function four(length: i32): i32 {
  return (length + 3) & ~3;
}

/** Cells that the windows span along an axis whose output is at byte 60 + axis. */
@inline
function span(shape: usize, axis: usize): i32 {
  const windows = (load<i32>(shape + axis, 60) - 1) * load<i32>(shape + axis, 24);
  return windows + (load<i32>(shape + axis, 12) - 1) * load<i32>(shape + axis, 48) + 1;
}

@inline
function taps(shape: usize): i32 {
  return load<i32>(shape, 12) * load<i32>(shape, 16) * load<i32>(shape, 20);
}

/** Bytes of the table of taps, a multiple of sixteen. */
@inline
function tableBytes(shape: usize): usize {
  return at(four(taps(shape)));
}

/** Bytes of working memory that `convolvePlanes` wants. */
export function planeScratch(shape: usize): i32 {
  const rows = span(shape, 0) * span(shape, 4);
  const lines = load<i32>(shape, 60) * load<i32>(shape, 64);
  const floats = rows * load<i32>(shape, 32) * segment(shape) + lines * four(load<i32>(shape, 68));
  return <i32>tableBytes(shape) + 4 * floats;
}

/** For each tap the bytes from where a line of the output begins in the padded plane to where the tap reads. */
function writeTaps(table: usize, shape: usize, row: usize): void {
  const stride = load<i32>(shape, 32),
    dilation = load<i32>(shape, 56);
  const length = segment(shape);
  for (let kd = 0; kd < load<i32>(shape, 12); kd++) {
    for (let kh = 0; kh < load<i32>(shape, 16); kh++) {
      const line = kd * load<i32>(shape, 48) * span(shape, 4) + kh * load<i32>(shape, 52);
      for (let kw = 0; kw < load<i32>(shape, 20); kw++) {
        const column = kw * dilation;
        const place = (column % stride) * length + column / stride;
        store<i32>(table, line * <i32>row + <i32>at(place));
        table += 4;
      }
    }
  }
}

/**
 * kind 0: y += w * x (forward). kind 1: x += w^T y (gradient of the input). kind 2: w += y * x (gradient of the kernel).
 * x [batch, groups, inputs, ...image], y [batch, groups, ...output], w [groups, inputs, ...kernel].
 */
export function convolvePlanes(
  x: usize,
  w: usize,
  y: usize,
  kind: i32,
  batch: i32,
  groups: i32,
  inputs: i32,
  shape: usize,
  scratch: usize,
): void {
  const width = load<i32>(shape, 68);
  const lines = load<i32>(shape, 60) * load<i32>(shape, 64);
  const row = at(load<i32>(shape, 32) * segment(shape));
  const padded = scratch + tableBytes(shape);
  const bytes = <usize>(span(shape, 0) * span(shape, 4)) * row;
  const plane = at(load<i32>(shape) * load<i32>(shape, 4) * load<i32>(shape, 8));
  const kernel = at(taps(shape));
  const copies = kind != 0 && width != four(width);
  writeTaps(scratch, shape, row);
  for (let sample = 0; sample < batch; sample++) {
    let weights = w;
    for (let group = 0; group < groups; group++) {
      const line = copies ? padded + bytes : y;
      if (copies) {
        for (let i = 0; i < lines; i++) {
          const to = line + at(i * four(width));
          v128.store(to + at(four(width) - 4), f32x4.splat(0));
          memory.copy(to, y + at(i * width), at(width));
        }
      }
      for (let i = 0; i < inputs; i++) {
        if (kind == 1) memory.fill(padded, 0, bytes);
        else exchange(x, padded, shape, row, false);
        if (kind == 0) forward(padded, weights, y, shape, row, scratch);
        else if (kind == 1) {
          backward(padded, weights, line, shape, row, scratch);
          exchange(x, padded, shape, row, true);
        } else kernelGradient(padded, weights, line, shape, row, scratch);
        x += plane;
        weights += kernel;
      }
      y += at(lines * width);
    }
  }
}

/** The plane to its padded form, or that added back to the plane. */
function exchange(x: usize, padded: usize, shape: usize, row: usize, back: bool): void {
  const depth = load<i32>(shape),
    height = load<i32>(shape, 4),
    width = load<i32>(shape, 8);
  const stride = load<i32>(shape, 32);
  const padD = load<i32>(shape, 36),
    padH = load<i32>(shape, 40),
    padW = load<i32>(shape, 44);
  const rowsD = span(shape, 0);
  const rowsH = span(shape, 4);
  const length = segment(shape);
  for (let pd = 0; pd < rowsD; pd++) {
    for (let ph = 0; ph < rowsH; ph++) {
      const d = pd - padD;
      const h = ph - padH;
      const inside = <u32>d < <u32>depth && <u32>h < <u32>height;
      if (!back) memory.fill(padded, 0, row);
      if (inside) {
        const source = x + at((d * height + h) * width);
        for (let phase = 0; phase < stride; phase++) {
          // Column `place * stride + phase - padW` of the plane.
          const offset = phase - padW;
          const first = offset >= 0 ? 0 : (stride - 1 - offset) / stride;
          const last = offset >= width ? 0 : min(length, (width - 1 - offset) / stride + 1);
          const target = padded + at(phase * length);
          let from = source + at(first * stride + offset);
          let place = first;
          if (stride == 1) {
            if (!back) {
              if (last > first) memory.copy(target + at(first), from, at(last - first));
              continue;
            }
            for (; place + 4 <= last; place += 4) {
              v128.store(from, f32x4.add(v128.load(from), v128.load(target + at(place))));
              from += 16;
            }
          }
          for (; place < last; place++) {
            if (back) store<f32>(from, load<f32>(from) + load<f32>(target + at(place)));
            else store<f32>(target + at(place), load<f32>(from));
            from += at(stride);
          }
        }
      }
      padded += row;
    }
  }
}

/** Bytes from one output line to the next in the padded plane, and what comes on top at the end of each output depth. */
@inline
function lineStep(shape: usize, row: usize): usize {
  return <usize>load<i32>(shape, 28) * row;
}

@inline
function depthStep(shape: usize, row: usize): usize {
  return <usize>(load<i32>(shape, 24) * span(shape, 4)) * row;
}

function forward(padded: usize, w: usize, y: usize, shape: usize, row: usize, table: usize): void {
  const end = table + at(taps(shape));
  const outputD = load<i32>(shape, 60),
    outputH = load<i32>(shape, 64),
    width = load<i32>(shape, 68);
  for (let od = 0; od < outputD; od++) {
    let line = padded + <usize>od * depthStep(shape, row);
    for (let oh = 0; oh < outputH; oh++) {
      let i = 0;
      for (; i + 16 <= width; i += 16) {
        const from = line + at(i);
        const to = y + at(i);
        let s0 = v128.load(to),
          s1 = v128.load(to, 16),
          s2 = v128.load(to, 32),
          s3 = v128.load(to, 48);
        let weight = w;
        for (let tap = table; tap < end; tap += 4) {
          const place = from + <usize>load<i32>(tap);
          const factor = v128.load32_splat(weight);
          s0 = multiplyAdd(v128.load(place), factor, s0);
          s1 = multiplyAdd(v128.load(place, 16), factor, s1);
          s2 = multiplyAdd(v128.load(place, 32), factor, s2);
          s3 = multiplyAdd(v128.load(place, 48), factor, s3);
          weight += 4;
        }
        v128.store(to, s0);
        v128.store(to, s1, 16);
        v128.store(to, s2, 32);
        v128.store(to, s3, 48);
      }
      for (; i < width; i += 4) {
        const from = line + at(i);
        let sum = f32x4.splat(0);
        let weight = w;
        for (let tap = table; tap < end; tap += 4) {
          sum = multiplyAdd(v128.load(from + <usize>load<i32>(tap)), v128.load32_splat(weight), sum);
          weight += 4;
        }
        const to = y + at(i);
        if (i + 4 <= width) v128.store(to, f32x4.add(v128.load(to), sum));
        else {
          store<f32>(to, load<f32>(to) + f32x4.extract_lane(sum, 0));
          if (i + 1 < width) store<f32>(to, load<f32>(to, 4) + f32x4.extract_lane(sum, 1), 4);
          if (i + 2 < width) store<f32>(to, load<f32>(to, 8) + f32x4.extract_lane(sum, 2), 8);
        }
      }
      y += at(width);
      line += lineStep(shape, row);
    }
  }
}

function backward(padded: usize, w: usize, y: usize, shape: usize, row: usize, table: usize): void {
  const end = table + at(taps(shape));
  const outputD = load<i32>(shape, 60),
    outputH = load<i32>(shape, 64);
  const width = four(load<i32>(shape, 68));
  for (let od = 0; od < outputD; od++) {
    let line = padded + <usize>od * depthStep(shape, row);
    for (let oh = 0; oh < outputH; oh++) {
      let weight = w;
      for (let tap = table; tap < end; tap += 4) {
        const place = line + <usize>load<i32>(tap);
        const factor = v128.load32_splat(weight);
        for (let i = 0; i < width; i += 4) {
          v128.store(place + at(i), multiplyAdd(v128.load(y + at(i)), factor, v128.load(place + at(i))));
        }
        weight += 4;
      }
      y += at(width);
      line += lineStep(shape, row);
    }
  }
}

function kernelGradient(padded: usize, w: usize, y: usize, shape: usize, row: usize, table: usize): void {
  const end = table + at(taps(shape));
  const outputD = load<i32>(shape, 60),
    outputH = load<i32>(shape, 64);
  const width = four(load<i32>(shape, 68));
  for (let tap = table; tap < end; tap += 4) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let from = y;
    for (let od = 0; od < outputD; od++) {
      let read = padded + <usize>od * depthStep(shape, row) + <usize>load<i32>(tap);
      for (let oh = 0; oh < outputH; oh++) {
        let i = 0;
        for (; i + 8 <= width; i += 8) {
          s0 = multiplyAdd(v128.load(read + at(i)), v128.load(from + at(i)), s0);
          s1 = multiplyAdd(v128.load(read + at(i), 16), v128.load(from + at(i), 16), s1);
        }
        if (i < width) s0 = multiplyAdd(v128.load(read + at(i)), v128.load(from + at(i)), s0);
        from += at(width);
        read += lineStep(shape, row);
      }
    }
    store<f32>(w, load<f32>(w) + lanes(f32x4.add(s0, s1)));
    w += 4;
  }
}
