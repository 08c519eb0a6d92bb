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
import { isVanishing } from './rules/vanishing';
import { isWaking } from './rules/waking';
import { verdictOfZero, type NoGradient } from './rules/zero';
import { zeroNote } from './wording';
import { findYardstick, type Yardstick } from './yardstick';
import { whyZero } from './zeroGradient';

/** The rules' result for one parameter, with what the causes need. */
export interface Judged extends ParameterDiagnosis {
  causeKind: CauseKind | null;
  /** Set where the gradient is exactly zero. */
  none: NoGradient | null;
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
  const yardstick = findYardstick(judged);
  const explosion = findExplosion(context.trace, inGraphOrder(judged, context), yardstick);
  const gates = gateCosts(context.index, context.trace, context.window, context.read);
  const equal = equalWeights(context.index);
  const parameters = measured.map((weight): Judged => {
    const frame = { start: weight.start, late: weight.late, causeKind: null, none: null };
    if (weight.unjudged !== null) return { ...frame, verdict: 'unjudged', note: weight.unjudged };
    if (explosion)
      return { ...frame, verdict: 'unjudged', note: 'Gradients explode, so layers are not judged one by one.' };
    return { ...frame, ...judgeWeight(weight, yardstick.limit, gates, equal, context) };
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

type Outcome = Pick<Judged, 'verdict' | 'note' | 'causeKind' | 'none'>;

function judgeWeight(
  weight: Measured,
  limit: number,
  gates: ReadonlyMap<number, GateCost>,
  equal: ReadonlySet<number>,
  context: DiagnosisContext,
): Outcome {
  const { parameter, start, late } = weight;
  const none = findNoGradient(parameter, late, context);
  if (none) {
    const { verdict, causeKind } = verdictOfZero(none);
    return { verdict, causeKind, none, note: zeroNote(none, context) };
  }
  if (equal.has(parameter)) return outcome('degenerate', 'equal-weights', 'All its units start alike and stay alike.');
  if (!isVanishing(late, limit)) return outcome('healthy', null, null);
  const gate = gates.get(context.index.parameterValues[parameter] ?? -1);
  if (isWaking(start, late, limit, gate)) {
    const names = gate?.gates.map((number) => `\`${context.graph.parameters[number]?.name ?? ''}\``).join(', ') ?? '';
    return outcome('waking', null, `Behind a gate that starts shut and opens while training: ${names}.`);
  }
  return outcome('vanishing', null, null);
}

function outcome(verdict: ParameterVerdict, causeKind: CauseKind | null, note: string | null): Outcome {
  return { verdict, causeKind, note, none: null };
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
    return { by: 'value', reason: whyZero(parameter, context) };
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
