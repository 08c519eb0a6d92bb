import type { Problem } from '../../graph/reading';
import type { SourceSpan } from '../../graph/source';
import { enclosing, type Maker } from './makers';
import type { Answer, Failure, FoundModel } from './sandbox/records';
import type { CallSite } from './source/callSites';
import type { Declaration } from './source/declarations';
import type { Prepared } from './source/prepare';
import { isInside } from './spans';
import type { Tracing } from './tracing';

/** A model that the file builds. */
export interface Discovered {
  name: string;
  /** The expression that makes it. */
  entry: string;
  span: SourceSpan | null;
  model: FoundModel;
  declaration: Declaration | null;
  /** What was assumed, if anything. */
  guess: string | null;
}

/** A definition that seems to make a model, and why it could not be followed. */
export interface Undiscovered {
  name: string;
  entry: string;
  span: SourceSpan;
  problem: Problem;
}

export interface Subject {
  active: Prepared;
  /** Modules of the workspace that the active one does not import: they may show how it is used. */
  others: readonly Prepared[];
  sites: readonly CallSite[];
  makers: readonly Maker[];
  /** Numbers of the expressions of declarations whose arguments a comment gives. */
  given: ReadonlyMap<Declaration, { number: number; entry: string }>;
}

/**
 * Finds the models of a file, the surest way first: variables; builders and classes that need no arguments; the calls that the
 * file makes itself, and those of other files; at last, sizes that are not known filled in.
 */
export class Discovery {
  readonly found: Discovered[] = [];
  readonly missed: Undiscovered[] = [];
  readonly #nested = new Set<number>();
  readonly #failures = new Map<Declaration, Failure>();

  /** @param wanted the only calls whose models are looked for; left off, all of them */
  constructor(
    private readonly tracing: Tracing,
    private readonly subject: Subject,
    private readonly wanted: readonly Maker[] | null = null,
  ) {}

  run(): void {
    const { declarations } = this.subject.active;
    for (const declaration of declarations)
      if (declaration.kind === 'variable')
        this.#take(declaration, declaration.name, this.tracing.variable(declaration.name));
    // Before the first builder is called: that begins afresh.
    this.#noteMade();
    // What a builder makes counts as its own before it counts as that of a function that calls it.
    for (const own of [true, false])
      for (const declaration of declarations) {
        if (declaration.kind === 'variable') continue;
        const given = this.subject.given.get(declaration);
        if (given) {
          if (own) this.#take(declaration, given.entry, this.tracing.entry(given.number));
        } else if (declaration.required === 0) this.#build(declaration, own);
      }
    this.#noteMade();
    this.#observe();
    for (const declaration of declarations)
      if (declaration.kind === 'variable') this.#recompile(this.tracing.variable(declaration.name));
    this.#keepRoots();
    this.#listMissed();
  }

  #build(declaration: Declaration, own: boolean): void {
    const { name, kind } = declaration;
    const answer = kind === 'class' ? this.tracing.construct(name) : this.tracing.call(name);
    const mine = answer.found.filter(({ model }) => this.#isWithin(model, declaration) === own);
    const entry = kind === 'class' ? `new ${name}()` : `${name}()`;
    this.#take(declaration, entry, { ...answer, found: mine, failure: own ? answer.failure : null });
    if (!own) this.#noteMade();
  }

  /** The file's own functions and those of other files, run with unknown arguments: they call the builders with known ones. */
  #observe(): void {
    if (!this.#isOpen()) return;
    this.#callBack();
    for (const declaration of this.subject.active.declarations) this.#exercise(declaration, '');
    this.#callBack();
    for (const other of this.subject.others) {
      if (!this.#isOpen()) return;
      this.tracing.runOther(other.path);
      this.#callBack();
      for (const declaration of other.declarations) this.#exercise(declaration, other.path);
      this.#callBack();
    }
  }

  #callBack(): void {
    this.#noteMade();
    while (this.#isOpen()) {
      const { more, changed } = this.tracing.callBack();
      // Telling all models costs more than most callbacks do.
      if (changed) this.#noteMade();
      if (!more) return;
    }
  }

  #exercise(declaration: Declaration, path: string): void {
    if (!this.#isOpen() || declaration.kind === 'variable' || this.subject.given.has(declaration)) return;
    const isOwn = path === '';
    const holds = (extent: SourceSpan) => this.#openMakers().some(({ span }) => isInside(span, extent));
    if (declaration.kind === 'function') {
      if (declaration.required === 0 && isOwn && this.#failures.has(declaration) && this.wanted === null) return;
      this.#noteFailure(declaration, this.tracing.exercise(declaration, path), isOwn);
      return;
    }
    const methods = declaration.methods.filter(
      ({ name, extent }) => !isOwn || holds(extent) || /^(run|main|start|train|init)/i.test(name),
    );
    for (const method of [null, ...methods.slice(0, 12)]) {
      if (!this.#isOpen()) return;
      if (method === null && isOwn && !holds(declaration.extent)) continue;
      this.#noteFailure(declaration, this.tracing.exerciseMethod(declaration, method, path), isOwn);
    }
  }

  #noteFailure(declaration: Declaration, { failure }: Answer, isOwn: boolean): void {
    this.#noteMade();
    if (failure && isOwn && !this.#failures.has(declaration)) this.#failures.set(declaration, failure);
  }

  /** Takes the models that were made by the way: each belongs to the declaration around the call that makes it. */
  #noteMade(): void {
    for (const model of this.tracing.state().made) {
      const site = this.subject.sites[model.stack[0] ?? -1];
      if (site?.span.path !== this.subject.active.path) continue;
      const declaration = enclosing(this.subject.active.declarations, site.span);
      if (declaration === null) this.#addLoose(model, site);
      else if (declaration.kind !== 'variable') this.#addSeen(declaration, model, site);
    }
  }

  /** A model of the top level that no name holds: in a block, or in a function without a name. */
  #addLoose(model: FoundModel, site: CallSite): void {
    const name = site.target ?? 'model';
    if (model.skipped) return;
    this.#add({ name, entry: name, span: site.span, model, declaration: null, guess: guessOf(model, null, null) });
  }

  #addSeen(declaration: Declaration, model: FoundModel, site: CallSite): void {
    const call = model.calls[declaration.name];
    const isUnsure = model.coercions > (call?.coercions ?? 0);
    const given = call?.given ?? (declaration.required === 0 ? '()' : null);
    // Code that depends on something unknown may have left layers out: that is no model to speak of, other than as a guess.
    if ((isUnsure && this.wanted === null) || model.skipped) return;
    // Nor is one where what is not known may have chosen between layers.
    if (given === null && declaration.decides) return;
    const { name, kind } = declaration;
    const several = this.subject.makers.filter((maker) => maker.declaration === declaration).length > 1;
    const own = several && site.target !== null ? `${name}.${site.target}` : name;
    const entry = given === null || own !== name ? own : `${kind === 'class' ? 'new ' : ''}${name}${given}`;
    const method = declaration.methods.find(({ extent }) => isInside(site.span, extent));
    const span = method?.span ?? declaration.span;
    const guess = guessOf(model, given, declaration) ?? (isUnsure ? COUNTED : null);
    this.#add({ name: own, entry, span, model, declaration, guess });
  }

  #take(declaration: Declaration, entry: string, answer: Answer): void {
    for (const { path, model } of answer.found)
      this.#add({
        name: path === '' || answer.found.length === 1 ? declaration.name : `${declaration.name}${path}`,
        entry: entry + path,
        span: declaration.span,
        model,
        declaration,
        guess: guessOf(model, null, declaration),
      });
    const { failure } = answer;
    if (answer.found.length === 0 && failure && !this.#failures.has(declaration))
      this.#failures.set(declaration, failure);
  }

  #add(candidate: Discovered): void {
    if (this.wanted?.every(({ site }) => site !== candidate.model.stack[0]) === true) return;
    const key = candidate.declaration?.kind === 'variable' ? candidate.model.stack.join() : null;
    const place = this.found.findIndex(({ model }) =>
      key === null ? model.stack[0] === candidate.model.stack[0] : model.stack.join() === key,
    );
    const known = this.found[place];
    if (!known) this.found.push(candidate);
    else if (known.guess !== null && candidate.guess === null) this.found[place] = candidate;
    else known.model.compiled ??= candidate.model.compiled;
  }

  #recompile({ found }: Answer): void {
    for (const { model } of found) {
      const known = this.found.find((candidate) => candidate.model.stack[0] === model.stack[0]);
      if (known) known.model.compiled ??= model.compiled;
    }
  }

  /** Calls that no model comes from yet, or only one with a guess where better may be found. */
  #openMakers(): Maker[] {
    const sure = this.found.filter(({ guess }) => guess === null || this.wanted !== null);
    const reached = new Set(sure.flatMap(({ model }) => [model.stack[0] ?? -1, ...model.nested]));
    return (this.wanted ?? this.subject.makers).filter(({ site }) => !reached.has(site));
  }

  #isOpen(): boolean {
    return !this.tracing.isOver && this.#openMakers().length > 0;
  }

  /** Calls that no model came from. */
  open(): Maker[] {
    const reached = new Set(this.found.flatMap(({ model }) => [model.stack[0] ?? -1, ...model.nested]));
    return this.subject.makers.filter(({ site }) => !reached.has(site) && !this.#nested.has(site));
  }

  /** Models inside others are no models of their own. */
  #keepRoots(): void {
    const nested = this.#nested;
    for (const { model } of this.found) model.nested.forEach((site) => nested.add(site));
    // But those that are trained on their own too, as the discriminator of a GAN.
    const roots = this.found.filter(({ model }) => !nested.has(model.stack[0] ?? -1) || model.compiled !== null);
    this.found.splice(0, Infinity, ...roots);
  }

  /** Each declaration that makes a model of which none was found. */
  #listMissed(): void {
    const open = this.open();
    const found = new Set(this.found.map(({ declaration }) => declaration));
    for (const maker of open) {
      const { declaration } = maker;
      if (!declaration) {
        this.#missLoose(maker);
        continue;
      }
      if (found.has(declaration) || this.missed.some(({ name }) => name === declaration.name)) continue;
      const reached = this.found.some(({ model }) => this.#isWithin(model, declaration));
      if (!reached) this.#miss(declaration, maker);
    }
  }

  #missLoose({ site, span }: Maker): void {
    const name = this.subject.sites[site]?.target ?? 'model';
    const message =
      'This model is made in a place that was not reached, or of sizes that are not known here. Move what builds it into a function of its own.';
    if (this.missed.some((known) => known.name === name)) return;
    this.missed.push({ name, entry: name, span, problem: { code: 'not-reached', message, span, related: [] } });
  }

  #miss(declaration: Declaration, maker: Maker): void {
    const { name, kind } = declaration;
    const failure = this.#failures.get(declaration) ?? UNSEEN;
    const place = (failure.site === null ? undefined : this.subject.sites[failure.site]?.span) ?? maker.span;
    const isUnknown = failure.code === 'unknown-value' || declaration.required > 0;
    const asks = kind !== 'variable' && isUnknown && !failure.message.includes(' is loaded');
    const told =
      failure.code === 'unknown-value'
        ? failure.message
        : `\`${name}\` was tried without knowing its arguments, and stopped (${failure.message}).`;
    const problem: Problem = asks
      ? {
          code: 'needs-arguments',
          message: `${told} If arguments decide it, say them: \`// gradient-lens: args=(${declaration.parameters.join(', ')})\` above \`${name}\`.`,
          span: declaration.span,
          related: [{ message: 'It is needed here.', span: place }],
        }
      : { code: failure.code, message: failure.message, span: place, related: [] };
    const entry = kind === 'class' ? `new ${name}` : name;
    this.missed.push({ name, entry, span: declaration.span, problem });
  }

  #isWithin(model: FoundModel, declaration: Declaration): boolean {
    const site = this.subject.sites[model.stack[0] ?? -1];
    return site !== undefined && isInside(site.span, declaration.extent);
  }
}

const UNSEEN: Failure = {
  code: 'unknown-value',
  message: 'How this model is built depends on arguments, and no call with known ones was found.',
  site: null,
};

const COUNTED =
  'A value that is not known here (data, or a package that is not read) was counted with while the model was built.';

function guessOf(model: FoundModel, given: string | null, declaration: Declaration | null): string | null {
  if (model.guessed.length > 0) {
    const names = model.guessed.slice(0, 4).map((item) => `\`${item}\``);
    return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not known here; usual sizes were taken.`;
  }
  const call = declaration ? model.calls[declaration.name] : undefined;
  const isLoose = declaration === null || declaration.kind === 'variable';
  const before = isLoose ? model.before : (call?.coercions ?? 0);
  if (model.coercions > before) return COUNTED;
  return given !== null && (call?.coercions ?? 0) > 0
    ? `\`${declaration?.name ?? ''}${given}\`: these arguments were worked out from values that are not all known here.`
    : null;
}
