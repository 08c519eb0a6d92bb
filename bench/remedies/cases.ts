import * as fs from 'node:fs';
import * as path from 'node:path';
import { Analyser } from '../../src/pipeline/analyse';
import { Pipeline } from '../../src/pipeline/pipeline';
import { TraceCache } from '../../src/pipeline/traceCache';
import { applyEdits } from '../../src/remedies/applyEdits';
import { applyToNotebook } from '../../src/remedies/applyToNotebook';
import type { Finding, ModelReport, Remedy } from '../../src/report/report';
import { FileSources } from '../../src/workers/fileSources';
import { Readers } from '../../src/workers/readers';
import { TrainerClient } from '../../src/workers/trainerClient';
import type { ConformanceCase } from '../../test/conformance/case';

/** What was proposed for one case and what the proofs said. */
export interface CaseResult {
  id: string;
  framework: string;
  verdict: string;
  findings: { finding: Finding; remedies: Remedy[] }[];
  /** Where the text with the best remedy was written; null where none was proved. */
  edited: string | null;
  milliseconds: ModelReport['evidence'] extends infer E
    ? E extends { milliseconds: infer M }
      ? M | null
      : null
    : null;
}

/** Seconds a seed: far above the product's, so that what is proved does not hang on how busy the machine is. */
const BUDGET = 30;

const ORDER: Remedy['status'][] = ['proved', 'improves', 'refuted', 'untested'];

/** The best of a finding's remedies: the preferred one, else the first of the best status. */
export function bestOf(remedies: readonly Remedy[]): Remedy | null {
  return [...remedies].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))[0] ?? null;
}

/** Cases with something to cure: unhealthy ones, and those that lose the gradient along time. */
export function needsCure({ health }: ConformanceCase): boolean {
  return health.verdict !== 'healthy' || health.timeVerdict === 'vanishing';
}

/** Diagnoses the cases one after the other as the product does, remedies and proofs included. */
export class RemedyBench {
  readonly #readers: Readers;
  readonly #trainer: TrainerClient;

  constructor(
    dist: string,
    private readonly pack: string,
    /** Where edited texts go. */
    private readonly out: string,
  ) {
    this.#readers = new Readers(dist, () => undefined);
    this.#trainer = new TrainerClient(dist, () => undefined);
  }

  async run(item: ConformanceCase): Promise<CaseResult> {
    const file = path.join(this.pack, item.source);
    const text = fs.readFileSync(file, 'utf8');
    const pipeline = new Pipeline(
      this.#readers,
      new Analyser(this.#trainer, new TraceCache(0)),
      new FileSources([]),
      () => performance.now(),
    );
    const report = await pipeline.diagnose(
      {
        path: file,
        text,
        overlays: [],
        options: { entry: item.entry ?? item.variable, inputs: item.inputs, budget: BUDGET },
      },
      {},
    );
    const model = report.models[0];
    const findings = (model?.findings ?? []).map((finding) => ({ finding, remedies: finding.remedies }));
    const best = bestOf(findings.flatMap(({ remedies }) => remedies.filter(({ status }) => status === 'proved')));
    return {
      id: item.id,
      framework: item.framework,
      verdict: model?.verdict ?? 'unread',
      findings,
      edited: best && this.#write(item, file, text, best),
      milliseconds: model?.evidence?.milliseconds ?? null,
    };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#readers.dispose(), this.#trainer.dispose()]);
  }

  #write(item: ConformanceCase, file: string, text: string, { edits }: Remedy): string | null {
    if (edits.some((edit) => edit.path !== file)) return null;
    const edited = file.endsWith('.ipynb') ? applyToNotebook(text, edits) : applyEdits(text, edits);
    const target = path.join(this.out, `${item.id}${path.extname(file)}`);
    fs.mkdirSync(this.out, { recursive: true });
    fs.writeFileSync(target, edited);
    return target;
  }
}
