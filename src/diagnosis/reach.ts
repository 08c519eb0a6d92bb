import type { GraphIndex } from './graphIndex';
import { stopsGradient } from './graphIndex';

/** Why no gradient gets to a parameter although it is trained; each says where. */
export type Unreached =
  /** No node uses it, or what is computed with it is thrown away. `nodes` are the ends of the branch (may be empty). */
  | { kind: 'unused'; nodes: readonly number[] }
  /** A detach, or an op without a slope, lies on every path. */
  | { kind: 'cut'; nodes: readonly number[] }
  /** Only outputs that the loss does not read depend on it. */
  | { kind: 'other-output'; outputs: readonly number[] };

/** Concludes from the wiring alone why the loss (reading the values `read`) does not reach a parameter; null where it does. */
export function whyUnreached(parameter: number, read: readonly number[], index: GraphIndex): Unreached | null {
  const { graph } = index;
  const own = index.parameterValues[parameter] ?? -1;
  const passes = index.ancestors(read, (node) => stopsGradient(node, index));
  if (own >= 0 && passes.has(own)) return null;
  const leads = index.ancestors(read);
  if (own >= 0 && leads.has(own)) {
    const downstream = descendants(own, index);
    const nodes = graph.nodes.flatMap((node, number) =>
      stopsGradient(node, index) &&
      node.inputs.some((value) => downstream.has(value)) &&
      node.outputs.some((value) => leads.has(value))
        ? [number]
        : [],
    );
    return { kind: 'cut', nodes };
  }
  const downstream = own >= 0 ? descendants(own, index) : new Set<number>();
  const outputs = graph.outputs.flatMap((value, place) => (downstream.has(value) ? [place] : []));
  if (outputs.length > 0) return { kind: 'other-output', outputs };
  const ends = [...downstream].filter((value) => index.readers(value).length === 0 && value !== own);
  return { kind: 'unused', nodes: [...new Set(ends.map((value) => index.producers[value] ?? -1))] };
}

/** All values computed from `value`, itself included. */
export function descendants(value: number, index: GraphIndex): Set<number> {
  const found = new Set([value]);
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const reader of index.readers(next)) {
      for (const output of index.graph.nodes[reader]?.outputs ?? []) {
        if (found.has(output)) continue;
        found.add(output);
        pending.push(output);
      }
    }
  }
  return found;
}
