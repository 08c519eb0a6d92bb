import type { Initialiser } from '../graph/initialiser';
import type { Moments } from './initialScale';

type Regions = Extract<Initialiser, { kind: 'regions' }>;
type MomentsOf = (initialiser: Initialiser, shape: readonly number[]) => Moments;

/**
 * Moments of a tensor drawn by `base` and then overwritten region by region: a mixture whose shares are volumes, counted
 * exactly on the grid of the regions' own edges (a later region hides an earlier one).
 */
export function regionMoments(tensor: Regions, shape: readonly number[], momentsOf: MomentsOf): Moments {
  const edges = shape.map((size, axis) => {
    const cuts = new Set([0, size]);
    for (const region of tensor.regions) {
      cuts.add(clamp(region.start[axis] ?? 0, size));
      cuts.add(clamp(region.stop[axis] ?? size, size));
    }
    return [...cuts].sort((a, b) => a - b);
  });
  const volumes = new Map<number, number>();
  forEachCell(edges, (corner, volume) => {
    const painter = tensor.regions.findLastIndex((region) =>
      corner.every((at, axis) => at >= (region.start[axis] ?? 0) && at < (region.stop[axis] ?? shape[axis] ?? 0)),
    );
    volumes.set(painter, (volumes.get(painter) ?? 0) + volume);
  });
  return mixture(
    [...volumes].map(([painter, volume]) => {
      const region = tensor.regions[painter];
      const moments = region
        ? momentsOf(
            region.fill,
            region.start.map((start, axis) => (region.stop[axis] ?? shape[axis] ?? start) - start),
          )
        : momentsOf(tensor.base, shape);
      return { moments, volume };
    }),
  );
}

/** Law of total variance. */
function mixture(parts: { moments: Moments; volume: number }[]): Moments {
  const total = parts.reduce((sum, part) => sum + part.volume, 0);
  const mean = parts.reduce((sum, { moments, volume }) => sum + moments.mean * volume, 0) / total;
  const square = parts.reduce((sum, { moments, volume }) => sum + (moments.variance + moments.mean ** 2) * volume, 0);
  return { mean, variance: Math.max(0, square / total - mean ** 2) };
}

function clamp(edge: number, size: number): number {
  return Math.min(Math.max(edge, 0), size);
}

/** Visits each cell of the grid with its lowest corner and its volume. */
function forEachCell(edges: readonly number[][], visit: (corner: number[], volume: number) => void): void {
  const descend = (axis: number, corner: number[], volume: number): void => {
    const cuts = edges[axis];
    if (!cuts) {
      visit(corner, volume);
      return;
    }
    for (let i = 0; i + 1 < cuts.length; i++) {
      const low = cuts[i] ?? 0;
      descend(axis + 1, [...corner, low], volume * ((cuts[i + 1] ?? low) - low));
    }
  };
  descend(0, [], 1);
}
