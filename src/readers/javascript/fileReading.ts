import type { Problem, ReadModel, ReadRequest, ReadResult } from '../../graph/reading';
import type { SourceSpan } from '../../graph/source';
import { Unreadable } from '../unreadable';
import { callersAmong, elementsOf, prepareOthers } from './companions';
import { type Discovered, Discovery, type Subject, type Undiscovered } from './discovery';
import { located, readModelOf } from './lowering';
import { makersOf } from './makers';
import type { Failure } from './sandbox/records';
import type { SealedInterpreter } from './sealed/interpreter';
import type { CallSite } from './source/callSites';
import type { Declaration } from './source/declarations';
import { checkExpression } from './source/expression';
import { LostCode } from './source/lostCode';
import { prepare, type Prepared } from './source/prepare';
import { Tracing, type TracingLimits } from './tracing';

/** Reads the models of one file: once with what is known, and where that leaves models open, once more with sizes filled in. */
export class FileReading {
  readonly #sites: CallSite[] = [];
  readonly #problems: Problem[] = [];
  readonly #active: Prepared;
  readonly #modules: Prepared[];
  readonly #lost: LostCode;
  readonly #subject: Subject;
  readonly #deadline: number;

  /** @throws Unreadable where a syntax error leaves nothing to read. */
  constructor(
    private readonly interpreter: SealedInterpreter,
    private readonly request: ReadRequest,
    text: string,
    private readonly limits: TracingLimits,
  ) {
    this.#deadline = this.interpreter.clock.now() + limits.all;
    const { path, entry } = request;
    const wanted = entry === undefined ? [] : [entry];
    for (const expression of wanted) {
      const wrong = checkExpression(expression);
      if (wrong !== null) throw new Unreadable('bad-entry', `\`${expression}\` is not an expression: ${wrong}.`);
    }
    const given = prepare(path, text, [], []).declarations.flatMap((declaration) => {
      const call = callOf(declaration);
      return call === null || checkExpression(call) !== null ? [] : [{ name: declaration.name, entry: call }];
    });
    this.#active = prepare(path, text, this.#sites, [...wanted, ...given.map((call) => call.entry)]);
    this.#problems.push(...this.#active.problems, ...(this.#active.tree?.faults ?? []).map(({ problem }) => problem));
    this.#modules = prepareOthers(request, this.#sites, this.#problems);
    this.#lost = new LostCode([this.#active, ...this.#modules]);
    const { declarations } = this.#active;
    this.#subject = {
      active: this.#active,
      others: callersAmong(request, this.#modules),
      sites: this.#sites,
      makers: makersOf(path, text, this.#sites, declarations),
      given: new Map(
        declarations.flatMap((declaration) => {
          const place = given.findIndex(({ name }) => name === declaration.name);
          const call = given[place]?.entry;
          return call === undefined ? [] : [[declaration, { number: wanted.length + place, entry: call }] as const];
        }),
      ),
    };
  }

  run(): Pick<ReadResult, 'problems' | 'models'> {
    const { entry, path } = this.request;
    const tracing = this.#load(false);
    const { failures } = tracing.state();
    const broken = brokenOf(failures, this.#sites, path);
    const discovery = new Discovery(tracing, this.#subject);
    discovery.run();
    if (entry !== undefined) {
      const asked = this.#asked(entry, tracing, discovery.found, broken);
      const isOpen = asked.graph === null && broken === null && discovery.open().length > 0;
      const guessed = isOpen ? this.#guessed(discovery, broken).models : [];
      const model = guessed.find((item) => item.entry === entry || item.name === entry) ?? asked;
      return { problems: this.#problems, models: [model] };
    }
    const models = this.#lowered(discovery.found, broken, tracing);
    const guessed =
      discovery.open().length === 0 ? { models: [], missed: discovery.missed } : this.#guessed(discovery, broken);
    models.push(...guessed.models);
    const { missed } = guessed;
    for (const { problem, ...frame } of missed)
      models.push({
        ...frame,
        framework: 'tfjs',
        graph: null,
        unread: this.#lossAt(frame.span) ?? problem,
        guesses: [],
      });
    this.#report(
      failures,
      models.every(({ graph }) => graph === null),
    );
    return { problems: this.#problems, models };
  }

  /** A fresh run of the file with sizes filled in, for the models that are still open. */
  #guessed(before: Discovery, broken: Problem | null): { models: ReadModel[]; missed: Undiscovered[] } {
    if (this.interpreter.clock.now() > this.#deadline) return { models: [], missed: before.missed };
    this.interpreter.reset();
    const tracing = this.#load(true);
    const discovery = new Discovery(tracing, { ...this.#subject, others: [] }, before.open());
    discovery.run();
    const found = new Set(discovery.found.map(({ name }) => name.replace(/\..*/, '')));
    return {
      models: this.#lowered(discovery.found, broken, tracing),
      missed: before.missed.filter(({ name }) => !found.has(name.replace(/\..*/, ''))),
    };
  }

  #load(guessing: boolean): Tracing {
    const tracing = new Tracing(this.interpreter, this.request.path, this.limits, this.#deadline);
    tracing.page(elementsOf(this.request.files));
    if (guessing) tracing.guess();
    if (!tracing.load([this.#active, ...this.#modules]) && !guessing) this.#problems.push(this.#late(tracing));
    return tracing;
  }

  #lowered(found: readonly Discovered[], broken: Problem | null, tracing: Tracing): ReadModel[] {
    return found.map((item): ReadModel => {
      const model = this.#modelOf(item, tracing);
      // A statement that adds a layer was passed over: what is left is not the model that the file means.
      const isTopLevel = item.declaration === null || item.declaration.kind === 'variable';
      return broken && isTopLevel && model.graph ? { ...model, graph: null, unread: broken, guesses: [] } : model;
    });
  }

  #modelOf(item: Discovered, tracing: Tracing): ReadModel {
    const unread = this.#lossOf(item);
    if (!unread) return readModelOf(item, this.request, this.#sites, tracing);
    const { name, entry, span } = item;
    return { name, entry, framework: 'tfjs', span, graph: null, unread, guesses: [] };
  }

  /** A broken statement that the model hangs on, by its name or by any call that made it or a layer of it. */
  #lossOf({ declaration, model }: Discovered): Problem | null {
    const named = declaration ? this.#lost.named(this.request.path, declaration.name) : null;
    if (named) return withLoss(named);
    for (const site of [...model.stack, ...sitesIn(model.topology)]) {
      const span = this.#sites[site]?.span;
      const lost = span ? this.#lossAt(span) : null;
      if (lost) return lost;
    }
    return declaration ? this.#lossAt(declaration.span) : null;
  }

  #lossAt(span: SourceSpan): Problem | null {
    const lost = this.#lost.at(span);
    return lost && withLoss(lost);
  }

  /** One expression alone. Not every model that is found can be made by one, and the recipe often stands elsewhere than the model. */
  #asked(entry: string, tracing: Tracing, all: readonly Discovered[], broken: Problem | null): ReadModel {
    const known = all.find((candidate) => candidate.entry === entry || candidate.name === entry);
    if (known && !broken) return this.#modelOf(known, tracing);
    const answer = tracing.entry(0);
    const [found] = answer.found;
    if (found && !broken) {
      const { model } = found;
      model.compiled ??= all.find((other) => other.model.stack[0] === model.stack[0])?.model.compiled ?? null;
      const item = { name: entry, entry, span: null, model, declaration: null, guess: null };
      return this.#modelOf(item, tracing);
    }
    const { failure } = answer;
    const unread = broken ??
      (failure ? located(failure, this.#sites, this.request.path) : null) ?? {
        code: 'no-model',
        message: `\`${entry}\` makes no TensorFlow.js model.`,
        span: null,
        related: [],
      };
    return { name: entry, entry, framework: 'tfjs', span: null, graph: null, unread, guesses: [] };
  }

  /** Failures of the top level, where they explain why no model is there. */
  #report(failures: readonly { failure: Failure }[], isEmpty: boolean): void {
    const makes = this.#subject.makers.length > 0;
    for (const { failure } of failures) {
      const isSpent = failure.code === 'too-deep' || failure.message.startsWith('InternalError');
      const explains = isEmpty && (makes || isSpent);
      if (explains || failure.code === 'unknown-value')
        this.#problems.push(located(failure, this.#sites, this.request.path));
    }
  }

  #late(tracing: Tracing): Problem {
    const site = tracing.state().whereabouts;
    const message = `The file was still running after ${this.limits.load / 1000} s and was stopped; it may hold an endless loop. Export a function that builds the model.`;
    return { code: 'timeout', message, span: site === null ? null : (this.#sites[site]?.span ?? null), related: [] };
  }
}

/** What may have left a model of the top level without a layer: a statement that failed. */
function brokenOf(failures: readonly { failure: Failure }[], sites: readonly CallSite[], path: string): Problem | null {
  const failed = failures.find(({ failure: { code, site } }) => {
    const text = site === null ? null : (sites[site]?.text ?? null);
    return code === 'unknown-value' || text === null || BUILDS.test(text);
  });
  return failed ? located(failed.failure, sites, path) : null;
}

const withLoss = (problem: Problem): Problem => ({
  ...problem,
  message: `This model hangs on code that cannot be parsed (${problem.message.replace(/\.$/, '')}), and is read again once that is mended.`,
});

/** Call sites of all layers of a topology. */
function sitesIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
    name === '__site' ? (typeof item === 'number' ? [item] : []) : sitesIn(item),
  );
}

const BUILDS = /\.(add|apply)\s*\(|\blayers\b|\b(sequential|model)\s*\(/;

/** The call that a comment asks for. */
function callOf({ access, kind, directive }: Declaration): string | null {
  const given = directive?.given ?? null;
  if (given === null || kind === 'variable') return null;
  return kind === 'class' ? `new ${access}${given}` : `${access}${given}`;
}
