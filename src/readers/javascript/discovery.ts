import type { Problem } from '../../graph/reading';
import type { SourcePosition, SourceSpan } from '../../graph/source';
import type { Answer, Failure, FoundModel } from './sandbox/records';
import type { CallSite } from './source/callSites';
import type { Declaration } from './source/declarations';
import type { Tracing } from './tracing';

/** A model that the file builds. */
export interface Discovered {
  name: string;
  /** The expression that makes it. */
  entry: string;
  span: SourceSpan | null;
  model: FoundModel;
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

/** Finds the models of a file: variables, builders without required arguments, classes, and the calls that the file makes. */
export class Discovery {
  readonly found: Discovered[] = [];
  readonly missed: Undiscovered[] = [];

  /** @param given numbers of the expressions of declarations whose arguments a comment gives */
  constructor(
    private readonly tracing: Tracing,
    private readonly declarations: readonly Declaration[],
    private readonly sites: readonly CallSite[],
    private readonly given: ReadonlyMap<Declaration, { number: number; entry: string }>,
  ) {}

  run(): void {
    const { declarations } = this;
    for (const declaration of declarations)
      if (declaration.kind === 'variable')
        this.#take(declaration, declaration.name, this.tracing.variable(declaration.name));
    // What a builder makes counts as its own before it counts as that of a function that calls it.
    for (const own of [true, false])
      for (const declaration of declarations) {
        if (declaration.kind === 'variable') continue;
        const given = this.given.get(declaration);
        if (given) {
          if (own) this.#take(declaration, given.entry, this.tracing.entry(given.number));
        } else if (declaration.required === 0) this.#build(declaration, own);
      }
    for (const declaration of declarations) {
      if (declaration.required === 0 || this.given.has(declaration)) continue;
      if (declaration.kind === 'function') this.#exercise(declaration);
      else this.#miss(declaration, `new ${declaration.name}`, UNSEEN);
    }
    for (const declaration of declarations)
      if (declaration.kind === 'variable') this.#recompile(this.tracing.variable(declaration.name));
    this.#keepRoots();
  }

  #build(declaration: Declaration, own: boolean): void {
    const { name, kind } = declaration;
    const answer = kind === 'class' ? this.tracing.construct(name) : this.tracing.call(name);
    const mine = answer.found.filter(({ model }) => this.#isWithin(model, declaration) === own);
    const entry = kind === 'class' ? `new ${name}()` : `${name}()`;
    this.#take(declaration, entry, { ...answer, found: mine, failure: own ? answer.failure : null });
    if (own) return;
    for (const model of this.tracing.state().made)
      this.#add({ name, entry: name, span: declaration.span, model, guess: guessOf(model) });
  }

  /** Runs a function with unknown arguments to see which builders it calls, and with what. */
  #exercise(declaration: Declaration): void {
    const answer = this.tracing.exercise(declaration.name);
    for (const model of this.tracing.state().made) {
      const call = model.stack
        .map((site) => this.sites[site])
        .find((site) => site?.callee != null && this.declarations.some(({ name }) => name === site.callee));
      const callee = this.declarations.find(({ name }) => name === call?.callee);
      if (call && callee) {
        const guess = isLiteralCall(call.text)
          ? null
          : `\`${call.text}\` was taken from \`${declaration.name}\`, whose own arguments are not known.`;
        if (!model.unsure) this.#add({ name: callee.name, entry: call.text, span: callee.span, model, guess });
      } else if (!model.unsure)
        this.#add({
          name: declaration.name,
          entry: declaration.name,
          span: declaration.span,
          model,
          guess: `The arguments of \`${declaration.name}\` are not known; the model was read without them.`,
        });
    }
    this.#miss(declaration, declaration.name, answer.failure ?? UNSEEN);
  }

  #take(declaration: Declaration, entry: string, answer: Answer): void {
    for (const { path, model } of answer.found)
      this.#add({
        name: path === '' || answer.found.length === 1 ? declaration.name : `${declaration.name}${path}`,
        entry: entry + path,
        span: declaration.span,
        model,
        guess: guessOf(model),
      });
    const { failure } = answer;
    if (answer.found.length === 0 && failure) this.#miss(declaration, entry, failure);
  }

  #add(candidate: Discovered): void {
    const known = this.found.find(({ model }) => model.stack[0] === candidate.model.stack[0]);
    if (!known) this.found.push(candidate);
    else known.model.compiled ??= candidate.model.compiled;
  }

  #recompile({ found }: Answer): void {
    for (const { model } of found) {
      const known = this.found.find((candidate) => candidate.model.stack[0] === model.stack[0]);
      if (known) known.model.compiled ??= model.compiled;
    }
  }

  #miss(declaration: Declaration, entry: string, failure: Failure): void {
    if (!this.#makesModel(declaration) || this.missed.some(({ name }) => name === declaration.name)) return;
    const span = (failure.site === null ? undefined : this.sites[failure.site]?.span) ?? declaration.span;
    const advice =
      declaration.kind !== 'variable' && failure.code === 'unknown-value'
        ? ` If arguments decide it, write \`// gradient-lens: args=(...)\` above \`${declaration.name}\`.`
        : '';
    const problem = { code: failure.code, message: failure.message + advice, span, related: [] };
    this.missed.push({ name: declaration.name, entry, span: declaration.span, problem });
  }

  /** Models inside others are no models of their own; builders that were followed some other way have not been missed. */
  #keepRoots(): void {
    const nested = new Set(this.found.flatMap(({ model }) => model.nested));
    const roots = this.found.filter(({ model }) => !nested.has(model.stack[0] ?? -1));
    this.found.splice(0, Infinity, ...roots);
    const missed = this.missed.filter(({ name }) => {
      const declaration = this.declarations.find((known) => known.name === name);
      return !this.found.some(
        (found) => found.name === name || (declaration && this.#isWithin(found.model, declaration)),
      );
    });
    this.missed.splice(0, Infinity, ...missed);
  }

  #isWithin(model: FoundModel, declaration: Declaration): boolean {
    const site = this.sites[model.stack[0] ?? -1];
    return site !== undefined && isInside(site.span, declaration.extent);
  }

  /** Whether a call that makes a model stands in the declaration: a helper that adds layers is nobody's miss. */
  #makesModel({ extent }: Declaration): boolean {
    return this.sites.some(({ span, text }) => MAKES_MODEL.test(text) && isInside(span, extent));
  }
}

const MAKES_MODEL = /^(new\s+([\w$]+\.)*(Sequential|LayersModel)\b|([\w$]+\.)*(sequential|model)\s*\()/;

function isInside(inner: SourceSpan, outer: SourceSpan): boolean {
  const { start } = inner.range;
  const before = (a: SourcePosition, b: SourcePosition) =>
    a.line < b.line || (a.line === b.line && a.character <= b.character);
  return inner.path === outer.path && before(outer.range.start, start) && before(start, outer.range.end);
}

const UNSEEN: Failure = {
  code: 'unknown-value',
  message: 'How this model is built depends on arguments, and no call with known ones was found.',
  site: null,
};

/** Whether all arguments of a call are written out: names stand only before colons. */
function isLiteralCall(text: string): boolean {
  const plain = text.slice(text.indexOf('(')).replace(/'[^']*'|"[^"]*"/g, '0');
  return !/[A-Za-z_$][\w$]*(?!\s*:)\b/.test(
    plain.replace(/\b(true|false|null|undefined)\b/g, '0').replace(/[A-Za-z_$][\w$]*\s*:/g, ''),
  );
}

const guessOf = (model: FoundModel): string | null =>
  model.unsure
    ? 'A value that is not known here (data, or a package that is not read) was counted with while the model was built.'
    : null;
