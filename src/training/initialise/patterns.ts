import type { Random } from '../random';

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}

/** Identity on the last two dims, the same for every leading index. */
export function identity(shape: readonly number[], gain: number): Float32Array {
  const elements = new Float32Array(sizeOf(shape));
  const columns = shape.at(-1) ?? 1;
  const rows = shape.at(-2) ?? 1;
  for (let start = 0; start < elements.length; start += rows * columns) {
    for (let i = 0; i < Math.min(rows, columns); i++) elements[start + i * columns + i] = gain;
  }
  return elements;
}

/** PyTorch's `dirac_` for weights [out, in, ...kernel]: the kernel's centre passes channel i to i in every group. */
export function dirac(shape: readonly number[], groups: number): Float32Array {
  const [out = 1, channels = 1, ...kernel] = shape;
  const elements = new Float32Array(sizeOf(shape));
  const area = sizeOf(kernel);
  const centre = kernel.reduce((offset, n) => offset * n + Math.floor(n / 2), 0);
  const perGroup = Math.floor(out / groups);
  for (let group = 0; group < groups; group++) {
    for (let i = 0; i < Math.min(perGroup, channels); i++) {
      elements[((group * perGroup + i) * channels + i) * area + centre] = 1;
    }
  }
  return elements;
}

/** PyTorch's `sparse_` (Martens 2010): N(0, std^2) with ceil(sparsity * rows) zeros in random rows of each column. */
export function sparse(shape: readonly number[], sparsity: number, std: number, random: Random): Float32Array {
  const [rows = 1, columns = 1] = shape;
  const elements = Float32Array.from({ length: rows * columns }, () => std * random.normal());
  const zeros = Math.ceil(sparsity * rows);
  const order = Array.from({ length: rows }, (_, i) => i);
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < zeros; i++) {
      const other = i + random.integer(rows - i);
      const row = order[other] ?? 0;
      order[other] = order[i] ?? 0;
      order[i] = row;
      elements[row * columns + column] = 0;
    }
  }
  return elements;
}

/** Writes `part` (C order of `partShape`) into `elements` (C order of `shape`) from corner `start` on. */
export function overwriteRegion(
  elements: Float32Array,
  shape: readonly number[],
  start: readonly number[],
  partShape: readonly number[],
  part: Float32Array,
): void {
  for (let i = 0; i < part.length; i++) {
    let rest = i;
    let offset = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const n = partShape[axis] ?? 1;
      offset += ((start[axis] ?? 0) + (rest % n)) * stride;
      rest = Math.floor(rest / n);
      stride *= shape[axis] ?? 1;
    }
    elements[offset] = part[i] ?? 0;
  }
}
