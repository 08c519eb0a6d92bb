import { diagnose } from '../diagnosis/diagnose';
import type { Diagnosis, DiagnosedFinding } from '../diagnosis/diagnosis';
import { timeReports } from '../diagnosis/timeReports';
import { flaggedCount, worstGradient, type MeasuredModel } from './measure';

/** What an edit has to reach for a finding. */
export interface Goal {
  /** True over all seeds together and in each of them. */
  isReached(after: MeasuredModel): boolean;
  /** Not reached, but a good deal nearer. */
  isNearer(after: MeasuredModel, before: MeasuredModel): boolean;
  whyNot(after: MeasuredModel): string;
}

/** Decades by which the worst weight must rise for an edit that does not cure to count as an improvement. */
const IMPROVEMENT_DECADES = 1;
/** Factor by which the shortest memory must grow to count as one. */
const IMPROVEMENT_OF_MEMORY = 2;

export function goalOf(finding: DiagnosedFinding, weights: ReadonlySet<string>): Goal {
  return finding.code === 'vanishing-in-time' ? longMemory : health(weights);
}

/** A healthy model without doubt, every loss a number. */
function health(weights: ReadonlySet<string>): Goal {
  return {
    isReached: isHealthyInEverySeed,
    isNearer: (after, before) => {
      const rise = worstGradient(after, weights) - worstGradient(before, weights);
      return (
        after.diagnosis.verdict !== 'exploding' &&
        flaggedCount(after.diagnosis) < flaggedCount(before.diagnosis) &&
        !(rise < IMPROVEMENT_DECADES)
      );
    },
    whyNot: ({ diagnosis }) => {
      if (diagnosis.verdict === 'healthy' && diagnosis.undecided !== null) return diagnosis.undecided;
      if (diagnosis.verdict === 'healthy')
        return 'The model is healthy over all seeds together, but not in each of them.';
      const flagged = flaggedCount(diagnosis);
      return flagged > 0
        ? `With the edit the verdict is ${diagnosis.verdict}: ${flagged} weights still get too little gradient.`
        : `With the edit the verdict is ${diagnosis.verdict}.`;
    },
  };
}

/** A gradient that reaches the first step, or a loss that reads the steps themselves; and a healthy model. */
const longMemory: Goal = {
  isReached: (after) => isHealthyInEverySeed(after) && remembers(after.diagnosis),
  isNearer: (after, before) =>
    isHealthyInEverySeed(after) && horizonOf(after) >= IMPROVEMENT_OF_MEMORY * horizonOf(before),
  whyNot: (after) => {
    if (after.diagnosis.verdict !== 'healthy') return `With the edit the verdict is ${after.diagnosis.verdict}.`;
    const horizon = horizonOf(after);
    return Number.isFinite(horizon)
      ? `With the edit the gradient back through time still falls under 0.01 after ${horizon} steps.`
      : 'The gradient reaches the first step over all seeds together, but not in each of them.';
  },
};

function remembers(diagnosis: Diagnosis): boolean {
  return diagnosis.findings.every(({ code }) => code !== 'vanishing-in-time');
}

/** The shortest memory among layers that vanish along time. */
function horizonOf({ graph, trace }: MeasuredModel): number {
  const horizons = timeReports(graph, trace).map(({ vanishing, horizon }) => (vanishing ? (horizon ?? 0) : Infinity));
  return Math.min(Infinity, ...horizons);
}

function isHealthyInEverySeed({ graph, trace, diagnosis }: MeasuredModel): boolean {
  if (diagnosis.verdict !== 'healthy' || diagnosis.undecided !== null) return false;
  return trace.seeds.every((seed) => {
    if (!Number.isFinite(seed.loss[seed.steps - 1] ?? NaN)) return false;
    const alone = { ...trace, plan: { ...trace.plan, seeds: [seed.seed] }, seeds: [seed] };
    return diagnose(graph, alone).verdict === 'healthy';
  });
}
