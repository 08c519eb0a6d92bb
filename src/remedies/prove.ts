import { diagnose } from '../diagnosis/diagnose';
import type { DiagnosedFinding } from '../diagnosis/diagnosis';
import type { ModelGraph } from '../graph/graph';
import type { Problem } from '../graph/reading';
import { traceKey } from '../pipeline/graphKey';
import { mergeTraces } from '../pipeline/mergeTraces';
import type { CurvePoint } from '../report/flow';
import type { Measured, Remedy } from '../report/report';
import type { TrainingPlan } from '../trace/plan';
import { planLoss } from '../trace/planning';
import type { GradientTrace } from '../trace/trace';
import { applyToFiles } from './applyEdits';
import type { Candidate } from './candidate';
import { goalOf } from './goal';
import { learn, learnsWorse, type Learnt } from './learning';
import { curveOf, flaggedCount, measuredOf, weightsOf, type MeasuredModel } from './measure';

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
  /** True once no further candidate shall be begun; the one at work is finished. */
  isOver?: () => boolean;
}

/**
 * Steps that every seed must have run where the time budget ended a run early: verdicts read from step 5 on, and ten steps more
 * tell a gradient that falls while training.
 */
const FEWEST_STEPS = 16;

/**
 * Proves a candidate by the pipeline itself: applies the edits in memory, reads every model of the file again and, where the edit changed the
 * model, trains and diagnoses it with the same plan and seeds, and lets it learn one batch by heart. `proved`: each changed model is healthy in every
 * seed and learns no worse. `improves`: not yet healthy, but better and nothing else worse. `untested`: the time did not suffice. Else
 * `refuted`, with the reason. Rejects when `signal` is aborted.
 */
export async function prove(candidate: Candidate, context: ProofContext): Promise<Remedy> {
  const { subject, finding, signal } = context;
  const weights = weightsOf(finding, subject.graph);
  const goal = goalOf(finding, weights);
  const before = measuredOf(subject, weights);
  const files = applyToFiles(context.files, candidate.edits);
  let curve: CurvePoint[] | null = null;
  const outcome = (
    status: Remedy['status'],
    reason: string | null,
    after: Measured | null = null,
    learntBefore?: Learnt,
  ): Remedy => ({
    ...candidate,
    preferred: false,
    status,
    measured: { before: learntBefore ? { ...before, learnt: learntBefore } : before, after },
    reason,
    ...(after && curve ? { curve } : {}),
  });
  let own: { after: Measured; before: Learnt; reached: boolean; why: string } | null = null;
  let others: string | null = null;
  for (const model of [subject, ...context.models.filter((other) => other !== subject)]) {
    signal?.throwIfAborted();
    const graph = await context.read(files, model, signal);
    if (!('nodes' in graph))
      return outcome('refuted', `With the edit \`${model.name}\` cannot be read: ${graph.message}`);
    const planBefore = model.trace.plan;
    const plan = planFor(graph, model);
    if (traceKey(graph, plan) === traceKey(model.graph, planBefore)) {
      if (model === subject) return outcome('refuted', 'The edit changes nothing that the model computes.');
      continue;
    }
    let measured = await measure(graph, { ...plan, seeds: plan.seeds.slice(0, 1) }, context);
    // What one seed refutes needs no others.
    const isPromising = goal.isReached(measured) || model !== subject || goal.isNearer(measured, subject);
    if (plan.seeds.length > 1 && isPromising && !isCutShort(measured))
      measured = await measure(graph, { ...plan, seeds: plan.seeds.slice(1) }, context, measured.trace);
    if (isCutShort(measured))
      return outcome('untested', 'The edited model could not be trained within the time budget.');
    if (model === subject) curve = curveOf(measured);
    const reached = goal.isReached(measured);
    if (model === subject && !reached && !goal.isNearer(measured, subject))
      return outcome('refuted', goal.whyNot(measured), measuredOf(measured, weights));
    if (model !== subject && isWorse(measured, model))
      return outcome('refuted', `The edit makes \`${model.name}\` worse.`);
    const train = (of: ModelGraph, asked: TrainingPlan) => context.train(of, asked, signal);
    const [was, is] = [await learn(model.graph, planBefore, train), await learn(graph, plan, train)];
    signal?.throwIfAborted();
    const worse = learnsWorse(is, was, plan.loss.kind === planBefore.loss.kind);
    if (model === subject)
      own = {
        after: { ...measuredOf(measured, weights), learnt: is },
        before: was,
        reached,
        why: goal.whyNot(measured),
      };
    if (worse)
      return outcome(
        'refuted',
        `With the edit \`${model.name}\` learns a batch by heart less well.`,
        own?.after,
        own?.before,
      );
    if (model !== subject && !reached)
      others ??= `\`${model.name}\`, which the edit changes too, is not healthy with it.`;
  }
  if (!own) return outcome('refuted', 'The edited model was not measured.');
  const reason = own.reached ? others : own.why;
  return outcome(reason === null ? 'proved' : 'improves', reason, own.after, own.before);
}

/** The plan that gave the finding, with the loss that the edited file names: an edit may change the head or the loss itself. */
function planFor(graph: ModelGraph, { graph: before, trace: { plan } }: ModelBefore): TrainingPlan {
  const wasOwn = JSON.stringify(planLoss(before)) === JSON.stringify(plan.loss);
  return wasOwn ? { ...plan, loss: planLoss(graph) } : plan;
}

/** Trains and diagnoses; with the seeds of `earlier`, where they were trained before. */
async function measure(
  graph: ModelGraph,
  plan: TrainingPlan,
  context: ProofContext,
  earlier?: GradientTrace,
): Promise<MeasuredModel> {
  const made = await context.train(graph, plan, context.signal);
  context.signal?.throwIfAborted();
  const trace = earlier ? mergeTraces(earlier, made) : made;
  return { graph, trace, diagnosis: diagnose(graph, trace) };
}

function isCutShort({ trace }: MeasuredModel): boolean {
  return trace.partial && trace.seeds.some(({ steps, nonFinite }) => steps < FEWEST_STEPS && nonFinite === null);
}

function isWorse(after: MeasuredModel, before: ModelBefore): boolean {
  return after.diagnosis.verdict === 'exploding'
    ? before.diagnosis.verdict !== 'exploding'
    : flaggedCount(after.diagnosis) > flaggedCount(before.diagnosis);
}
