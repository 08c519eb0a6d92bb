import type { GraphParameter, ModelGraph } from '../../graph/graph';
import type { Problem, ReadModel, ReadRequest, ReadResult } from '../../graph/reading';
import type { SourceSpan } from '../../graph/source';
import { readKerasJson } from '../kerasJson/kerasJsonReader';
import { Unreadable } from '../unreadable';
import { type Discovered, Discovery } from './discovery';
import { recipeOf } from './recipe';
import type { Failure, FoundModel } from './sandbox/records';
import { Broken, type InterpreterAssets, SealedInterpreter } from './sealed/interpreter';
import { makersOf } from './makers';
import { callersAmong, elementsOf, prepareOthers } from './companions';
import type { CallSite } from './source/callSites';
import type { Declaration } from './source/declarations';
import { withBatch } from './source/directives';
import { checkExpression } from './source/expression';
import { prepare, type Prepared } from './source/prepare';
import { withSpansMapped } from './spans';
import { TOPOLOGY, TopologyText } from './topologyText';
import { DEFAULT_TRACING_LIMITS, Tracing, type TracingLimits } from './tracing';

/** Bytes of WebAssembly memory above which the interpreter is made anew, since its memory never shrinks. */
const LARGEST_HEAP = 64 * 2 ** 20;

/** Reads TensorFlow.js models out of JavaScript and TypeScript by running the files in sealed QuickJS. */
export class JavascriptReader {
  #interpreter: SealedInterpreter | null = null;

  constructor(
    private readonly assets: InterpreterAssets,
    private readonly limits: TracingLimits = DEFAULT_TRACING_LIMITS,
  ) {}

  async start(): Promise<void> {
    this.#interpreter ??= await SealedInterpreter.boot(this.assets);
  }

  /** Every failure of the file's own making is a located problem of the result. */
  async read(request: ReadRequest): Promise<ReadResult> {
    const files = request.files.map(({ path }) => path);
    const empty: ReadResult = {
      problems: [],
      models: [],
      files: [request.path, ...files.filter((path) => path !== request.path)],
    };
    const active = request.files.find(({ path }) => path === request.path);
    if (!active || !mayHoldModel(request.files)) return empty;
    await this.start();
    try {
      return { ...empty, ...this.#read(request, active.text) };
    } catch (error) {
      if (error instanceof Unreadable) return { ...empty, problems: [error.problem(null)] };
      if (!(error instanceof Broken)) throw error;
      this.#interpreter = null;
      return { ...empty, problems: [brokenProblem(request.path)] };
    }
  }

  /** Cleans up after an answer; the next request then finds the interpreter as new. */
  reset(): void {
    if (this.#interpreter && this.#interpreter.heap > LARGEST_HEAP) this.#interpreter = null;
    this.#interpreter?.reset();
  }

  #read(request: ReadRequest, text: string): Pick<ReadResult, 'problems' | 'models'> {
    const interpreter = this.#interpreter;
    if (!interpreter) throw new Broken('not started');
    const sites: CallSite[] = [];
    const wanted = request.entry === undefined ? [] : [request.entry];
    for (const entry of wanted) {
      const wrong = checkExpression(entry);
      if (wrong !== null) throw new Unreadable('bad-entry', `\`${entry}\` is not an expression: ${wrong}.`);
    }
    const given = prepare(request.path, text, [], []).declarations.flatMap((declaration) => {
      const entry = callOf(declaration);
      return entry === null || checkExpression(entry) !== null ? [] : [{ name: declaration.name, entry }];
    });
    const active = prepare(request.path, text, sites, [...wanted, ...given.map(({ entry }) => entry)]);
    const problems: Problem[] = [...active.problems, ...active.faults.map(({ problem }) => problem)];
    const modules = prepareOthers(request, sites, problems);
    const tracing = new Tracing(interpreter, request.path, this.limits);
    tracing.page(elementsOf(request.files));
    if (!tracing.load([active, ...modules])) problems.push(this.#late(tracing, sites));
    const expressions = new Map(
      active.declarations.flatMap((declaration) => {
        const place = given.findIndex(({ name }) => name === declaration.name);
        const entry = given[place]?.entry;
        return entry === undefined ? [] : [[declaration, { number: wanted.length + place, entry }] as const];
      }),
    );
    const { declarations } = active;
    const discovery = new Discovery(tracing, {
      active,
      others: callersAmong(request, modules),
      sites,
      makers: makersOf(request.path, text, sites, declarations),
      given: expressions,
    });
    const { failures } = tracing.state();
    const broken = brokenOf(active, failures, sites, request.path);
    if (request.entry !== undefined) {
      const models = this.#asked(request, request.entry, tracing, discovery, sites, broken);
      return { problems, models };
    }
    discovery.run();
    const models = discovery.found.map((found): ReadModel => {
      const model = readModelOf(found, request, sites);
      // A statement that adds a layer was passed over: what is left is not the model that the file means.
      const isTopLevel = found.declaration?.kind === 'variable';
      return broken && isTopLevel ? { ...model, graph: null, unread: broken } : model;
    });
    for (const { name, entry, span, problem } of discovery.missed)
      models.push({ name, entry, span, framework: 'tfjs', graph: null, unread: problem, guesses: [] });
    const makes = makersOf(request.path, text, sites, declarations).length > 0;
    for (const { failure } of failures)
      if (
        (models.length === 0 && (makes || failure.message.startsWith('InternalError'))) ||
        failure.code === 'unknown-value'
      )
        problems.push(located(failure, sites, request.path));
    return { problems, models };
  }

  #asked(
    request: ReadRequest,
    entry: string,
    tracing: Tracing,
    discovery: Discovery,
    sites: readonly CallSite[],
    broken: Problem | null,
  ): ReadModel[] {
    // Not every model that is found can be made by an expression, and the recipe often stands elsewhere than the model.
    discovery.run();
    const known = discovery.found.find((candidate) => candidate.entry === entry || candidate.name === entry);
    if (known && !broken) return [readModelOf(known, request, sites)];
    const answer = tracing.entry(0);
    const [found] = answer.found;
    if (found && !broken) {
      const { model } = found;
      model.compiled ??=
        discovery.found.find((other) => other.model.stack[0] === model.stack[0])?.model.compiled ?? null;
      return [readModelOf({ name: entry, entry, span: null, model, declaration: null, guess: null }, request, sites)];
    }
    const { failure } = answer;
    const unread = broken ??
      (failure ? located(failure, sites, request.path) : null) ?? {
        code: 'no-model',
        message: `\`${entry}\` makes no TensorFlow.js model.`,
        span: null,
        related: [],
      };
    return [{ name: entry, entry, framework: 'tfjs', span: null, graph: null, unread, guesses: [] }];
  }

  #late(tracing: Tracing, sites: readonly CallSite[]): Problem {
    const site = tracing.state().whereabouts;
    const message = `The file was still running after ${this.limits.load / 1000} s and was stopped; it may hold an endless loop. Export a function that builds the model.`;
    return { code: 'timeout', message, span: site === null ? null : (sites[site]?.span ?? null), related: [] };
  }
}

/** What may have left a model of the top level without a layer: a statement that failed, or one that cannot be parsed. */
function brokenOf(
  active: Prepared,
  failures: readonly { failure: Failure }[],
  sites: readonly CallSite[],
  path: string,
): Problem | null {
  const lost = active.faults.find((fault) => BUILDS.test(fault.lost));
  if (lost) return lost.problem;
  const failed = failures.find(({ failure: { code, site } }) => {
    const text = site === null ? null : (sites[site]?.text ?? null);
    return code === 'unknown-value' || text === null || BUILDS.test(text);
  });
  return failed ? located(failed.failure, sites, path) : null;
}

const BUILDS = /\.(add|apply)\s*\(|\blayers\b|\b(sequential|model)\s*\(/;

/** Running a file that never mentions the library is of no use. */
function mayHoldModel(files: ReadRequest['files']): boolean {
  return files.some(({ text }) => text.includes('@tensorflow/tfjs') || /\btf\.(sequential|model|layers)\b/.test(text));
}

/** The call that a comment asks for. */
function callOf({ access, kind, directive }: Declaration): string | null {
  const given = directive?.given ?? null;
  if (given === null || kind === 'variable') return null;
  return kind === 'class' ? `new ${access}${given}` : `${access}${given}`;
}

function located(
  failure: { code: string; message: string; site: number | null },
  sites: readonly CallSite[],
  path: string,
): Problem {
  const span = failure.site === null ? null : (sites[failure.site]?.span ?? null);
  return { code: failure.code, message: failure.message, span: span ?? startOf(path), related: [] };
}

const startOf = (path: string): SourceSpan => ({
  path,
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
});

const brokenProblem = (path: string): Problem => ({
  code: 'out-of-memory',
  message:
    'Reading was stopped: the code needs more memory or stack than any model definition. Export a function that builds the model.',
  span: startOf(path),
  related: [],
});

/** Lowers what was traced; places in the topology become places in the user's code. */
function readModelOf(found: Discovered, request: ReadRequest, sites: readonly CallSite[]): ReadModel {
  const topology = new TopologyText(found.model.topology, sites);
  const lowered = readKerasJson({
    path: TOPOLOGY,
    files: [{ path: TOPOLOGY, text: topology.text }],
    inputs: request.inputs ?? withBatch(found.declaration?.directive ?? null, request.batch),
    batch: request.batch,
  });
  const { problems, models } = withSpansMapped(lowered, (span) => topology.origin(span));
  const [model] = models;
  const guesses = found.guess === null ? [] : [{ message: found.guess, span: found.span }];
  const frame = { name: found.name, entry: found.entry, framework: 'tfjs' as const, span: found.span };
  if (!model?.graph) {
    const unread = model?.unread ??
      problems[0] ?? { code: 'no-model', message: 'The model has no layers.', span: found.span, related: [] };
    return { ...frame, graph: null, unread: reworded(unread), guesses };
  }
  const graph = completed(model.graph, found.model, sites, guesses);
  return { ...frame, graph, unread: null, guesses: graph.guesses };
}

function completed(
  graph: ModelGraph,
  model: FoundModel,
  sites: readonly CallSite[],
  guesses: ReadModel['guesses'],
): ModelGraph {
  return {
    ...graph,
    parameters: model.weightsSet ? graph.parameters.map(withUnknownStart) : graph.parameters,
    recipe: recipeOf(model.compiled, sites),
    guesses: [...guesses, ...graph.guesses],
  };
}

function withUnknownStart(parameter: GraphParameter): GraphParameter {
  const reason = 'The file sets or loads the weights of this model.';
  return {
    ...parameter,
    initialiser: { kind: 'unknown', reason, assumed: parameter.initialiser },
    initialiserOrigin: 'checkpoint',
  };
}

/** What is said of a layer in a JSON file does not fit one whose code is here. */
function reworded(problem: Problem): Problem {
  if (problem.code !== 'unknown-layer') return problem;
  const name = /`[^`]+`/.exec(problem.message)?.[0] ?? 'This';
  return {
    ...problem,
    message: `${name} is a layer of the file's own, whose \`call\` cannot be followed. Build the model of TensorFlow.js' own layers to have it diagnosed.`,
  };
}
