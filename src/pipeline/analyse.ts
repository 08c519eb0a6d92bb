import { diagnose } from '../diagnosis/diagnose';
import type { Diagnosis } from '../diagnosis/diagnosis';
import { EXPLODING_YARDSTICK } from '../diagnosis/rules/exploding';
import type { ModelGraph } from '../graph/graph';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';
import { traceKey } from './graphKey';
import { mergeTraces } from './mergeTraces';
import type { TrainerPort } from './ports';
import type { TraceCache } from './traceCache';

export interface Analysis {
  graph: ModelGraph;
  trace: GradientTrace;
  diagnosis: Diagnosis;
}

export interface AnalyseOptions {
  /** Milliseconds that one seed may take. */
  budget: number;
  onStep?: ((seed: number, step: number, loss: number) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** The run is part of a remedy's proof, and yields to diagnoses. */
  proof?: boolean;
}

/** Seeds behind every verdict that one seed does not make plain. */
export const SEEDS_NEAR_LIMIT = 3;
/** Decades from the limit within which one seed is not believed: the pack calls 0.3 borderline, seeds scatter by about as much. */
const NEAR = 0.6;

/** Trains and diagnoses one graph; traces are shared through the cache. */
export class Analyser {
  constructor(
    private readonly trainer: TrainerPort,
    private readonly traces: TraceCache,
  ) {}

  /** Trains with exactly the plan's seeds. */
  async analyse(graph: ModelGraph, plan: TrainingPlan, options: AnalyseOptions): Promise<Analysis> {
    const trace = await this.train(graph, plan, options);
    return { graph, trace, diagnosis: diagnose(graph, trace) };
  }

  /** One seed where it is plain that the model is healthy or cannot be judged, three where it is not. */
  async analyseAsNeeded(graph: ModelGraph, plan: TrainingPlan, options: AnalyseOptions): Promise<Analysis> {
    const first = await this.analyse(graph, plan, options);
    const [seed = 0] = plan.seeds;
    if (plan.seeds.length >= SEEDS_NEAR_LIMIT || first.trace.partial || isPlain(first.diagnosis)) return first;
    const more = Array.from({ length: SEEDS_NEAR_LIMIT - plan.seeds.length }, (_, i) => seed + plan.seeds.length + i);
    const rest = await this.train(graph, { ...plan, seeds: more }, options);
    const trace = mergeTraces(first.trace, rest);
    return { graph, trace, diagnosis: diagnose(graph, trace) };
  }

  /** The trace of exactly this plan, from the cache where it is known. */
  async train(
    graph: ModelGraph,
    plan: TrainingPlan,
    { budget, onStep, signal, proof = false }: AnalyseOptions,
  ): Promise<GradientTrace> {
    const key = traceKey(graph, plan);
    const known = this.traces.get(key);
    if (known) return known;
    const trace = await this.trainer.train(graph, plan, {
      budget,
      ...(onStep ? { onStep } : {}),
      ...(signal ? { signal } : {}),
      ...(proof ? { proof } : {}),
    });
    this.traces.set(key, trace);
    return trace;
  }
}

/** Healthy without doubt, with every judged weight well between the limits of vanishing and exploding; or nothing to judge, which more seeds do not change. */
export function isPlain(diagnosis: Diagnosis): boolean {
  if (diagnosis.verdict === 'unjudged') return true;
  if (diagnosis.verdict !== 'healthy' || diagnosis.undecided !== null) return false;
  if (diagnosis.yardstick > EXPLODING_YARDSTICK - NEAR) return false;
  return diagnosis.parameters.every(({ verdict, late }) => verdict !== 'healthy' || !(late < diagnosis.limit + NEAR));
}
