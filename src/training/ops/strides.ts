import { sizeOf } from './tensors';

/** Strides of a C-order tensor. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

/** Strides that read `shape` as if broadcast to `target` (aligned to the right): 0 along repeated axes. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = stridesOf(shape);
  const shift = target.length - shape.length;
  return target.map((_, axis) => (axis < shift || shape[axis - shift] === 1 ? 0 : (own[axis - shift] ?? 0)));
}

/** A loop over all cells of `dims`; each operand moves by its own stride along each axis. */
export interface Walk {
  dims: number[];
  /** One row of strides an operand. */
  strides: number[][];
}

/** The same loop with neighbouring axes joined wherever every operand runs through them evenly. */
export function walk(dims: readonly number[], strides: readonly (readonly number[])[]): Walk {
  const result: Walk = { dims: [], strides: strides.map(() => []) };
  dims.forEach((size, axis) => {
    if (size === 1) return;
    const last = result.dims.length - 1;
    const joins = last >= 0 && strides.every((own, k) => result.strides[k]?.[last] === (own[axis] ?? 0) * size);
    if (joins) result.dims[last] = (result.dims[last] ?? 1) * size;
    else result.dims.push(size);
    strides.forEach((own, k) => {
      const target = result.strides[k];
      if (target !== undefined) target[result.dims.length - 1] = own[axis] ?? 0;
    });
  });
  if (result.dims.length === 0) return { dims: [1], strides: strides.map(() => [0]) };
  return result;
}

/** The run of one innermost loop: `count` cells, each operand from its offset by its stride. */
export type Run = (count: number, cell: number, offsets: Int32Array, strides: Int32Array) => void;

/**
 * Calls `run` once for each innermost loop of the walk. `cell` counts cells in C order. `offsets` is reused between
 * calls.
 */
export function forEachRun({ dims, strides }: Walk, run: Run, start: readonly number[] = []): void {
  if (sizeOf(dims) === 0) return;
  const last = dims.length - 1;
  const count = dims[last] ?? 1;
  const offsets = Int32Array.from(strides, (_, k) => start[k] ?? 0);
  const inner = Int32Array.from(strides, (own) => own[last] ?? 0);
  const position = new Int32Array(dims.length);
  for (let cell = 0; ; cell += count) {
    run(count, cell, offsets, inner);
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      const size = dims[axis] ?? 1;
      const next = (position[axis] ?? 0) + 1;
      const wraps = next === size;
      position[axis] = wraps ? 0 : next;
      for (let k = 0; k < strides.length; k++) {
        const stride = strides[k]?.[axis] ?? 0;
        offsets[k] = (offsets[k] ?? 0) + (wraps ? stride * (1 - size) : stride);
      }
      if (!wraps) break;
    }
    if (axis < 0) return;
  }
}
