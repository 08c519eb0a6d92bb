import type { SourceSpan } from '../graph/source';
import type { AttributedGroup, GradientPath } from './attribution';
import type { DiagnosisContext } from './context';
import type { CauseKind } from './diagnosis';
import { counted, listed, power, twoDigits } from './figures';
import { atLines, shownLayer, shownNode } from './names';
import type { NoGradient } from './rules/zero';
import type { Explosion } from './rules/exploding';
import { groupBy } from './statistics';

/** Groups of one op that stand at several places: a stack that is written out row by row. */
interface SpreadGroup extends Pick<AttributedGroup, 'name' | 'nodes' | 'decades' | 'gain'> {
  spans: SourceSpan[];
}

/** The groups joined by op, the greatest loss first. */
function byOperation(groups: readonly AttributedGroup[]): SpreadGroup[] {
  return groupBy(groups, ({ name }) => name)
    .map((same): SpreadGroup => {
      const nodes = same.flatMap((group) => group.nodes);
      const decades = same.reduce((sum, group) => sum + group.decades, 0);
      const spans = same.flatMap(({ span }) => span ?? []);
      return { name: same[0]?.name ?? '', nodes, decades, gain: 10 ** (-decades / nodes.length), spans };
    })
    .sort((a, b) => b.decades - a.decades);
}

/** "20 x `Sigmoid` (line 14) took 11 decades (x0.27 each)". */
export function groupSentence(group: AttributedGroup, home: SourceSpan | null): string {
  return spreadSentence({ ...group, spans: group.span ? [group.span] : [] }, home);
}

function spreadSentence(group: SpreadGroup, home: SourceSpan | null): string {
  const count = group.nodes.length;
  const each = count === 1 ? `×${power(Math.log10(group.gain))}` : `×${power(Math.log10(group.gain))} each`;
  const amount = `${twoDigits(Math.abs(group.decades))} decades`;
  const verb = group.decades >= 0 ? 'took' : 'gave back';
  return `${count} × \`${group.name}\`${atLines(group.spans, home)} ${verb} ${amount} (${each})`;
}

/** Which operation ate the gradient, and by what factor. */
export function vanishingCause(
  flagged: number,
  path: GradientPath,
  groups: readonly AttributedGroup[],
  home: SourceSpan,
  context: DiagnosisContext,
): string {
  const layer = shownLayer(flagged, context);
  const reference =
    path.referenceParameter === null
      ? "the loss's at the output"
      : `that of \`${shownLayer(path.referenceParameter, context)}\``;
  const ratio = path.flagged - path.reference;
  const shown = byOperation(groups).filter((group) => Math.abs(group.decades) >= 0.05);
  const parts = shown.slice(0, 3).map((group) => spreadSentence(group, home));
  const head = `The gradient that reaches \`${layer}\` is ${power(ratio)} of ${reference}`;
  const ops = parts.length > 0 ? `${head}. ${parts.join(', ')}.` : `${head}.`;
  if (path.rest < 0.3 || path.rest < ratio / -2) return ops;
  return `${ops} Another ${twoDigits(path.rest)} decades lie in the layer itself: what it is fed is small against its weights.`;
}

/** What to do, one sentence a cause. */
export const ADVICE: Record<CauseKind, string> = {
  'saturating-activation':
    'Use an activation that does not saturate (ReLU, GELU, SiLU) with the matching initialiser, or normalise before it.',
  'small-initialiser':
    'Initialise the weights for the activation behind them (He for ReLU, Glorot for tanh), or normalise.',
  depth: 'Add residual connections or normalisation, or use fewer layers.',
  'dead-units':
    'Start the biases at zero, use He initialisation, or an activation with a slope below zero (Leaky ReLU).',
  'one-unit-softmax': 'Use a sigmoid over one unit with binary cross-entropy, or two units.',
  'one-element-norm': 'Remove the normalisation, or normalise over more than one element.',
  'shut-gate': 'Let the gate be trained, or start it above zero.',
  'cut-graph':
    'Remove the detach if the layer should learn, or freeze the layer (`requires_grad_(False)`) if it should not.',
  'unused-branch': 'Call the layer in `forward`, or remove it.',
  'equal-weights': 'Draw the weights at random.',
  'post-normalisation': 'Move the normalisation in front of the block (pre-norm), or warm the learning rate up.',
  attention: 'Scale the scores, normalise before the attention, or start its projections larger.',
  recurrence: 'Use gated cells with a forget bias to the length of the memory, or read more steps than the last.',
  pooling: 'Pool over fewer elements at once, or normalise behind the pooling.',
  exploding: 'Use smaller initial weights, a normalisation, or gradient clipping.',
  unknown: 'The measured figures do not name one cause; the gradient flow chart shows where it is lost.',
};

/** Why a weight has exactly no gradient; a note for the parameter and the cause of its finding. */
export function zeroNote(none: NoGradient, context: DiagnosisContext, home: SourceSpan | null = null): string {
  const { reason } = none;
  const at = (nodes: readonly number[]) => {
    const shown = [...new Set(nodes.map((number) => shownNode(number, home, context)))];
    return shown.length > 2 ? `${shown[0] ?? ''} and ${counted(shown.length - 1, 'more place')}` : shown.join(' and ');
  };
  switch (reason.kind) {
    case 'unused':
      return reason.nodes.length === 0
        ? 'No output depends on it: it is made and never used.'
        : `No output depends on it: the result of ${at(reason.nodes)} is not used.`;
    case 'cut':
      return `${at(reason.nodes)} lets no gradient through, and every way to the loss leads over it.`;
    case 'other-output':
      return `Only output ${reason.outputs.map((place) => place + 1).join(', ')} depends on it, which the loss here does not read.`;
    case 'dead-units':
      return reason.side === 'after'
        ? `All units of ${at(reason.nodes)} stay closed, so no gradient comes back through it.`
        : `All units of ${at(reason.nodes)} stay closed, so its input is exactly zero.`;
    case 'one-unit-softmax':
      return `${at(reason.nodes)} runs over an axis of one element: its output is constant, whatever the weights.`;
    case 'one-element-norm':
      return `${at(reason.nodes)} normalises a single element: its output is constant, whatever the weights.`;
    case 'shut-gate': {
      const gates = reason.gates.map((gate) => context.graph.parameters[gate]?.name ?? '');
      return `It is multiplied by ${listed([...new Set(gates)])}, which starts at zero and stays there.`;
    }
    case 'unknown':
      return 'Its gradient is exactly zero in every step; no single operation could be named.';
  }
}

/** What exploded, and where. */
export function explosionCause(explosion: Explosion, home: SourceSpan | null, context: DiagnosisContext): string {
  switch (explosion.kind) {
    case 'non-finite': {
      const { at } = explosion;
      const pass = at.direction === 'forward' ? 'forward' : 'backward';
      const when = at.step === 0 ? 'before any training step' : `in step ${at.step}`;
      const seeds = counted(explosion.seeds, 'seed');
      return `${shownNode(at.node, home, context)} gave the first infinity or NaN in the ${pass} pass, ${when} (in ${seeds} of ${context.trace.seeds.length}).`;
    }
    case 'growth':
      return `From \`${shownLayer(explosion.latest, context)}\` to \`${shownLayer(explosion.earliest, context)}\` the relative gradient grows by ${twoDigits(explosion.decades)} decades.`;
    case 'magnitude':
      return `The gradient of \`${shownLayer(explosion.parameter, context)}\` is over a thousand times its weights.`;
  }
}
