import type { ModelGraph } from '../graph/graph';
import type { Verdict } from '../report/report';
import type { GradientTrace } from '../trace/trace';
import { contextOf } from './context';
import type { Diagnosis } from './diagnosis';
import { findingsOf } from './findings';
import { judge, type Judgement } from './judge';
import { undecidedSentence } from './undecided';
import { vanishingInTime } from './rules/vanishingInTime';

/** Applies the rules to a trace and explains what they flag. Pure: the same graph and trace give the same diagnosis. */
export function diagnose(graph: ModelGraph, trace: GradientTrace): Diagnosis {
  const context = contextOf(graph, trace);
  const judgement = judge(context);
  return {
    verdict: modelVerdict(judgement),
    yardstick: judgement.yardstick.yardstick,
    limit: judgement.yardstick.limit,
    undecided: undecidedSentence(judgement, context),
    parameters: judgement.parameters.map(({ verdict, start, late, note }) => ({ verdict, start, late, note })),
    findings: [...findingsOf(judgement, context), ...(judgement.explosion ? [] : vanishingInTime(context))],
  };
}

/**
 * The gravest of the parameters' verdicts; an explosion outweighs them all, since it blurs every other figure. Where none was
 * judged nothing was found healthy either.
 */
function modelVerdict(judgement: Judgement): Exclude<Verdict, 'unread'> {
  if (judgement.explosion) return 'exploding';
  const verdicts = new Set(judgement.parameters.map((parameter) => parameter.verdict));
  const worst = (['vanishing', 'dead', 'degenerate'] as const).find((verdict) => verdicts.has(verdict));
  if (worst) return worst;
  return verdicts.has('healthy') || verdicts.has('waking') ? 'healthy' : 'unjudged';
}
