import { activationBehind } from '../../diagnosis/causes/neededGain';
import type { GraphIndex } from '../../diagnosis/graphIndex';
import { labelOf, opName, roleOf } from '../../diagnosis/opLabels';
import type { GraphNode } from '../../graph/graph';
import type { ActivationPlace, LayerPlace } from '../idea';
import { hasMeaning, nodesWhere } from '../meaning';
import type { RemedyScope } from '../scope';

/** Layers of Keras and TensorFlow.js whose constructor says which activation they use. */
const CARRIES_ACTIVATION =
  /^(?:Dense|EinsumDense|Activation|(?:Separable|Depthwise)?Conv[123]D(?:Transpose)?|(?:Separable|Depthwise)Conv[12]D|LocallyConnected[12]D)$/;

/** Where the source decides on the activation that a node runs. */
export function placeOf(node: GraphNode, index: GraphIndex): ActivationPlace | null {
  const module = index.module(node.module);
  if (index.graph.framework !== 'pytorch' && module?.span && CARRIES_ACTIVATION.test(module.type))
    return { span: module.span, op: node.op, name: opName(node) };
  const label = labelOf(node, index);
  return label.span && { span: label.span, op: node.op, name: label.name };
}

/**
 * Saturating activations on the gradient's way or right behind a flagged layer. Places are left out where any model of the file uses
 * the result for what it means (a gate, a probability).
 */
export function saturatingPlaces(scope: RemedyScope): ActivationPlace[] {
  const { finding, graph, index } = scope;
  const numbers = [...new Set([...finding.causeNodes, ...activationsBehind(scope)])];
  const nodes = numbers.flatMap((number) => graph.nodes[number] ?? []).filter((node) => roleOf(node) === 'saturating');
  return unique(nodes.flatMap((node) => placeOf(node, index) ?? [])).filter((place) => !isMeantAnywhere(place, scope));
}

/** Activations right behind the flagged layers; meaning plays no part in normalising. */
export function placesBehind(scope: RemedyScope): ActivationPlace[] {
  const nodes = activationsBehind(scope).flatMap((number) => scope.graph.nodes[number] ?? []);
  return unique(nodes.flatMap((node) => placeOf(node, scope.index) ?? []));
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

function isMeantAnywhere(place: ActivationPlace, { graphs }: RemedyScope): boolean {
  const key = JSON.stringify(place.span);
  const atPlace = nodesWhere(graphs, (index, number) => {
    const node = index.graph.nodes[number];
    return node !== undefined && roleOf(node) === 'saturating' && JSON.stringify(placeOf(node, index)?.span) === key;
  });
  return atPlace.some(({ index, node }) => hasMeaning(node, index));
}

/** The constructor calls of the flagged layers. */
export function flaggedLayers({ finding, graph, index }: RemedyScope): LayerPlace[] {
  return unique(
    finding.parameters.flatMap((number) => {
      const parameter = graph.parameters[number];
      const module = index.module(parameter?.module ?? null);
      const span = module?.span ?? parameter?.span;
      return parameter && span ? [{ span, type: module?.type ?? '', initialiser: parameter.initialiserSpan }] : [];
    }),
  );
}

/** Places that differ in anything, each once. */
export function unique<T>(places: readonly T[]): T[] {
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}
