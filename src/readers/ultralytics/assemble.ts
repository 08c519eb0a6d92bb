import type { ModelGraph } from '../../graph/graph';
import type { ReadRequest } from '../../graph/reading';
import { GraphBuilder } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import { parseActivation, silu } from './activation';
import { Arguments } from './arguments';
import type { AreaForm } from './blocks/areaAttention';
import { classify } from './blocks/heads';
import { cbLinear } from './blocks/pyramid';
import { type Family, type ModelContext, TextFeatures } from './context';
import type { Configuration, Row } from './document';
import { readInput, readText, wantsText } from './inputs';
import { JOINING_ROWS, only, type Source } from './joining';
import { parseLiteral } from './literal';
import { activationRow, OWN_ROWS, WIDE_ROWS } from './rows';
import type { Scaling } from './scaling';
import { Scope, type Settings, type Unit } from './scope';
import { TORCH_ROWS } from './torchRows';

/** More units in a row than any model has; each is built one by one. */
const MOST_REPEATS = 1000;
/** The largest shipped configuration has 2,500. */
const MOST_NODES = 200_000;

export interface AssemblyOptions {
  configuration: Configuration;
  scaling: Scaling;
  request: Pick<ReadRequest, 'inputs' | 'batch'>;
  /** Pixels a side where the request says nothing. */
  side: number;
  areaForm: AreaForm;
}

/** Builds the graph of one configuration at one scale, row after row. */
export class Assembler {
  readonly #b = new GraphBuilder('pytorch');
  readonly #done: Source[] = [];
  readonly #context: ModelContext;
  readonly #settings: Settings;
  #input: Source = { output: [], width: 3 };

  constructor(private readonly options: AssemblyOptions) {
    const { rows, settings } = options.configuration;
    const activation = settings.get('activation') ?? null;
    if (activation !== null && typeof activation !== 'string')
      throw new Unreadable('bad-argument', '`activation` must be a call in quotes or plain, such as nn.SiLU().');
    this.#context = {
      scaling: options.scaling,
      parseActivation,
      family: familyOf(rows),
      areaForm: options.areaForm,
      legacy: !rows.some(({ module }) => module === 'C3k2' || module === 'A2C2f'),
      pictureHeight: 1,
      smallestMap: options.request.inputs ? 1 : 2,
      previousWidth: 3,
      text: new TextFeatures(512),
    };
    // Models other than classifiers set this epsilon for every batch norm once they are built.
    const classifier = rows.at(-1)?.module === 'Classify';
    this.#settings = {
      activation: activation === null ? silu : parseActivation(activation),
      epsilon: classifier ? 1e-5 : 1e-3,
    };
  }

  /** @throws Unreadable at the row that cannot be read. */
  assemble(type: string): ModelGraph {
    const { configuration } = this.options;
    const { rows, span } = configuration;
    return this.#b.module('', type, span, () => {
      const x = readInput(this.#b, this.options);
      this.#input = { output: [x], width: x.shape[1] ?? 3 };
      this.#context.pictureHeight = x.shape[2] ?? 1;
      this.#context.previousWidth = this.#input.width;
      if (wantsText(configuration)) this.#context.text = readText(this.#b, this.options);
      for (const [i, row] of rows.entries()) {
        const source = located(row, () => this.#row(row, i));
        this.#done.push(source);
        if (this.#b.nodeCount > MOST_NODES)
          throw new Unreadable(
            'too-large',
            `${row.place}: up to here there are more than ${MOST_NODES} operations.`,
            row.span,
          );
        this.#context.previousWidth = source.width;
      }
      return this.#b.finish(this.#done.at(-1)?.output ?? []);
    });
  }

  #row(row: Row, place: number): Source {
    const module = row.module.replace(/^torch\./, '');
    const sources = row.from.map((from) => this.#source(from, place));
    const values = row.arguments.map((value) => this.#lookUp(value));
    const scope = new Scope(this.#b, this.#settings, 'model', row.span, row.place);
    const a = new Arguments(module, values);
    const joining = Object.hasOwn(JOINING_ROWS, module) ? JOINING_ROWS[module] : undefined;
    if (joining) {
      const build = (inner: Scope) => joining.build(inner, sources, a, this.#context);
      return { output: scope.child(String(place), module, build)(), width: joining.width(sources, this.#context) };
    }
    const [source] = sources;
    if (!source || sources.length > 1) throw this.#unknown(row.module, isKnown(module));
    if (module === 'CBLinear') {
      const build = (inner: Scope) => cbLinear(inner, source.width, a.numbers(0), a.count(1, 1), a.count(2, 1));
      return { output: scope.child(String(place), module, build)(only(source)), width: source.width };
    }
    if (module === 'Index') {
      const chosen = source.output[a.count(1, 0, 0)];
      if (!chosen)
        throw new Unreadable(
          'bad-argument',
          `Index takes output ${a.count(1, 0, 0)} of a row with ${source.output.length}.`,
        );
      return { output: [chosen], width: a.count(0) };
    }
    return this.#single(row, module, source, a, place, scope);
  }

  /** A module with one input and one output, perhaps several times in a row. */
  #single(row: Row, module: string, source: Source, a: Arguments, place: number, scope: Scope): Source {
    const repeats = this.#repeats(row);
    const x = only(source);
    const name = String(place);
    const wide = Object.hasOwn(WIDE_ROWS, module) ? WIDE_ROWS[module] : undefined;
    if (wide || module === 'Classify') {
      const c2 = this.#width(a.count(0));
      const rest = a.after(1);
      if (!wide) {
        const build = (inner: Scope) => classify(inner, source.width, c2, rest.count(0, 1), rest.count(1, 1));
        return { output: scope.child(name, module, build)([x]), width: c2 };
      }
      const build = (inner: Scope) => wide.build(inner, source.width, c2, rest, repeats, this.#context);
      return { output: [repeat(scope, name, module, wide.repeats ? 1 : repeats, build)(x)], width: c2 };
    }
    const own = Object.hasOwn(OWN_ROWS, module) ? OWN_ROWS[module] : undefined;
    if (own) {
      const build = (inner: Scope) => own.build(inner, source.width, a, repeats);
      const width = own.width(a, source.width);
      return { output: [repeat(scope, name, module, own.repeats ? 1 : repeats, build)(x)], width };
    }
    const torch = Object.hasOwn(TORCH_ROWS, module) ? TORCH_ROWS[module] : undefined;
    const build = (inner: Scope) => {
      const unit = torch ? torch(inner, source.width, a) : activationRow(module, inner, a);
      if (unit === null) throw this.#unknown(row.module, false);
      return unit;
    };
    return { output: [repeat(scope, name, module.replace(/^nn\./, ''), repeats, build)(x)], width: source.width };
  }

  /** The width that is as large as there are classes is not scaled; with anchors, that of all their numbers. */
  #width(asked: number): number {
    const { settings } = this.options.configuration;
    const classes = settings.get('nc');
    if (this.#context.family === 'ultralytics') return asked === classes ? asked : this.options.scaling.width(asked);
    const anchors = new Arguments('anchors', [settings.get('anchors') ?? 3]).anchors(0);
    const numbers = typeof classes === 'number' ? anchors * (classes + 5) : 0;
    return asked === numbers ? asked : this.options.scaling.width(asked);
  }

  #repeats({ repeats, module }: Row): number {
    const scaled = repeats > 1 ? Math.max(1, pythonRound(repeats * this.options.scaling.depth)) : repeats;
    if (Number.isSafeInteger(scaled) && scaled >= 0 && scaled <= MOST_REPEATS) return scaled;
    throw new Unreadable(
      'bad-argument',
      `${module} is to be repeated ${scaled} times; repeats must be a whole number up to ${MOST_REPEATS}.`,
    );
  }

  #source(from: number, place: number): Source {
    const index = from < 0 ? place + from : from;
    if (place === 0 && from === -1) return this.#input;
    const found = this.#done[index];
    if (index >= place || !found)
      throw new Unreadable(
        'bad-argument',
        place === 0
          ? `The first row reads the picture: its \`from\` must be -1, not ${from}.`
          : `There is no row ${from} before row ${place} to read from; rows 0 to ${place - 1} are.`,
      );
    return found;
  }

  /** Names in the arguments: settings of the file such as `nc`, and Python's values written as strings. */
  #lookUp(value: unknown): unknown {
    if (typeof value !== 'string') return value;
    const known = this.options.configuration.settings.get(value);
    if (known !== undefined && value !== 'scales' && value !== 'activation') return known;
    if (['nc', 'kpt_shape', 'ch', 'anchors'].includes(value))
      throw new Unreadable(
        'bad-argument',
        `\`${value}\` is not set at the top of the file. Add a line \`${value}: ...\`.`,
      );
    return parseLiteral(value);
  }

  #unknown(module: string, several: boolean): Unreadable {
    return several
      ? new Unreadable('bad-argument', `${module} reads from one row, but is given several.`)
      : new Unreadable(
          'unknown-layer',
          `\`${module}\` is not a module that can be read from YAML: its code is not in this file. Open Python code that builds the model instead, or use a module of the Ultralytics package.`,
        );
  }
}

const isKnown = (module: string) =>
  [WIDE_ROWS, OWN_ROWS, TORCH_ROWS].some((table) => Object.hasOwn(table, module)) || module === 'Classify';

/** Heads with anchors are those of YOLOv5's repository. */
function familyOf(rows: readonly Row[]): Family {
  const head = rows.find(({ module }) => module === 'Detect' || module === 'Segment');
  const anchors = head?.arguments[1];
  const isAnchored = anchors === 'anchors' || Array.isArray(anchors);
  return isAnchored ? 'yolov5' : 'ultralytics';
}

/** The module as it is, or `n` of it one after another. */
function repeat(scope: Scope, name: string, type: string, n: number, build: (inner: Scope) => Unit): Unit {
  if (n <= 1) return scope.child(name, type, build);
  return scope.sequence(
    name,
    Array.from({ length: n }, () => ({ type, build })),
  );
}

/** Python rounds halves to the even neighbour. */
export function pythonRound(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

function located<T>(row: Row, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof Unreadable && error.span === null)
      throw new Unreadable(error.code, `${row.place} (${row.module}): ${error.message}`, row.span);
    throw error;
  }
}
