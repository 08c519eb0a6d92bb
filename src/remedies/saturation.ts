import { activationBehind } from '../diagnosis/causes/neededGain';
import { labelOf, roleOf } from '../diagnosis/opLabels';
import type { SourceSpan } from '../graph/source';
import { hasMeaning, nodesWhere } from './meaning';
import type { RemedyScope } from './scope';

/** The saturating activations that a finding is about, by the places that make them. */
export interface Saturation {
  spans: SourceSpan[];
  /** `Sigmoid`, `Tanh`, ... as the report calls them. */
  names: string[];
  ops: Set<string>;
}

/**
 * Saturating activations on the gradient's way or right behind a flagged layer. Places are left out where any model of the file uses
 * the result for what it means (a gate, a probability); null where none is left.
 */
export function saturationOf(scope: RemedyScope): Saturation | null {
  const { finding, graph, index, graphs } = scope;
  const nodes = [...new Set([...finding.causeNodes, ...activationsBehind(scope)])].filter((number) => {
    const node = graph.nodes[number];
    return node !== undefined && roleOf(node) === 'saturating';
  });
  const places = new Map<string, SourceSpan>();
  const names = new Set<string>();
  const ops = new Set<string>();
  for (const number of nodes) {
    const node = graph.nodes[number];
    const label = node && labelOf(node, index);
    if (!node || !label?.span || isMeantAnywhere(label.span, graphs)) continue;
    places.set(JSON.stringify(label.span), label.span);
    names.add(label.name);
    ops.add(node.op);
  }
  return places.size > 0 ? { spans: [...places.values()], names: [...names], ops } : null;
}

/** Node numbers of the activations right behind the flagged layers. */
function activationsBehind({ finding, graph, index }: RemedyScope): number[] {
  return finding.parameters
    .flatMap((parameter) => index.usersOf(parameter))
    .flatMap((user) => {
      const activation = activationBehind(user, index);
      const role = activation ? roleOf(activation) : 'other';
      return activation && (role === 'saturating' || role === 'rectifier') ? [graph.nodes.indexOf(activation)] : [];
    });
}

/** Places of the activations right behind the flagged layers, with what they are called; meaning plays no part in normalising. */
export function activationPlaces(scope: RemedyScope): { spans: SourceSpan[]; names: string[] } {
  const labels = activationsBehind(scope).flatMap((number) => {
    const node = scope.graph.nodes[number];
    return node ? [labelOf(node, scope.index)] : [];
  });
  const spans = new Map(labels.flatMap(({ span }) => (span ? [[JSON.stringify(span), span] as const] : [])));
  return { spans: [...spans.values()], names: [...new Set(labels.map(({ name }) => name))] };
}

function isMeantAnywhere(span: SourceSpan, graphs: RemedyScope['graphs']): boolean {
  const key = JSON.stringify(span);
  const atPlace = nodesWhere(graphs, (index, number) => {
    const node = index.graph.nodes[number];
    return node !== undefined && JSON.stringify(labelOf(node, index).span) === key && roleOf(node) === 'saturating';
  });
  return atPlace.some(({ index, node }) => hasMeaning(node, index));
}
