import type { CurvePoint } from '../../src/report/flow';
import type { Leaf } from './leaves';
import type { Row } from './rows';

/** A curve that is laid over the model's own: by weight, log10 relative gradient. */
export type Overlay = ReadonlyMap<string, number | null>;

/**
 * Another model's figures by this model's weights: by name where any name is shared; else, where both have as many (the file renamed
 * its layers), by place.
 */
export function overlayOf(leaves: readonly Leaf[], points: readonly CurvePoint[]): Overlay {
  const names = leaves.flatMap(({ weight }) => weight?.name ?? []);
  const known = new Map(points.map(({ name, logRelativeGradient }) => [name, logRelativeGradient]));
  const shared = names.filter((name) => known.has(name));
  const renamed = shared.length === 0 && names.length === points.length;
  if (!renamed) return new Map(shared.map((name) => [name, known.get(name) ?? null]));
  return new Map(names.map((name, place) => [name, points[place]?.logRelativeGradient ?? null]));
}

/** The overlay's figure at a row: of a folded group the smallest. undefined where it has none. */
export function overlayAt(overlay: Overlay, { leaf, group, folded }: Row): number | null | undefined {
  if (leaf) return leaf.weight ? overlay.get(leaf.weight.name) : undefined;
  if (!group || !folded) return undefined;
  const figures = group.leaves.flatMap(({ weight }) =>
    weight && overlay.has(weight.name) ? [overlay.get(weight.name) ?? null] : [],
  );
  if (figures.length === 0) return undefined;
  return figures.includes(null) ? null : Math.min(...figures.filter((x) => x !== null));
}

/** The weight that an overlay raises the most, as one phrase: `layers.0.weight × 3.1e9`. Null where none rises by a factor of two. */
export function greatestRise(leaves: readonly Leaf[], overlay: Overlay): { name: string; decades: number } | null {
  let best: { name: string; decades: number } | null = null;
  for (const { weight } of leaves) {
    const before = weight?.late ?? null;
    const after = weight ? (overlay.get(weight.name) ?? null) : null;
    if (!weight || before === null || after === null) continue;
    const decades = after - before;
    if (decades > (best?.decades ?? Math.log10(2))) best = { name: weight.name, decades };
  }
  return best;
}
