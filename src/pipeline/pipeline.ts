import type { InputRequest, ReadModel } from '../graph/reading';
import { jointFindings } from '../remedies/jointFinding';
import { tryRemedies } from '../remedies/tryRemedies';
import type { FileReport, ModelReport } from '../report/report';
import { refusal } from '../trace/estimate';
import { largestPlace } from '../trace/largestPlace';
import { DEFAULT_STEPS } from '../trace/planning';
import type { Analyser, Analysis } from './analyse';
import { fitted } from './fitted';
import { modelReport, problemReport, unreadReport } from './modelReport';
import type { DiagnoseOptions, DiagnoseRequest, Progress } from './options';
import type { ReaderPort } from './ports';
import { Reading, untrainable } from './reading';
import { silence } from './silence';
import type { SourceLoader } from './sources';

export interface PipelineHooks {
  progress?: ((progress: Progress) => void) | undefined;
  /** The report as it stands: once with the findings, then with each remedy that was tried. */
  update?: ((report: FileReport) => void) | undefined;
}

/** Seconds that one seed is planned to take where the caller says nothing. */
const DEFAULT_BUDGET = 3;

/**
 * Budgets after which a run is cut short. The plan fills one budget by an estimate that is right within a factor of two; a run cut short there
 * would depend on the machine's mood, could not be kept, and would be trained anew for every proof.
 */
const CUT_OFF = 2;
/** A proof may take longer than the diagnosis: what it adds (a normalisation) costs time, and a run that is cut short proves nothing. */
const PROOF_CUT_OFF = 3;

/**
 * Seeds' budgets after which no further remedy is tried: for one finding, and for all of a file. The first of each finding is always tried where
 * the file's time is not over.
 */
const FINDING_BUDGETS = 4;
const FILE_BUDGETS = 10;

interface Modelled {
  report: ModelReport;
  /** null where the model could not be read or trained. */
  analysis: Analysis | null;
  /** What the reader was asked for where the image was made smaller. */
  inputs?: InputRequest[] | undefined;
}

/** Source text to report: the one order of the stages for editor, panel and command line. */
export class Pipeline {
  constructor(
    private readonly reader: ReaderPort,
    private readonly analyser: Analyser,
    private readonly sources: SourceLoader,
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number,
  ) {}

  /** Diagnoses one file. Rejects only where `signal` is aborted or a worker failed for good. */
  async diagnose(request: DiagnoseRequest, hooks: PipelineHooks, signal?: AbortSignal): Promise<FileReport> {
    const { path, text, overlays, options } = request;
    const started = this.now();
    hooks.progress?.({ stage: 'reading', model: null, detail: '', fraction: 0 });
    const sources = await this.sources.load(path, text, overlays);
    const reading = new Reading(this.reader, sources, { entry: options.entry, inputs: options.inputs, signal });
    const result = await reading.models();
    const readingTime = this.now() - started;
    const report: FileReport = {
      path,
      problems: result.problems.map((problem) => problemReport(problem, path)),
      models: [],
    };
    const analysed = await Promise.all(
      result.models.map(async (model) => ({
        model,
        ...(await this.#model(model, reading, readingTime, options, hooks, signal)),
      })),
    );
    report.models = analysed.map(({ report: modelled }) => modelled);
    silence(report, analysed, reading, options.rules ?? {});
    hooks.update?.(report);
    if (options.prove !== false) await this.#remedy(report, analysed, reading, options, hooks, signal);
    return report;
  }

  /** Tries remedies for every finding that has any, and tells of each proof as it comes. */
  async #remedy(
    report: FileReport,
    analysed: readonly (Modelled & { model: ReadModel })[],
    reading: Reading,
    options: DiagnoseOptions,
    hooks: PipelineHooks,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    // Remedies are edits of the texts that were read, so they are told of places in these.
    const subjects = analysed.map(({ model, analysis }) =>
      analysis === null
        ? null
        : {
            name: model.name,
            entry: model.entry,
            graph: reading.inText(analysis.graph),
            trace: analysis.trace,
            diagnosis: reading.inText(analysis.diagnosis),
          },
    );
    const inputs = new Map(analysed.map(({ model, inputs: asked }) => [model.entry, asked]));
    const models = subjects.filter((subject) => subject !== null);
    const budget = (options.budget ?? DEFAULT_BUDGET) * 1000;
    const endOfFile = this.now() + FILE_BUDGETS * budget;
    for (const [place, { model, report: modelled }] of analysed.entries()) {
      const subject = subjects[place];
      if (!subject || modelled.findings.length === 0) continue;
      const started = this.now();
      for (const { finding, members } of jointFindings(subject.diagnosis.findings)) {
        const targets = members.flatMap((number) => modelled.findings[number] ?? []);
        if (targets.every(({ silenced }) => silenced !== undefined)) continue;
        const end = Math.min(endOfFile, this.now() + FINDING_BUDGETS * budget);
        const isOver = () => this.now() >= end;
        const attempts = tryRemedies({
          files: reading.files,
          models,
          subject,
          finding,
          read: (files, before, stop) =>
            reading.edited(files, stop).withBatch(before.entry, before.trace.plan.batch, inputs.get(before.entry)),
          train: (graph, trainingPlan, stop) =>
            this.analyser.train(graph, trainingPlan, { budget: PROOF_CUT_OFF * budget, signal: stop, proof: true }),
          signal,
          isOver,
        });
        let tried = 0;
        for await (const remedies of attempts) {
          for (const target of targets) target.remedies = reading.inDocument(remedies);
          hooks.progress?.({
            stage: 'proving',
            model: model.name,
            detail: `remedy ${Math.min(++tried, remedies.length)} of ${remedies.length}`,
            fraction: tried / Math.max(1, remedies.length),
          });
          hooks.update?.(report);
        }
        if (modelled.evidence) modelled.evidence.milliseconds.proving = this.now() - started;
      }
    }
  }

  async #model(
    model: ReadModel,
    reading: Reading,
    readingTime: number,
    options: DiagnoseOptions,
    hooks: PipelineHooks,
    signal: AbortSignal | undefined,
  ): Promise<Modelled> {
    const unread = (problem: Parameters<typeof unreadReport>[1]) => ({
      report: unreadReport(model, problem),
      analysis: null,
    });
    if (!model.graph) return unread(model.unread ?? untrainable(model, 'unread', 'The model could not be read.'));
    const budget = (options.budget ?? DEFAULT_BUDGET) * 1000;
    const steps = options.steps ?? DEFAULT_STEPS;
    const { graph, planned, inputs } = await fitted(model.entry, model.graph, reading, {
      steps,
      seeds: [options.seed ?? 0],
      budget,
    });
    const batch = graph.inputs[0]?.shape[0] ?? planned.batch;
    const refused = refusal(graph, planned.steps);
    if (refused !== null)
      return unread({ ...untrainable(model, 'too-large', refused), span: largestPlace(graph) ?? model.span });
    const started = this.now();
    const onStep = (seed: number, step: number) =>
      hooks.progress?.({
        stage: 'training',
        model: model.name,
        detail: `step ${step + 1} of ${planned.steps}, seed ${seed}`,
        fraction: (step + 1) / planned.steps,
      });
    try {
      const analysis = await this.analyser.analyseAsNeeded(
        graph,
        { ...planned, batch },
        { budget: CUT_OFF * budget, onStep, signal },
      );
      const times = { reading: readingTime, training: this.now() - started, proving: 0 };
      return { report: modelReport(model, analysis, times), analysis, inputs };
    } catch (error) {
      if (signal?.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      return unread(untrainable(model, 'not-trainable', `The model was read, but it could not be trained: ${message}`));
    }
  }
}
