import type { OpAttributes } from '../../graph/ops';
import { axisMap, type AxisMap } from './axisMaps';

type Mode = OpAttributes<'pad'>['mode'];

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

/** Which place of an axis of `size` a place beyond its ends stands for; -1: the constant. */
const SOURCES: Record<Mode, (place: number, size: number) => number> = {
  constant: () => -1,
  replicate: (place, size) => Math.min(size - 1, Math.max(0, place)),
  circular: (place, size) => modulo(place, size),
  /** Mirrored at the last element, which is not repeated. */
  reflect: (place, size) => {
    if (size === 1) return 0;
    const at = modulo(place, 2 * (size - 1));
    return at < size ? at : 2 * (size - 1) - at;
  },
  /** Mirrored behind the last element, which is repeated. */
  symmetric: (place, size) => {
    const at = modulo(place, 2 * size);
    return at < size ? at : 2 * size - 1 - at;
  },
};

/** The padded axis; negative pads crop it. */
export function paddingMap(size: number, [before, after]: readonly [number, number], mode: Mode): AxisMap {
  return axisMap(size + before + after, (i) => {
    const place = i - before;
    return place >= 0 && place < size ? place : SOURCES[mode](place, size);
  });
}
