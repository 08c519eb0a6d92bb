import { neededGain } from '../../diagnosis/causes/neededGain';
import { initialGain } from '../../diagnosis/initialScale';
import { roleOf } from '../../diagnosis/opLabels';
import type { ActivationPlace, Idea } from '../idea';
import { hasMeaning } from '../meaning';
import type { RemedyScope } from '../scope';
import { ideasForPairing } from './loss';
import { flaggedLayers, placeOf, unique } from './places';

/** Initial gain, as a multiple of what the activation needs, from which a layer starts too large. */
const TOO_LARGE = 1.5;

/** The scope with the layers that start too large in place of the flagged ones: an explosion flags none. */
export function withLargeLayers(scope: RemedyScope): RemedyScope {
  const { graph, index } = scope;
  const parameters = graph.parameters.flatMap(({ initialiser, initialiserOrigin, shape }, number) => {
    if (shape.length < 2 || initialiserOrigin === 'checkpoint') return [];
    const gain = initialGain(initialiser, shape, graph.framework);
    return index.usersOf(number).some((user) => gain > TOO_LARGE * neededGain(user, index)) ? [number] : [];
  });
  return { ...scope, finding: { ...scope.finding, parameters } };
}

/**
 * Ways to calm a gradient that explodes: another activation for exponentials, weights that start at the size that the activation needs, a
 * normalisation. Clipping is advice, no edit: it hides the figures that would prove it.
 */
export function ideasForExploding(scope: RemedyScope): Idea[] {
  const { graph, index } = scope;
  const exponentials = placesOf(scope, (number) => graph.nodes[number]?.op === 'exp' && !hasMeaning(number, index));
  const activations = placesOf(scope, (number) => {
    const node = graph.nodes[number];
    return node !== undefined && (['rectifier', 'saturating'].includes(roleOf(node)) || node.op === 'exp');
  });
  const layers = flaggedLayers(scope);
  const start = (id: string, to: 'he' | 'lecun'): Idea => ({ id, changes: [{ kind: 'initialiser', to, layers }] });
  const swap = (id: string, to: 'relu' | 'elu'): Idea => ({
    id,
    changes: [{ kind: 'activation', to, places: exponentials }],
  });
  return [
    ...(exponentials.length > 0 ? [swap('swap-activation/elu', 'elu'), swap('swap-activation/relu', 'relu')] : []),
    ...(layers.length > 0 ? [start('initialiser/he', 'he'), start('initialiser/lecun', 'lecun')] : []),
    { id: 'normalise/batch-norm', changes: [{ kind: 'normalise', places: activations }] },
    ...ideasForPairing(scope),
  ];
}

function placesOf({ graph, index }: RemedyScope, test: (number: number) => boolean): ActivationPlace[] {
  return unique(graph.nodes.flatMap((node, number) => (test(number) ? (placeOf(node, index) ?? []) : [])));
}
