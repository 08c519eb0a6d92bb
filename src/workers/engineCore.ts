import { performance } from 'node:perf_hooks';
import { Analyser } from '../pipeline/analyse';
import type { DiagnoseRequest } from '../pipeline/options';
import { Pipeline, type PipelineHooks } from '../pipeline/pipeline';
import { TraceCache } from '../pipeline/traceCache';
import type { FileReport } from '../report/report';
import { FileSources } from './fileSources';
import { Readers } from './readers';
import { TrainerClient } from './trainerClient';
import { TrainerPool } from './trainerPool';

export interface EngineSpec {
  /** The folder that holds the bundles, `wasm/` and `python/`. */
  directory: string;
  /** Folders whose modules a file may import. */
  roots: string[];
  /** Training threads. */
  trainers: number;
  log: (message: string) => void;
}

/** A trace of a net with 1,000 values and 31 steps takes about 1.5 MB. */
const TRACES_KEPT = 64;

/** The workers and the pipeline over them; in a thread of its own behind the editor, in process on the command line. */
export class Engine {
  readonly #reader: Readers;
  readonly #trainers: TrainerClient[];
  readonly #pipeline: Pipeline;

  constructor(spec: EngineSpec) {
    this.#reader = new Readers(spec.directory, spec.log);
    this.#trainers = Array.from(
      { length: Math.max(1, spec.trainers) },
      () => new TrainerClient(spec.directory, spec.log),
    );
    const analyser = new Analyser(new TrainerPool(this.#trainers), new TraceCache(TRACES_KEPT));
    this.#pipeline = new Pipeline(this.#reader, analyser, new FileSources(spec.roots), () => performance.now());
  }

  diagnose(request: DiagnoseRequest, hooks: PipelineHooks, signal?: AbortSignal): Promise<FileReport> {
    return this.#pipeline.diagnose(request, hooks, signal);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#reader.dispose(), ...this.#trainers.map((trainer) => trainer.dispose())]);
  }
}
