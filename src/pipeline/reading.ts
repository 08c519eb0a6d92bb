import type { InputRequest, Problem, ReadModel, ReadResult } from '../graph/reading';
import type { ModelGraph } from '../graph/graph';
import type { ReaderPort } from './ports';
import { withSpans } from '../graph/spans';
import { type CallSites, type SourceSet, withOriginalPaths } from './sources';
import { DEFAULT_BATCH } from '../trace/planning';

export interface ReadOptions {
  entry?: string | undefined;
  inputs?: InputRequest[] | undefined;
  signal?: AbortSignal | undefined;
}

/** Codes of a reading that did not come to its end. */
const CUT_SHORT = new Set(['timeout', 'out-of-memory', 'crashed', 'denied', 'too-deep', 'internal-error']);

/** A reader over one set of sources, as the pipeline asks it: first with the usual batch, then again where the plan wants another. */
export class Reading {
  /** Set once the file was read with them; every later reading then has them too. */
  #callSites: CallSites | null = null;

  constructor(
    private readonly reader: ReaderPort,
    private readonly sources: SourceSet,
    private readonly options: ReadOptions,
  ) {}

  /** All models of the active file (or the one that was asked for), with the usual batch. */
  async models(): Promise<ReadResult> {
    const result = (await this.#withCallSites()) ?? (await this.#models());
    return { ...result, problems: [...(this.sources.problems ?? []), ...result.problems] };
  }

  /** The models as the file and other files of the workspace use them; null where none does, or where they keep it from being read. */
  async #withCallSites(): Promise<ReadResult | null> {
    const found = this.options.inputs === undefined ? await this.sources.callSites?.() : undefined;
    if (!found || found.callers.length === 0) return null;
    this.#callSites = found;
    const result = await this.#models();
    const codes = [...result.problems, ...result.models.flatMap(({ unread }) => unread ?? [])].map(({ code }) => code);
    if (!codes.some((code) => CUT_SHORT.has(code))) return result;
    found.refuse();
    this.#callSites = null;
    return null;
  }

  async #models(): Promise<ReadResult> {
    const result = await this.#read(DEFAULT_BATCH, this.options.entry, rebatched(this.options.inputs, DEFAULT_BATCH));
    const refused = result.models.some((model) => model.graph === null);
    if (this.options.inputs === undefined || !refused) return result;
    // A declared shape may fix the batch (a view with a literal size): then it is taken as it stands.
    const exact = await this.#read(DEFAULT_BATCH, this.options.entry, this.options.inputs);
    return exact.models.some((model) => model.graph !== null) ? exact : result;
  }

  /** The model that `entry` makes, with another batch and perhaps other inputs; or why it cannot be read so. */
  async withBatch(entry: string, batch: number, inputs = this.options.inputs): Promise<ModelGraph | Problem> {
    const result = await this.#read(batch, entry, rebatched(inputs, batch));
    for (const { graph } of result.models) if (graph !== null) return graph;
    const found = await this.#amongAll(entry, batch, inputs);
    if (found) return found;
    const problem = result.models[0]?.unread ?? result.problems[0];
    return problem ?? { code: 'no-model', message: `\`${entry}\` makes no model.`, span: null, related: [] };
  }

  /** Names of models that are no expressions (`default`, `model#1`) mean something only where the file is read as a whole. */
  async #amongAll(entry: string, batch: number, inputs: InputRequest[] | undefined): Promise<ModelGraph | null> {
    if (this.options.entry !== undefined) return null;
    const result = await this.#read(batch, undefined, rebatched(inputs, batch));
    return result.models.find((model) => model.entry === entry)?.graph ?? null;
  }

  /** Whether the caller says what the inputs are. */
  get hasGivenInputs(): boolean {
    return this.options.inputs !== undefined;
  }

  /** The files of this reading under the paths that the user knows, the active one first. */
  get files(): { path: string; text: string }[] {
    return this.#files.map(({ path, text }) => ({ path: this.sources.original(path), text }));
  }

  /** The same reading of other texts; `files` are named and ordered as `files` gives them. */
  edited(files: readonly { path: string; text: string }[], signal: AbortSignal | undefined): Reading {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const change = (held: readonly { path: string; text: string }[]) =>
      held.map(({ path, text }) => ({ path, text: texts.get(this.sources.original(path)) ?? text }));
    // An edit moves the cells below it; the places in an edited notebook are nobody's concern.
    const sources = { ...this.sources, files: change(this.sources.files), places: undefined };
    const edited = new Reading(this.reader, sources, { ...this.options, signal });
    edited.#callSites = this.#callSites && { ...this.#callSites, files: change(this.#callSites.files) };
    return edited;
  }

  /** What was said of the document (spans in the cells of a notebook), said of the texts in `files`. */
  inText<T>(value: T): T {
    const { places } = this.sources;
    return places ? withSpans(value, (span) => places.inModule(span)) : value;
  }

  /** The reverse of `inText`. */
  inDocument<T>(value: T): T {
    const { places } = this.sources;
    return places ? withSpans(value, (span) => places.inCell(span)) : value;
  }

  get #files(): { path: string; text: string }[] {
    return [...this.sources.files, ...(this.#callSites?.files ?? [])];
  }

  async #read(batch: number, entry: string | undefined, inputs: InputRequest[] | undefined): Promise<ReadResult> {
    const request = {
      path: this.sources.active,
      files: this.#files,
      batch,
      ...(this.#callSites ? { callers: this.#callSites.callers } : {}),
      ...(entry === undefined ? {} : { entry }),
      ...(inputs === undefined ? {} : { inputs }),
    };
    const result = await this.reader.read(request, this.options.signal);
    return this.inDocument(withOriginalPaths(result, (path) => this.sources.original(path)));
  }
}

/** The same inputs with `batch` as the first size of each. */
function rebatched(inputs: InputRequest[] | undefined, batch: number): InputRequest[] | undefined {
  return inputs?.map((input) => ({ ...input, shape: [batch, ...input.shape.slice(1)] }));
}

/** A model that was read but cannot be trained here. */
export function untrainable(model: ReadModel, code: string, message: string): Problem {
  return { code, message, span: model.span, related: [] };
}
