import { diagnose } from '../diagnosis/diagnose';
import type { DiagnosedFinding } from '../diagnosis/diagnosis';
import type { ModelGraph } from '../graph/graph';
import type { Problem } from '../graph/reading';
import { traceKey } from '../pipeline/graphKey';
import type { Remedy } from '../report/report';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';
import { applyToFiles } from './applyEdits';
import type { Candidate } from './candidate';
import {
  flaggedCount,
  isHealthyInEverySeed,
  measuredOf,
  weightsOf,
  worstGradient,
  type MeasuredModel,
} from './measure';

export interface SourceFile {
  path: string;
  text: string;
}

/** A model of the file as it was before the edit. */
export interface ModelBefore extends MeasuredModel {
  name: string;
  entry: string;
}

/** What a proof runs on: the same reader and trainer, plans and seeds that gave the finding. */
export interface ProofContext {
  files: readonly SourceFile[];
  /** All models of the file that were trained. */
  models: readonly ModelBefore[];
  /** The one with the finding; one of `models`. */
  subject: ModelBefore;
  finding: DiagnosedFinding;
  /** Reads one model of the edited files, with the inputs and batch of `before`. */
  read(files: readonly SourceFile[], before: ModelBefore, signal?: AbortSignal): Promise<ModelGraph | Problem>;
  train(graph: ModelGraph, plan: TrainingPlan, signal?: AbortSignal): Promise<GradientTrace>;
  signal?: AbortSignal | undefined;
}

/** Decades by which the worst weight must rise for an edit that does not cure to count as an improvement. */
const IMPROVEMENT_DECADES = 1;

/**
 * Proves a candidate by the pipeline itself: applies the edits in memory, reads every model of the file again and, where the edit changed the
 * model, trains and diagnoses it with the same plan and seeds. `proved`: each changed model is healthy in every seed. `improves`:
 * not yet healthy, but better and nothing else worse. Else `refuted`, with the reason. Rejects when `signal` is aborted.
 */
export async function prove(candidate: Candidate, context: ProofContext): Promise<Remedy> {
  const { subject, finding, signal } = context;
  const weights = weightsOf(finding, subject.graph);
  const before = measuredOf(subject, weights);
  const frame = { ...candidate, preferred: false };
  const refused = (reason: string): Remedy => ({
    ...frame,
    status: 'refuted',
    measured: { before, after: null },
    reason,
  });
  const files = applyToFiles(context.files, candidate.edits);
  let after: MeasuredModel | null = null;
  let others: string | null = null;
  for (const model of [subject, ...context.models.filter((other) => other !== subject)]) {
    signal?.throwIfAborted();
    const graph = await context.read(files, model, signal);
    if (!('nodes' in graph)) return refused(`With the edit \`${model.name}\` cannot be read: ${graph.message}`);
    const { plan } = model.trace;
    if (traceKey(graph, plan) === traceKey(model.graph, plan)) {
      if (model === subject) return refused('The edit changes nothing that the model computes.');
      continue;
    }
    const trace = await context.train(graph, plan, signal);
    signal?.throwIfAborted();
    const measured = { graph, trace, diagnosis: diagnose(graph, trace) };
    if (trace.partial) return refused('The edited model could not be trained within the time budget.');
    if (model === subject) after = measured;
    else if (isWorse(measured, model)) return refused(`The edit makes \`${model.name}\` worse.`);
    else if (!isHealthyInEverySeed(measured))
      others ??= `\`${model.name}\`, which the edit changes too, is not healthy with it.`;
    if (model === subject && !isHealthyInEverySeed(measured) && !isBetter(measured, subject, weights)) {
      return { ...refused(whyNot(measured)), measured: { before, after: measuredOf(measured, weights) } };
    }
  }
  if (!after) return refused('The edited model was not measured.');
  const cured = isHealthyInEverySeed(after);
  const proved = cured && others === null;
  return {
    ...frame,
    status: proved ? 'proved' : 'improves',
    measured: { before, after: measuredOf(after, weights) },
    reason: proved ? null : cured ? others : whyNot(after),
  };
}

/** Fewer weights flagged and the worst of the finding's weights well above where it was. */
function isBetter(after: MeasuredModel, before: ModelBefore, weights: ReadonlySet<string>): boolean {
  const rise = worstGradient(after, weights) - worstGradient(before, weights);
  return (
    after.diagnosis.verdict !== 'exploding' &&
    flaggedCount(after.diagnosis) < flaggedCount(before.diagnosis) &&
    !(rise < IMPROVEMENT_DECADES)
  );
}

function isWorse(after: MeasuredModel, before: ModelBefore): boolean {
  return after.diagnosis.verdict === 'exploding'
    ? before.diagnosis.verdict !== 'exploding'
    : flaggedCount(after.diagnosis) > flaggedCount(before.diagnosis);
}

function whyNot({ diagnosis }: MeasuredModel): string {
  if (diagnosis.verdict === 'healthy' && diagnosis.undecided !== null) return diagnosis.undecided;
  if (diagnosis.verdict === 'healthy') return 'The model is healthy over all seeds together, but not in each of them.';
  const flagged = flaggedCount(diagnosis);
  return flagged > 0
    ? `With the edit the verdict is ${diagnosis.verdict}: ${flagged} weights still get too little gradient.`
    : `With the edit the verdict is ${diagnosis.verdict}.`;
}
