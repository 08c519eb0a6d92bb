import { hasSmallInitialiser } from '../../diagnosis/causes/classify';
import { roleOf } from '../../diagnosis/opLabels';
import type { ActivationName, Change, Idea, InitialiserName, LayerPlace } from '../idea';
import type { RemedyScope } from '../scope';
import { ideasForPairing } from './loss';
import { flaggedLayers, placesBehind, saturatingPlaces, unique } from './places';

/** Activations with the initialiser that goes with them (Klambauer et al. 2017 for SELU, He et al. 2015 for the others). */
const SWAPS: readonly [string, ActivationName, InitialiserName][] = [
  ['swap-activation/relu+he', 'relu', 'he'],
  ['swap-activation/leaky-relu+he', 'leakyRelu', 'heLeaky'],
  ['swap-activation/elu+he', 'elu', 'he'],
  ['swap-activation/gelu+he', 'gelu', 'he'],
  ['swap-activation/silu+he', 'silu', 'he'],
  ['swap-activation/selu+lecun', 'selu', 'lecun'],
];

/** Flagged layers up to which ReLU under PyTorch's own initialiser (x0.41 a layer) can lose less than three decades. */
const SHALLOW = 5;

/** Ways to cure a gradient that vanishes through depth, likely best first. */
export function ideasForVanishing(scope: RemedyScope): Idea[] {
  const { causeKind } = scope.finding;
  const blocks: Idea[] = [{ id: 'norm-first', changes: [{ kind: 'normFirst', layers: blocksAround(scope) }] }];
  const first = hasPostNorm(scope) ? blocks : [];
  const last = causeKind === 'post-normalisation' ? [] : withShortcuts(scope);
  return [...first, ...ideasForLayers(scope), ...ideasForPairing(scope), ...last];
}

/** Shortcuts, alone and with weights that keep the scale of what does not pass by them. */
function withShortcuts(scope: RemedyScope): Idea[] {
  const ops = new Set(saturatingPlaces(scope).map(({ op }) => op));
  const start = ops.has('sigmoid') ? 'lecun' : ops.size > 0 ? 'glorotTanh' : 'he';
  return [
    { id: 'shortcut', changes: [{ kind: 'shortcut' }] },
    {
      id: 'shortcut+initialiser',
      changes: [{ kind: 'shortcut' }, { kind: 'initialiser', to: start, layers: flaggedLayers(scope) }],
    },
  ];
}

/** Modules around the flagged layers that hold a norm whose input is a sum. */
function blocksAround({ graph, index }: RemedyScope): LayerPlace[] {
  const norms = graph.nodes.filter(
    (node) => roleOf(node) === 'normalisation' && index.producer(node.inputs[0] ?? -1)?.op === 'add',
  );
  return unique(
    norms.flatMap((node) => {
      const norm = index.module(node.module);
      const block = index.module(norm?.parent ?? null);
      return block?.span ? [{ span: block.span, type: block.type, initialiser: null }] : [];
    }),
  );
}

function hasPostNorm(scope: RemedyScope): boolean {
  return blocksAround(scope).length > 0;
}

function ideasForLayers(scope: RemedyScope): Idea[] {
  const places = saturatingPlaces(scope);
  const layers = flaggedLayers(scope);
  const swap = (to: ActivationName): Change => ({ kind: 'activation', to, places });
  const start = (to: InitialiserName): Change => ({ kind: 'initialiser', to, layers });
  const normalise: Idea = {
    id: 'normalise/batch-norm',
    changes: [{ kind: 'normalise', places: placesBehind(scope) }],
  };
  if (places.length === 0) {
    if (!hasSmallStart(scope)) return [normalise];
    return [
      { id: 'initialiser/he', changes: [start('he')] },
      { id: 'initialiser/he-uniform', changes: [start('heUniform')] },
      { id: 'initialiser/orthogonal', changes: [start('orthogonal')] },
      normalise,
    ];
  }
  // Keras and TensorFlow.js start their layers at a gain of one, which ReLU can stand for longer.
  const shallow = scope.finding.parameters.length <= SHALLOW || scope.graph.framework !== 'pytorch';
  const alone: Idea[] = [{ id: 'swap-activation/relu', changes: [swap('relu')] }];
  // Where a language cannot say how weights start, a swap alone is all there is beside a normalisation.
  const both = swapAndNormalise(scope, swap('relu'));
  const [early, late] = shallow ? [alone, [both]] : [[], [...alone, both]];
  const swaps = SWAPS.map(([id, to, scheme]): Idea => ({ id, changes: [swap(to), start(scheme)] }));
  const ops = new Set(places.map(({ op }) => op));
  // tanh keeps the signal's scale at zero, so its own initialiser is the smallest cure; sigmoid's slope of 1/4 seldom allows one.
  return ops.has('tanh') && ops.size === 1
    ? [...early, { id: 'initialiser/glorot-tanh', changes: [start('glorotTanh')] }, ...swaps, normalise, ...late]
    : [...early, ...swaps, normalise, ...late, { id: 'initialiser/glorot-sigmoid', changes: [start('glorotSigmoid')] }];
}

function swapAndNormalise(scope: RemedyScope, swap: Change): Idea {
  return {
    id: 'normalise/batch-norm+relu',
    changes: [{ kind: 'normalise', places: placesBehind(scope) }, swap],
  };
}

function hasSmallStart({ finding, index }: RemedyScope): boolean {
  const context = { graph: index.graph, index };
  return finding.parameters.some((parameter) =>
    index.usersOf(parameter).some((user) => hasSmallInitialiser(user, context)),
  );
}
