import type { ParameterVerdict } from '../../src/report/report';
import type { SourceSpan } from '../../src/graph/source';
import type { Leaf } from './leaves';
import { type Group, isGroup, type TreeNode } from './tree';

/** One row as it is drawn: a leaf, or a group with its members' figures as one. */
export interface Row {
  key: string;
  label: string;
  /** Levels of groups around it. */
  depth: number;
  /** Place among its siblings and their number, for screen readers. */
  place: number;
  siblings: number;
  leaf: Leaf | null;
  group: Group | null;
  folded: boolean;
  span: SourceSpan | null;
  verdict: ParameterVerdict | null;
  flagged: boolean;
  /** Weights that the row stands for, and how many of them are flagged. */
  weights: number;
  flaggedWeights: number;
  /** log10 relative gradient: of a group the smallest; undefined where there is no weight, null where exactly zero. */
  late: number | null | undefined;
  start: number | null;
  low: number | null;
  high: number | null;
  /** log10 RMS of the gradient at the row's output and at its input; null where zero or not known. */
  gradientOut: number | null;
  gradientIn: number | null;
  /** Decades of gradient lost on the way back through it; null where not known. */
  lost: number | null;
  saturated: number | null;
  dead: number | null;
}

/** The rows that are seen. An open group has a row of its own above its members, without figures. */
export function rowsOf(nodes: readonly TreeNode[], folded: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const visit = (siblings: readonly TreeNode[], depth: number) => {
    siblings.forEach((node, i) => {
      const frame = { depth, place: i + 1, siblings: siblings.length };
      if (!isGroup(node)) {
        rows.push({ ...frame, ...leafRow(node) });
        return;
      }
      const isFolded = folded.has(node.id);
      rows.push({ ...frame, ...groupRow(node, isFolded) });
      if (!isFolded) visit(node.children, depth + 1);
    });
  };
  visit(nodes, 0);
  return withInputs(rows);
}

type Figures = Omit<Row, 'depth' | 'place' | 'siblings'>;

function leafRow(leaf: Leaf): Figures {
  const { weight, layer } = leaf;
  return {
    key: leaf.key,
    label: leaf.label,
    leaf,
    group: null,
    folded: false,
    span: leaf.span,
    verdict: weight?.verdict ?? null,
    flagged: weight?.flagged ?? false,
    weights: weight ? 1 : 0,
    flaggedWeights: weight?.flagged ? 1 : 0,
    late: weight ? weight.late : undefined,
    start: weight?.start ?? null,
    low: weight?.low ?? null,
    high: weight?.high ?? null,
    gradientOut: layer?.gradient ?? null,
    gradientIn: null,
    lost: layer?.lost ?? null,
    saturated: layer?.saturated ?? null,
    dead: layer?.dead ?? null,
  };
}

function groupRow(group: Group, folded: boolean): Figures {
  const weights = group.leaves.flatMap(({ weight }) => weight ?? []);
  const flagged = weights.filter((weight) => weight.flagged);
  // Zero is below every logarithm.
  const worst = [...(flagged.length > 0 ? flagged : weights)].sort((a, b) => sortable(a.late) - sortable(b.late))[0];
  const ends = group.leaves.flatMap(({ layer }) => (layer ? [layer] : []));
  const [first, last] = [ends[0], ends.at(-1)];
  const through =
    first?.lost != null && first.gradient !== null && last?.gradient != null
      ? last.gradient - first.gradient + first.lost
      : null;
  return {
    key: `group ${group.id}`,
    label: group.label,
    leaf: null,
    group,
    folded,
    span: group.leaves.find(({ span }) => span !== null)?.span ?? null,
    verdict: worst?.verdict ?? null,
    flagged: flagged.length > 0,
    weights: weights.length,
    flaggedWeights: flagged.length,
    late: folded ? worst?.late : undefined,
    start: null,
    low: folded
      ? extreme(
          weights.map(({ low }) => low),
          Math.min,
        )
      : null,
    high: folded
      ? extreme(
          weights.map(({ high }) => high),
          Math.max,
        )
      : null,
    gradientOut: last?.gradient ?? null,
    gradientIn: null,
    lost: folded ? through : null,
    saturated: folded
      ? extreme(
          ends.map(({ saturated }) => saturated),
          Math.max,
        )
      : null,
    dead: folded
      ? extreme(
          ends.map(({ dead }) => dead),
          Math.max,
        )
      : null,
  };
}

const sortable = (late: number | null) => late ?? -Infinity;

function extreme(figures: readonly (number | null)[], pick: (...of: number[]) => number): number | null {
  const known = figures.filter((x): x is number => x !== null);
  return known.length > 0 ? known.reduce((a, b) => pick(a, b)) : null;
}

/** A row's input is what the row before gives out; the heading of an open group hands it on. */
function withInputs(rows: readonly Row[]): Row[] {
  let before: number | null = null;
  let number = -1;
  return rows.map((row) => {
    const { leaf, group, folded } = row;
    if (group && !folded) return { ...row, gradientOut: before, gradientIn: before };
    const layer = leaf ? leaf.layer?.number : group?.leaves.at(-1)?.layer?.number;
    if (layer === undefined) return row;
    // Several weights of one layer stand in rows of their own: the layer acts in the first.
    const same = layer === number;
    const gradientIn: number | null = same
      ? row.gradientOut
      : (before ?? (row.gradientOut !== null && row.lost !== null ? row.gradientOut - row.lost : null));
    before = row.gradientOut;
    number = layer;
    return same ? { ...row, gradientIn, lost: null } : { ...row, gradientIn };
  });
}
