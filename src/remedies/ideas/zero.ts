import type { CauseKind } from '../../diagnosis/diagnosis';
import { scalarToNumber } from '../../graph/scalar';
import type { GraphParameter } from '../../graph/graph';
import type { Change, Idea, Place } from '../idea';
import type { RemedyScope } from '../scope';
import { lossChange } from './loss';
import { flaggedLayers, placeOf, unique } from './places';

/** Ways to cure a gradient that is exactly zero, by the reason that was found. */
export function ideasForZero(scope: RemedyScope): Idea[] {
  return IDEAS[scope.finding.causeKind]?.(scope) ?? [];
}

const IDEAS: Partial<Record<CauseKind, (scope: RemedyScope) => Idea[]>> = {
  'dead-units': deadUnits,
  'one-unit-softmax': (scope) => {
    const swap: Change = { kind: 'sigmoidForSoftmax', places: causePlaces(scope) };
    return [
      { id: 'sigmoid-for-softmax', changes: [swap] },
      { id: 'sigmoid-for-softmax+loss', changes: [swap, ...lossChange('binary', scope.graph)] },
    ];
  },
  'cut-graph': (scope) => [{ id: 'attach', changes: [{ kind: 'attach', places: detachments(scope) }] }],
  'shut-gate': (scope) => opened(scope),
};

/** Units that never open: what the file starts them with, else an activation with a slope below zero (Maas et al. 2013). */
function deadUnits(scope: RemedyScope): Idea[] {
  const biases = starts(scope, ({ shape, initialiser }) => {
    return shape.length <= 1 && initialiser.kind === 'constant' && scalarToNumber(initialiser.value) < 0;
  });
  const places = causePlaces(scope);
  const leaky: Change = { kind: 'activation', to: 'leakyRelu', places };
  const elu: Change = { kind: 'activation', to: 'elu', places };
  const he: Change = { kind: 'initialiser', to: 'he', layers: flaggedLayers(scope) };
  return [
    ...(biases.length > 0 ? [startAt('zero-bias', 0, biases)] : []),
    ...opened(scope),
    { id: 'swap-activation/leaky-relu', changes: [leaky] },
    { id: 'swap-activation/elu', changes: [elu] },
    { id: 'initialiser/he', changes: [he] },
    { id: 'swap-activation/leaky-relu+he', changes: [leaky, he] },
  ];
}

/** Scales that the file starts at zero, so that nothing passes them. */
function opened(scope: RemedyScope): Idea[] {
  const scales = starts(
    scope,
    ({ name, shape, initialiser }) =>
      shape.length === 1 &&
      !name.endsWith('bias') &&
      initialiser.kind === 'constant' &&
      scalarToNumber(initialiser.value) === 0,
  );
  return scales.length > 0 ? [startAt('open-gate', 1, scales)] : [];
}

function startAt(id: string, value: 0 | 1, places: Place[]): Idea {
  return { id, changes: [{ kind: 'constantStart', value, places }] };
}

/** Where the file starts parameters that pass a test. */
function starts({ graph }: RemedyScope, test: (parameter: GraphParameter) => boolean): Place[] {
  return unique(
    graph.parameters.flatMap((parameter) =>
      parameter.trainable && parameter.initialiserSpan && test(parameter) ? [{ span: parameter.initialiserSpan }] : [],
    ),
  );
}

function causePlaces({ finding, graph, index }: RemedyScope) {
  return unique(
    finding.causeNodes.flatMap((number) => {
      const node = graph.nodes[number];
      return (node && placeOf(node, index)) ?? [];
    }),
  );
}

function detachments({ finding, graph }: RemedyScope): Place[] {
  return unique(
    finding.causeNodes.flatMap((number) => {
      const node = graph.nodes[number];
      return node?.op === 'detach' && node.span ? [{ span: node.span }] : [];
    }),
  );
}
