import type { ParameterVerdict } from '../report/report';
import type { DiagnosisContext } from './context';
import type { CauseKind, ParameterDiagnosis } from './diagnosis';
import { gateCosts, type GateCost } from './gates';
import { fanIn, initialDeviation, SMALL_START } from './initialScale';
import { whyUnjudged } from './judged';
import { START } from './measurementWindow';
import { whyUnreached } from './reach';
import { hasZeroGradient, isReached, relativeGradient } from './relativeGradient';
import { equalWeights } from './rules/equalWeights';
import { findExplosion, type Explosion } from './rules/exploding';
import { isUndecided, isVanishing } from './rules/vanishing';
import { gatesAboutToOpen, isWaking } from './rules/waking';
import { verdictOfZero, type NoGradient } from './rules/zero';
import { undecidedNote } from './undecided';
import { zeroNote } from './wording';
import { findYardstick, type Yardstick } from './yardstick';
import { isUnderflow, whyZero } from './zeroGradient';

/** The rules' result for one parameter, with what the causes need. */
export interface Judged extends ParameterDiagnosis {
  causeKind: CauseKind | null;
  /** Set where the gradient is exactly zero. */
  none: NoGradient | null;
  /** True where too few steps were run to tell healthy from vanishing. */
  undecided: boolean;
}

export interface Judgement {
  parameters: Judged[];
  yardstick: Yardstick;
  explosion: Explosion | null;
}

interface Measured {
  parameter: number;
  start: number;
  late: number;
  unjudged: string | null;
  startsSmall: boolean;
}

/** Applies the rules of docs/diagnosis.md to every parameter. */
export function judge(context: DiagnosisContext): Judgement {
  const measured = context.graph.parameters.map((_, parameter) => measure(parameter, context));
  const judged = measured.filter((weight) => weight.unjudged === null);
  const yardstick = findYardstick(judged, context.window.atInitialisation);
  const { atInitialisation } = context.window;
  const explosion = findExplosion(context.trace, inGraphOrder(judged, context), yardstick, atInitialisation);
  const gates = gateCosts(context.index, context.trace, context.window, context.read);
  const equal = equalWeights(context.index);
  const parameters = measured.map((weight): Judged => {
    const frame = { start: weight.start, late: weight.late, causeKind: null, none: null, undecided: false };
    if (weight.unjudged !== null) return { ...frame, verdict: 'unjudged', note: weight.unjudged };
    if (explosion)
      return { ...frame, verdict: 'unjudged', note: 'Gradients explode, so layers are not judged one by one.' };
    return { ...frame, ...judgeWeight(weight, yardstick, gates, equal, context) };
  });
  return { parameters, yardstick, explosion };
}

function measure(parameter: number, context: DiagnosisContext): Measured {
  const { graph, trace, window } = context;
  const described = graph.parameters[parameter];
  if (!described) throw new RangeError(`The graph has no parameter ${parameter}.`);
  const gain =
    initialDeviation(described.initialiser, described.shape) * Math.sqrt(fanIn(described.shape, graph.framework));
  return {
    parameter,
    start: relativeGradient(trace, START, parameter),
    late: relativeGradient(trace, window, parameter),
    unjudged: whyUnjudged(described),
    startsSmall: gain < SMALL_START,
  };
}

type Outcome = Pick<Judged, 'verdict' | 'note' | 'causeKind' | 'none' | 'undecided'>;

function judgeWeight(
  weight: Measured,
  yardstick: Yardstick,
  gates: ReadonlyMap<number, GateCost>,
  equal: ReadonlySet<number>,
  context: DiagnosisContext,
): Outcome {
  const { parameter, late } = weight;
  const none = findNoGradient(parameter, late, context);
  if (none) {
    const opening = gatesAboutToOpen(none, context);
    if (opening) return waking(opening, context);
    const { verdict, causeKind } = verdictOfZero(none);
    return { ...outcome(verdict, causeKind, zeroNote(none, context)), none };
  }
  if (equal.has(parameter)) return outcome('degenerate', 'equal-weights', 'All its units start alike and stay alike.');
  if (!isVanishing(late, yardstick.healthyFrom)) return outcome('healthy', null, null);
  const gate = gates.get(context.index.parameterValues[parameter] ?? -1);
  if (gate && isWaking(weight, yardstick.limit, gate, context.window.atInitialisation))
    return waking(gate.gates, context);
  if (isUndecided(late, yardstick)) return { ...outcome('healthy', null, undecidedNote(context)), undecided: true };
  return outcome('vanishing', null, null);
}

function waking(gates: readonly number[], context: DiagnosisContext): Outcome {
  const names = [...new Set(gates)].map((number) => `\`${context.graph.parameters[number]?.name ?? ''}\``).join(', ');
  const opens = context.window.atInitialisation ? '; too few steps ran to see it open' : ' and opens while training';
  return outcome('waking', null, `Behind a gate that starts shut${opens}: ${names}.`);
}

function outcome(verdict: ParameterVerdict, causeKind: CauseKind | null, note: string | null): Outcome {
  return { verdict, causeKind, note, none: null, undecided: false };
}

function findNoGradient(parameter: number, late: number, context: DiagnosisContext): NoGradient | null {
  const { index, trace, window, read } = context;
  if (!isReached(trace, parameter)) {
    const reason = whyUnreached(parameter, read, index);
    return reason
      ? { by: 'wiring', reason }
      : { by: 'value', reason: { kind: 'unknown', nodes: index.usersOf(parameter) } };
  }
  if (late === -Infinity || (Number.isNaN(late) && hasZeroGradient(trace, window, parameter))) {
    const reason = whyZero(parameter, context);
    return late === -Infinity && isUnderflow(parameter, reason, context) ? null : { by: 'value', reason };
  }
  return null;
}

/** Judged weights that do not start unusually small, in the order in which the graph uses them. */
function inGraphOrder(judged: readonly Measured[], context: DiagnosisContext): Measured[] {
  return judged
    .filter((weight) => !weight.startsSmall)
    .map((weight) => ({ weight, at: context.index.usersOf(weight.parameter)[0] ?? Infinity }))
    .sort((a, b) => a.at - b.at)
    .map(({ weight }) => weight);
}
