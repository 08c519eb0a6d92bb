import { stridesOf } from './strides';
import { sizeOf, type HeapView } from './tensors';

/**
 * Where each place along an output axis comes from along the same input axis; -1: from nowhere. Slices, flips, rolls,
 * tiles, broadcasts and pads of every kind are one such map an axis.
 */
export type AxisMap = Int32Array;

export const axisMap = (size: number, from: (place: number) => number): AxisMap =>
  Int32Array.from({ length: size }, (_, place) => from(place));

/** Calls `visit` for each row of output elements: where it begins, and where in the input its axis begins (-1: nowhere). */
function forEachRow(
  inputShape: readonly number[],
  maps: readonly AxisMap[],
  visit: (output: number, input: number) => void,
): void {
  const strides = stridesOf(inputShape);
  const outer = maps.slice(0, -1);
  const width = maps.at(-1)?.length ?? 1;
  const position = new Int32Array(outer.length);
  const rows = sizeOf(outer.map((map) => map.length));
  for (let row = 0; row < rows; row++) {
    let input = 0;
    for (let axis = 0; axis < outer.length && input >= 0; axis++) {
      const place = outer[axis]?.[position[axis] ?? 0] ?? -1;
      input = place < 0 ? -1 : input + place * (strides[axis] ?? 0);
    }
    visit(row * width, input);
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      const wraps = next === (outer[axis]?.length ?? 1);
      position[axis] = wraps ? 0 : next;
      if (!wraps) break;
    }
  }
}

const SCALAR_MAP = Int32Array.of(0);

/** Fills `to` with the elements of `from` that the maps name, `fill` where they name none. */
export function gatherByMaps(
  from: HeapView,
  inputShape: readonly number[],
  maps: readonly AxisMap[],
  to: HeapView,
  fill = 0,
): void {
  const last = maps.at(-1) ?? SCALAR_MAP;
  const start = runOf(last);
  forEachRow(inputShape, maps, (output, input) => {
    if (input < 0) to.fill(fill, output, output + last.length);
    else if (start !== null) to.set(from.subarray(input + start, input + start + last.length), output);
    else {
      for (let i = 0; i < last.length; i++) {
        const place = last[i] ?? -1;
        to[output + i] = place < 0 ? fill : (from[input + place] ?? 0);
      }
    }
  });
}

/** Where a run of consecutive input places begins that the map names in order; null where it is no such run. */
function runOf(map: AxisMap): number | null {
  const first = map[0] ?? -1;
  return first >= 0 && map.every((place, i) => place === first + i) ? first : null;
}

/** Whether no input place is named twice. */
function isInjective(map: AxisMap): boolean {
  const named = map.filter((place) => place >= 0);
  return new Set(named).size === named.length;
}

/** The transpose of `gatherByMaps`: adds each element of `from` to the element of `to` (all zero) that it came from. */
export function scatterByMaps(
  from: Float32Array,
  inputShape: readonly number[],
  maps: readonly AxisMap[],
  to: Float32Array,
): void {
  const last = maps.at(-1) ?? SCALAR_MAP;
  if (maps.every(isInjective)) {
    const start = runOf(last);
    forEachRow(inputShape, maps, (output, input) => {
      if (input < 0) return;
      if (start !== null) to.set(from.subarray(output, output + last.length), input + start);
      else {
        for (let i = 0; i < last.length; i++) {
          const place = last[i] ?? -1;
          if (place >= 0) to[input + place] = from[output + i] ?? 0;
        }
      }
    });
    return;
  }
  const sums = new Float64Array(to.length);
  forEachRow(inputShape, maps, (output, input) => {
    if (input < 0) return;
    for (let i = 0; i < last.length; i++) {
      const place = last[i] ?? -1;
      if (place >= 0) sums[input + place] = (sums[input + place] ?? 0) + (from[output + i] ?? 0);
    }
  });
  to.set(sums);
}
