/** A naive n-dimensional array of float64, for references written in tests. */
export interface Grid {
  shape: number[];
  values: number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** The element at a place; axes of length 1 are broadcast, missing leading places are dropped. */
export function at({ shape, values }: Grid, place: readonly number[]): number {
  const own = place.slice(place.length - shape.length);
  return values[own.reduce((offset, i, axis) => offset * shape[axis]! + (shape[axis] === 1 ? 0 : i), 0)]!;
}

/** All places of a shape in C order. */
export function places(shape: readonly number[]): number[][] {
  return Array.from({ length: sizeOf(shape) }, (_, cell) => {
    const place: number[] = [];
    for (let axis = shape.length - 1, rest = cell; axis >= 0; axis--) {
      place.unshift(rest % shape[axis]!);
      rest = Math.floor(rest / shape[axis]!);
    }
    return place;
  });
}

export const grid = (shape: readonly number[], f: (place: number[]) => number): Grid => ({
  shape: [...shape],
  values: places(shape).map(f),
});

/** `place` with one coordinate replaced. */
export const put = (place: readonly number[], axis: number, i: number): number[] => place.with(axis, i);
