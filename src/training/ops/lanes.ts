import { sizeOf } from './tensors';

/** The lines of a C-order tensor along one axis. */
export interface Lanes {
  /** Elements of a lane. */
  length: number;
  /** Step from one of its elements to the next. */
  stride: number;
  /** Calls `visit` with each lane's first element and its number, in C order of the other axes. */
  forEach: (visit: (start: number, lane: number) => void) => void;
}

export function lanesOf(shape: readonly number[], axis: number): Lanes {
  const outer = sizeOf(shape.slice(0, axis));
  const length = shape[axis] ?? 1;
  const stride = sizeOf(shape.slice(axis + 1));
  return {
    length,
    stride,
    forEach(visit) {
      for (let o = 0, lane = 0; o < outer; o++) {
        for (let i = 0; i < stride; i++, lane++) visit(o * length * stride + i, lane);
      }
    },
  };
}
