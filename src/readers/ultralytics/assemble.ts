import type { ModelGraph } from '../../graph/graph';
import type { ReadRequest } from '../../graph/reading';
import { GraphBuilder, type Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import { parseActivation, silu } from './activation';
import { Arguments } from './arguments';
import { classify, detect, type DetectOptions, detectTwice, orientedBoxes, pose, segment } from './blocks/heads';
import { cbFuse, cbLinear } from './blocks/pyramid';
import type { Configuration, Row } from './document';
import { activationRow, OWN_ROWS, type RowContext, WIDE_ROWS } from './rows';
import type { Scaling } from './scaling';
import { Scope, type Settings } from './scope';
import { concat } from './torch';
import { TORCH_ROWS } from './torchRows';

const DETECTORS = new Set(['Detect', 'v10Detect', 'Segment', 'Pose', 'OBB']);

/** Rows whose output is one tensor, and rows (CBLinear, heads) that give several. */
type Output = readonly Tensor[];

interface Source {
  output: Output;
  /** What the format takes for the width of the output: it need not be true of it. */
  width: number;
}

/** Builds the graph of one configuration at one scale, row after row. */
export class Assembler {
  readonly #b = new GraphBuilder('pytorch');
  readonly #done: Source[] = [];
  readonly #context: RowContext;
  readonly #settings: Settings;
  readonly #legacy: boolean;
  #input: Source = { output: [], width: 3 };

  constructor(
    private readonly configuration: Configuration,
    private readonly scaling: Scaling,
    private readonly request: Pick<ReadRequest, 'inputs' | 'batch'>,
    /** Pixels a side where the request says nothing. */
    private readonly side: number,
  ) {
    const { rows, settings } = configuration;
    const activation = settings.get('activation');
    this.#context = { scale: scaling.scale ?? '', parseActivation };
    // Models other than classifiers set this epsilon for every batch norm once they are built.
    const classifier = rows.at(-1)?.module === 'Classify';
    this.#settings = {
      activation: typeof activation === 'string' ? parseActivation(activation) : silu,
      epsilon: classifier ? 1e-5 : 1e-3,
    };
    this.#legacy = !rows.some(({ module }) => module === 'C3k2' || module === 'A2C2f');
  }

  /** @throws Unreadable at the row that cannot be read. */
  assemble(type: string): ModelGraph {
    const { rows, span } = this.configuration;
    return this.#b.module('', type, span, () => {
      this.#input = this.#readInput();
      for (const [i, row] of rows.entries()) this.#done.push(located(row, () => this.#row(row, i)));
      return this.#b.finish(this.#done.at(-1)?.output ?? []);
    });
  }

  #readInput(): Source {
    const { settings, span } = this.configuration;
    const given = settings.get('ch') ?? settings.get('channels') ?? 3;
    if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < 1)
      throw new Unreadable('bad-argument', '`ch` must be the number of channels of the input.', span);
    const { side } = this;
    const asked = this.request.inputs?.[0];
    if (asked && (asked.shape.length !== 4 || asked.shape[1] !== given))
      throw new Unreadable(
        'shape-mismatch',
        `The input is [batch, ${given}, height, width]; [${asked.shape.join(', ')}] was given.`,
        span,
      );
    const shape = asked?.shape ?? [this.request.batch, given, side, side];
    const tensor = this.#b.input({
      name: 'x',
      shape: [...shape],
      kind: 'float',
      origin: asked ? 'declared' : 'guessed',
      reason: asked
        ? 'The shape was given.'
        : `The file does not say how large pictures are; ${side} x ${side} fits and keeps the measurement short.`,
    });
    if (!asked) this.#b.guess(`Pictures of ${side} x ${side} were taken; the file does not say their size.`, span);
    return { output: [tensor], width: given };
  }

  #row(row: Row, place: number): Source {
    const module = row.module.replace(/^torch\./, '');
    const sources = row.from.map((from) => this.#source(from, place));
    const repeats = row.repeats > 1 ? Math.max(1, pythonRound(row.repeats * this.scaling.depth)) : row.repeats;
    const values = row.arguments.map((value) => this.#lookUp(value));
    const scope = new Scope(this.#b, this.#settings, 'model', row.span);
    const run = (build: (inner: Scope) => (xs: readonly Source[]) => Output, type = module): Output =>
      scope.child(String(place), type, build)(sources);
    if (module === 'Concat') {
      const axis = new Arguments(module, values).count(0, 1, 0);
      const output = run((inner) => (xs) => [
        concat(
          inner,
          xs.flatMap((x) => x.output),
          axis,
        ),
      ]);
      return { output, width: sources.reduce((sum, { width }) => sum + width, 0) };
    }
    if (module === 'CBFuse') {
      const chosen = new Arguments(module, values).numbers(0);
      const output = run((inner) => {
        const fuse = cbFuse(inner, chosen);
        return (xs) => [fuse(xs.map((x) => [...x.output]))];
      });
      return { output, width: sources.at(-1)?.width ?? 1 };
    }
    if (DETECTORS.has(module))
      return { output: run((inner) => this.#detector(inner, module, values, sources)), width: 1 };
    const [source] = sources;
    if (!source || sources.length > 1)
      throw this.#unknown(row.module, WIDE_ROWS[module] !== undefined || TORCH_ROWS[module] !== undefined);
    if (module === 'CBLinear') {
      const a = new Arguments(module, values);
      const output = run((inner) => {
        const linear = cbLinear(inner, source.width, a.numbers(0), a.count(1, 1), a.count(2, 1));
        return () => linear(only(source));
      });
      return { output, width: source.width };
    }
    return this.#single(row, module, source, repeats, values, place, scope);
  }

  /** A module with one input and one output, perhaps several times in a row. */
  #single(
    row: Row,
    module: string,
    source: Source,
    repeats: number,
    values: unknown[],
    place: number,
    scope: Scope,
  ): Source {
    const x = only(source);
    const wide = Object.hasOwn(WIDE_ROWS, module) ? WIDE_ROWS[module] : undefined;
    if (wide || module === 'Classify') {
      const asked = new Arguments(module, values).count(0);
      const classes = this.configuration.settings.get('nc');
      const c2 = asked === classes ? asked : this.scaling.width(asked);
      const rest = new Arguments(module, values.slice(1));
      if (!wide) {
        const build = (inner: Scope) => classify(inner, source.width, c2, rest.count(0, 1), rest.count(1, 1));
        return { output: scope.child(String(place), module, build)([x]), width: c2 };
      }
      const build = (inner: Scope) => wide.build(inner, source.width, c2, rest, repeats, this.#context);
      return { output: [repeat(scope, String(place), module, wide.repeats ? 1 : repeats, build)(x)], width: c2 };
    }
    const a = new Arguments(module, values);
    const own = Object.hasOwn(OWN_ROWS, module) ? OWN_ROWS[module] : undefined;
    if (own) {
      const build = (inner: Scope) => own.build(inner, source.width, a, repeats);
      const width = own.width(a, source.width);
      return { output: [repeat(scope, String(place), module, own.repeats ? 1 : repeats, build)(x)], width };
    }
    const torch = Object.hasOwn(TORCH_ROWS, module) ? TORCH_ROWS[module] : undefined;
    const build = (inner: Scope) => {
      const unit = torch ? torch(inner, source.width, a) : activationRow(module, inner, a);
      if (unit === null) throw this.#unknown(row.module, false);
      return unit;
    };
    const output = repeat(scope, String(place), module.replace(/^nn\./, ''), repeats, build)(x);
    return { output: [output], width: source.width };
  }

  #detector(scope: Scope, module: string, values: unknown[], sources: readonly Source[]): () => Output {
    const a = new Arguments(module, values);
    const features = sources.map(only);
    const height = this.#input.output[0]?.shape[2] ?? 1;
    const options: DetectOptions = {
      classes: a.count(0),
      widths: sources.map(({ width }) => width),
      strides: features.map(({ shape }) => 2 ** Math.round(Math.log2(height / (shape[2] ?? 1)))),
      legacy: this.#legacy,
    };
    const head = {
      Detect: () => detect(scope, options),
      v10Detect: () => detectTwice(scope, options),
      Segment: () => segment(scope, options, a.count(1, 32), this.scaling.width(a.count(2, 256))),
      Pose: () =>
        pose(
          scope,
          options,
          a.numbers(1).reduce((size, n) => size * n, 1),
        ),
      OBB: () => orientedBoxes(scope, options, a.count(1, 1)),
    }[module];
    const made = head?.();
    return () => made?.(features) ?? [];
  }

  #source(from: number, place: number): Source {
    const index = from < 0 ? place + from : from;
    if (place === 0 && from === -1) return this.#input;
    const found = this.#done[index];
    if (index >= place || !found)
      throw new Unreadable('bad-argument', `There is no row ${from} before row ${place} to read from.`);
    return found;
  }

  /** Names in the arguments: `nc`, `kpt_shape`, and Python's constants written as strings. */
  #lookUp(value: unknown): unknown {
    if (typeof value !== 'string') return value;
    if (value === 'None') return null;
    if (value === 'True' || value === 'False') return value === 'True';
    if (['nc', 'kpt_shape', 'ch'].includes(value)) {
      const known = this.configuration.settings.get(value);
      if (known === undefined) throw new Unreadable('bad-argument', `\`${value}\` is not set at the top of the file.`);
      return known;
    }
    return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  }

  #unknown(module: string, several: boolean): Unreadable {
    return several
      ? new Unreadable('bad-argument', `${module} reads from one row, but is given several.`)
      : new Unreadable(
          'unknown-layer',
          `\`${module}\` is not a module that can be read here. Known are those of the shipped configurations up to YOLO12, without text prompts and the RT-DETR decoder, and torch.nn's common ones.`,
        );
  }
}

function repeat(
  scope: Scope,
  name: string,
  type: string,
  n: number,
  build: (inner: Scope) => (x: Tensor) => Tensor,
): (x: Tensor) => Tensor {
  return n > 1
    ? scope.sequence(
        name,
        Array.from({ length: n }, () => ({ type, build })),
      )
    : scope.child(name, type, build);
}

function only({ output }: Source): Tensor {
  const [x] = output;
  if (!x || output.length > 1)
    throw new Unreadable('bad-argument', 'This row reads from one that gives several outputs.');
  return x;
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
    if (error instanceof Unreadable && error.span === null) throw new Unreadable(error.code, error.message, row.span);
    throw error;
  }
}
