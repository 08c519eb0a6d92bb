import type { FlowReport } from '../../src/report/flow';
import type { SourceSpan } from '../../src/graph/source';
import { printable } from './figures';
import { pathOf } from './leaves';
import type { Row } from './rows';
import type { Group } from './tree';

export interface DrawnNode {
  key: string;
  kind: 'input' | 'layer' | 'group' | 'merge' | 'loss';
  label: string;
  /** The chart's row that it stands for; null for inputs, merges and the loss. */
  row: Row | null;
  span: SourceSpan | null;
  /** Decades that the gradient loses in it; null where not known. */
  lost: number | null;
  flagged: boolean;
}

/** The model's shape at the chart's level of folding. */
export interface Drawing {
  nodes: DrawnNode[];
  edges: [from: string, to: string][];
}

/** Nodes beyond which a drawing is a tangle, and slow to lay out. */
export const MOST_DRAWN = 250;

/** Folds the report's nodes into the rows of the chart: what a folded group holds is one node. */
export function drawingOf({ nodes, edges }: Pick<FlowReport, 'nodes' | 'edges'>, rows: readonly Row[]): Drawing {
  const rowOf = new Map<number, Row>();
  for (const row of rows) {
    const leaves = row.leaf ? [row.leaf] : row.folded ? (row.group?.leaves ?? []) : [];
    for (const { layer } of leaves) if (layer && !rowOf.has(layer.number)) rowOf.set(layer.number, row);
  }
  const keys: (string | null)[] = [];
  const drawn = new Map<string, DrawnNode>();
  /** The row of the layer before, in an object so that its type is not narrowed away. */
  const last: { row: Row | null } = { row: null };
  nodes.forEach((node, number) => {
    const row = node.layer === null ? null : (rowOf.get(node.layer) ?? null);
    const frame = { row: null, span: node.span, lost: null, flagged: false };
    if (node.kind === 'layer') {
      last.row = row;
      keys.push(row?.key ?? null);
      if (!row || drawn.has(row.key)) return;
      const { flagged, lost, span, group, leaf } = row;
      const own = leaf?.weight ? [leaf.path.at(-1) ?? '', node.label].filter(Boolean).join(' ') : row.label;
      const label = group ? row.label : printable(own);
      drawn.set(row.key, { key: row.key, kind: group ? 'group' : 'layer', label, row, span, lost, flagged });
      return;
    }
    const around: Group | null = last.row?.group ?? null;
    if (node.kind === 'merge' && around && isInside(node.path, number, around, nodes, rowOf)) {
      keys.push(last.row?.key ?? null);
      return;
    }
    const key = `${node.kind} ${number}`;
    keys.push(key);
    drawn.set(key, { ...frame, key, kind: node.kind, label: printable(node.label) });
  });
  const known = new Set<string>();
  const kept: [string, string][] = [];
  for (const [from, to] of edges) {
    const [a, b] = [keys[from], keys[to]];
    if (a == null || b == null || a === b || known.has(`${a}\n${b}`)) continue;
    known.add(`${a}\n${b}`);
    kept.push([a, b]);
  }
  return { nodes: [...drawn.values()], edges: kept };
}

/** A merge belongs to a folded group where layers of the group stand on both sides, or where the group's own module makes it. */
function isInside(
  path: string,
  number: number,
  group: Group,
  nodes: FlowReport['nodes'],
  rowOf: ReadonlyMap<number, Row>,
): boolean {
  const next = nodes.find(({ kind }, i) => i > number && kind === 'layer')?.layer;
  if (next != null && rowOf.get(next)?.group === group) return true;
  const common = commonPath(group);
  const own = pathOf(path);
  return common.length > 0 && common.every((part, i) => own[i] === part);
}

function commonPath({ leaves }: Group): readonly string[] {
  return leaves.reduce<readonly string[]>((common, { path }) => {
    const end = common.findIndex((part, i) => path[i] !== part);
    return end < 0 ? common : common.slice(0, end);
  }, leaves[0]?.path ?? []);
}
