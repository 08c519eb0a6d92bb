import * as fs from 'node:fs';
import * as path from 'node:path';
import { Analyser } from '../../src/pipeline/analyse';
import { fitted } from '../../src/pipeline/fitted';
import type { DiagnoseRequest } from '../../src/pipeline/options';
import { Pipeline } from '../../src/pipeline/pipeline';
import { withSpans } from '../../src/graph/spans';
import { withOriginalPaths } from '../../src/pipeline/sources';
import { TraceCache } from '../../src/pipeline/traceCache';
import { diagnose } from '../../src/diagnosis/diagnose';
import { timeReports } from '../../src/diagnosis/timeReports';
import type { ModelGraph } from '../../src/graph/graph';
import type { InputRequest, ReadModel } from '../../src/graph/reading';
import { ReadingValidator } from '../../src/graph/validate';
import type { TimeReport } from '../../src/report/report';
import { estimate } from '../../src/trace/estimate';
import { DEFAULT_BATCH, DEFAULT_STEPS, plan, type PlanOptions } from '../../src/trace/planning';
import type { GradientTrace } from '../../src/trace/trace';
import { FileSources } from '../../src/workers/fileSources';
import { Readers } from '../../src/workers/readers';
import { TrainerClient } from '../../src/workers/trainerClient';
import type { ConformanceCase } from './case';

/**
 * Horizons of single seeds scatter by half (11 to 18 for the stacked LSTM), the median of five still by a fifth; at twenty it
 * stands still, so that what is left of the difference is that of the reference's own five.
 */
const SEEDS_ALONG_TIME = 20;

/** Share of the usual work that a reduced run gets: it must still come to the same verdict. */
const REDUCED = 1 / 4;
/** Milliseconds that no reduced run takes on any machine: a plan, not the clock, is what cuts it short. */
const LONG_ENOUGH = 600_000;

/** Thrown where a case cannot be read: the message is the product's own. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** One lane of the run: the product's reader and trainer, asked what a case wants to know. */
export class Subject {
  readonly #reader: Readers;
  readonly #trainer: TrainerClient;
  readonly #sources = new FileSources([]);
  readonly #validator = new ReadingValidator();

  constructor(
    distribution: string,
    private readonly pack: string,
  ) {
    this.#reader = new Readers(distribution, () => undefined);
    this.#trainer = new TrainerClient(distribution, () => undefined);
  }

  /** The case's graph; `batch` replaces the first size of every input. */
  async read(conformanceCase: ConformanceCase, batch?: number, inputs?: InputRequest[]): Promise<ModelGraph> {
    const { model } = await this.#model(inputs ? { ...conformanceCase, inputs } : conformanceCase, batch);
    return this.#validator.graph(JSON.parse(JSON.stringify(model.graph)));
  }

  async #model({ source, entry, variable, inputs }: ConformanceCase, batch?: number): Promise<{ model: ReadModel }> {
    const file = path.join(this.pack, source);
    const set = await this.#sources.load(file, fs.readFileSync(file, 'utf8'), []);
    const name = entry ?? variable;
    const result = await this.#reader.read({
      path: set.active,
      files: set.files,
      batch: batch ?? inputs[0]?.shape[0] ?? 1,
      inputs: inputs.map((input) =>
        batch === undefined ? input : { ...input, shape: [batch, ...input.shape.slice(1)] },
      ),
      ...(name === undefined ? {} : { entry: name }),
    });
    const [model] = result.models;
    const problem = model?.unread ?? set.problems?.[0] ?? result.problems[0];
    if (!model?.graph) throw new Unreadable(problem ? `${problem.code}: ${problem.message}` : 'no model found');
    const { places } = set;
    const placed =
      places &&
      withSpans(
        withOriginalPaths(model, (inside) => set.original(inside)),
        (span) => places.inCell(span),
      );
    return { model: placed ?? model };
  }

  lattice(graph: ModelGraph) {
    return this.#trainer.lattice(graph);
  }

  deviations(graph: ModelGraph): Promise<number[]> {
    return this.#trainer.initialDeviations(graph, [0, 1, 2, 3, 4, 5, 6, 7]);
  }

  /** Trains exactly as the case's `setup` says and returns the verdict with the flagged parameters. */
  async verdict(conformanceCase: ConformanceCase): Promise<{ verdict: string; flagged: string[] }> {
    const { graph, trace } = await this.#train(conformanceCase, 31);
    const diagnosis = diagnose(graph, trace);
    return { verdict: diagnosis.verdict, flagged: flaggedOf(conformanceCase, diagnosis.parameters) };
  }

  /** What is measured along time, at initialisation. */
  async time(conformanceCase: ConformanceCase): Promise<TimeReport[]> {
    const { graph, trace } = await this.#train(conformanceCase, 1, SEEDS_ALONG_TIME);
    return timeReports(graph, trace);
  }

  /** The first `steps` steps of a run exactly as the case's `setup` says. */
  async #train(
    conformanceCase: ConformanceCase,
    steps: number,
    seedCount?: number,
  ): Promise<{ graph: ModelGraph; trace: GradientTrace }> {
    const { setup } = conformanceCase.health;
    const graph = await this.read(conformanceCase, setup.batch);
    const seeds = Array.from({ length: seedCount ?? setup.seeds ?? 5 }, (_, i) => i);
    const loss = lossOf(conformanceCase);
    const exact = plan(graph, { steps, seeds, batch: setup.batch, loss, optimiser: 'adam' });
    return { graph, trace: await this.#trainer.train(graph, exact, {}) };
  }

  /** The product's plan, images included, for `REDUCED` of the work that the usual steps on the usual batch take. */
  async reduced(conformanceCase: ConformanceCase): Promise<{ verdict: string; flagged: string[]; size: string }> {
    const whole = await this.read(conformanceCase, DEFAULT_BATCH);
    const budget = REDUCED * DEFAULT_STEPS * estimate(whole).milliseconds(DEFAULT_BATCH);
    const reading = {
      hasGivenInputs: false,
      withBatch: (_: string, batch: number, inputs?: InputRequest[]) => this.read(conformanceCase, batch, inputs),
    };
    const options = { budget, loss: lossOf(conformanceCase), optimiser: 'adam' as const };
    const { graph, planned } = await fitted('', whole, reading, options);
    const analyser = new Analyser(this.#trainer, new TraceCache(0));
    const { diagnosis } = await analyser.analyseAsNeeded(graph, planned, { budget: LONG_ENOUGH });
    const shape = graph.inputs[0]?.shape ?? [];
    return {
      verdict: diagnosis.verdict,
      flagged: flaggedOf(conformanceCase, diagnosis.parameters),
      size: `${planned.steps} steps on [${shape.join()}]`,
    };
  }

  /** The product's own defaults on the case's file, entry and inputs. */
  async brief(conformanceCase: ConformanceCase): Promise<{ verdict: string; flagged: string[] }> {
    const pipeline = new Pipeline(this.#reader, new Analyser(this.#trainer, new TraceCache(0)), this.#sources, () =>
      performance.now(),
    );
    const file = path.join(this.pack, conformanceCase.source);
    const request: DiagnoseRequest = {
      path: file,
      text: fs.readFileSync(file, 'utf8'),
      overlays: [],
      options: {
        entry: conformanceCase.entry ?? conformanceCase.variable,
        inputs: conformanceCase.inputs,
        prove: false,
      },
    };
    const report = await pipeline.diagnose(request, {});
    const [model] = report.models;
    if (!model || model.unread)
      throw new Unreadable(model?.unread?.message ?? report.problems[0]?.message ?? 'no model found');
    const { parameters, verdict } = model;
    return { verdict, flagged: flaggedOf(conformanceCase, parameters) };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#reader.dispose(), this.#trainer.dispose()]);
  }
}

/** The loss that the case's reference was trained with. */
function lossOf({ health: { setup } }: ConformanceCase): NonNullable<PlanOptions['loss']> {
  const outputs = setup.use ?? (setup.loss === 'vae' ? [0, 1, 2] : [0]);
  const [kind = 'mse', ...others] = Array.isArray(setup.loss) ? setup.loss : [setup.loss];
  return { kind, outputs, ...(others.length > 0 ? { kinds: [kind, ...others] } : {}) };
}

/** Order binds, names help: the pack's own names are given back. */
function flaggedOf({ expect }: ConformanceCase, parameters: readonly { verdict: string }[]): string[] {
  const bad = new Set(['vanishing', 'dead', 'degenerate']);
  return expect.parameters.filter((_, i) => bad.has(parameters[i]?.verdict ?? '')).map(({ name }) => name);
}
