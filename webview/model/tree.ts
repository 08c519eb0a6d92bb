import { runsOf } from './runs';
import type { Leaf } from './leaves';
import { printable } from './figures';

/** Rows of one module (or of a stretch of a long list of them), in the order of the graph. */
export interface Group {
  id: string;
  label: string;
  children: TreeNode[];
  leaves: Leaf[];
}
export type TreeNode = Group | Leaf;

export const isGroup = (node: TreeNode): node is Group => 'children' in node;

/** Children of one group beyond which they are gathered in stretches. */
const MANY = 48;
const STRETCHES = 32;

/**
 * Groups by module path. A module whose rows do not follow one another makes several groups, so that the order of the graph is kept;
 * a chain of modules with one child each is one group, and a module with a single row is that row.
 */
export function treeOf(leaves: readonly Leaf[]): TreeNode[] {
  const used = new Map<string, number>();
  const unique = (path: string) => {
    const before = used.get(path) ?? 0;
    used.set(path, before + 1);
    return before === 0 ? path : `${path} (${before + 1})`;
  };
  const build = (run: readonly Leaf[], depth: number, prefix: string): TreeNode[] => {
    const nodes = runsOf(run, ({ path }) => path[depth] ?? null).flatMap(([segment, members]): TreeNode[] => {
      const [only] = members;
      if (segment === null) return [...members];
      if (members.length === 1 && only) return [{ ...only, label: printable(labelBelow(only, depth)) }];
      const path = prefix === '' ? segment : `${prefix}.${segment}`;
      const children = build(members, depth + 1, path);
      const [child] = children;
      if (children.length === 1 && child && isGroup(child))
        return [{ ...child, label: `${printable(segment)}.${child.label}` }];
      return [{ id: unique(path), label: printable(segment), children, leaves: [...members] }];
    });
    return nodes.length > MANY ? stretches(nodes, prefix, unique) : nodes;
  };
  return build(leaves, 0, '');
}

/** The row's label with what of its path lies below a depth. */
const labelBelow = ({ path, label }: Leaf, depth: number) => [...path.slice(depth), label].join('.');

/** A flat list of a thousand blocks is read in stretches. */
function stretches(nodes: readonly TreeNode[], prefix: string, unique: (path: string) => string): TreeNode[] {
  const size = Math.ceil(nodes.length / STRETCHES);
  const found: TreeNode[] = [];
  for (let from = 0; from < nodes.length; from += size) {
    const children = nodes.slice(from, from + size);
    const [first, last] = [children[0], children.at(-1)];
    if (!first || !last) continue;
    const label = `${first.label} – ${last.label}`;
    const leaves = children.flatMap((child) => (isGroup(child) ? child.leaves : [child]));
    found.push({ id: unique(`${prefix}.${label}`), label, children, leaves });
  }
  return found;
}

export function groupsOf(nodes: readonly TreeNode[]): Group[] {
  return nodes.flatMap((node) => (isGroup(node) ? [node, ...groupsOf(node.children)] : []));
}

/**
 * Groups to fold so that about `most` rows are seen: opened level by level, those with flagged weights first within a level.
 */
export function foldedAtFirst(nodes: readonly TreeNode[], most: number): Set<string> {
  const folded = new Set(groupsOf(nodes).map(({ id }) => id));
  let rows = nodes.length;
  let level = nodes.filter(isGroup);
  while (level.length > 0) {
    const next: Group[] = [];
    const flaggedFirst = [...level].sort((a, b) => Number(hasFlagged(b)) - Number(hasFlagged(a)));
    for (const group of flaggedFirst) {
      if (rows + group.children.length > most) continue;
      folded.delete(group.id);
      rows += group.children.length;
      next.push(...group.children.filter(isGroup));
    }
    level = next;
  }
  return folded;
}

const hasFlagged = ({ leaves }: Group) => leaves.some(({ weight }) => weight?.flagged);
