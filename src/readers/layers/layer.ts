import type { Initialiser } from '../../graph/initialiser';
import type { SourceSpan } from '../../graph/source';
import type { GraphBuilder, Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import { applyActivation } from './activations';
import { Config } from './config';
import type { Dialect } from './dialect';
import { initialiserName, initialiserOf, isSameScheme } from './initialisers';

/** What a layer is called with beside its tensors. */
export type CallArguments = Readonly<Record<string, unknown>>;

/** Lowers one call of a layer to ops. Weights are made in the framework's own order, at the first call. */
export type LayerRow = (inputs: readonly Tensor[], layer: Layer, call: CallArguments) => Tensor[];

export interface LayerSpec {
  className: string;
  name: string;
  config: Config;
  row: LayerRow;
  trainable: boolean;
  /** See `NewParameter.rank`. */
  rank: number;
  /** Where the weights come from, if they are not drawn. */
  checkpoint?: string | null;
  /** Where the file gives a configuration entry, if it does. */
  spanOf: (entry: string) => SourceSpan | null;
}

/** Makes a wrapped layer (of Bidirectional, TimeDistributed) from its serialised form. */
export type MakeInner = (serialised: Record<string, unknown>, of: LayerSpec) => LayerSpec;

interface WeightOptions {
  /** Entry of the configuration that holds the initialiser. */
  entry: string;
  fallback: string;
  /** [fan-in, fan-out] where Keras tells them by axes instead of by the shape's last two dims. */
  fans?: readonly [number, number] | undefined;
  /** Replaces the configured initialiser (the forget gate's ones). */
  initialiser?: (configured: Initialiser) => Initialiser;
}

/** One layer of a model under construction: its configuration, and its weights once made. */
export class Layer {
  readonly #weights = new Map<string, Tensor>();
  readonly #inner = new Map<string, Layer>();

  constructor(
    readonly b: GraphBuilder,
    readonly dialect: Dialect,
    readonly spec: LayerSpec,
    private readonly makeInner: MakeInner,
  ) {}

  get config(): Config {
    return this.spec.config;
  }

  call(inputs: readonly Tensor[], call: CallArguments = {}): Tensor[] {
    return this.spec.row(inputs, this, call);
  }

  /** The weight `role` (`kernel`), made at the first call and shared by all later ones. */
  weight(role: string, shape: readonly number[], { entry, fallback, fans, initialiser }: WeightOptions): Tensor {
    const known = this.#weights.get(role);
    if (known) {
      if (known.shape.join() !== shape.join())
        throw new Unreadable(
          'shape-mismatch',
          `\`${this.spec.name}\` is called with inputs of different sizes: its ${role} is [${known.shape.join(', ')}], here it would be [${shape.join(', ')}].`,
        );
      return known;
    }
    const given = this.config.has(entry) ? this.config.raw(entry) : fallback;
    const configured = initialiserOf(given, fans ?? shape, this.dialect, shape);
    // A serialised default may go by another name: TensorFlow.js writes every scaled scheme as `VarianceScaling`.
    const isDefault =
      isSameScheme(initialiserName(given), fallback) ||
      JSON.stringify(configured) === JSON.stringify(initialiserOf(fallback, fans ?? shape, this.dialect, shape));
    const drawn = initialiser ? initialiser(configured) : configured;
    const reason = this.spec.checkpoint ?? null;
    const made = this.b.parameter({
      name: `${this.spec.name}/${role}`,
      shape,
      initialiser: reason === null ? drawn : { kind: 'unknown', reason, assumed: drawn },
      initialiserOrigin: reason !== null ? 'checkpoint' : isDefault ? 'default' : 'file',
      initialiserSpan: isDefault ? null : this.spec.spanOf(entry),
      trainable: this.spec.trainable,
      rank: this.spec.rank,
    });
    this.#weights.set(role, made);
    return made;
  }

  /** The configured activation, applied. */
  activate(x: Tensor, entry = 'activation', fallback: unknown = 'linear'): Tensor {
    const given = this.config.has(entry) ? this.config.raw(entry) : fallback;
    return applyActivation(this.b, given, x, this.dialect);
  }

  /** A wrapped layer; `key` tells several ones apart. */
  inner(key: string, serialised: Record<string, unknown>): Layer {
    const known = this.#inner.get(key);
    if (known) return known;
    const made = new Layer(this.b, this.dialect, this.makeInner(serialised, this.spec), this.makeInner);
    this.#inner.set(key, made);
    return made;
  }

  /** The only input, of at least `rank` dims. */
  single(inputs: readonly Tensor[], rank?: number): Tensor {
    const [x] = inputs;
    if (x === undefined || inputs.length > 1)
      throw new Unreadable('bad-call', `\`${this.spec.name}\` takes one input, but is given ${inputs.length}.`);
    if (rank !== undefined && x.shape.length !== rank)
      throw new Unreadable(
        'shape-mismatch',
        `\`${this.spec.name}\` (${this.spec.className}) takes an input with ${rank} dims, batch included; this one is [${x.shape.join(', ')}].`,
      );
    return x;
  }

  /** A scalar of the graph. */
  scalar(value: number): Tensor {
    return this.b.constant([value], []);
  }
}

/** `axis` counted from the front; negative ones count from the end. */
export function axisOf(axis: number, x: Tensor): number {
  const rank = x.shape.length;
  const found = axis < 0 ? axis + rank : axis;
  if (found < 0 || found >= rank)
    throw new Unreadable('bad-argument', `Axis ${axis} does not exist in [${x.shape.join(', ')}].`);
  return found;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

export const batchOf = (x: Tensor): number => x.shape[0] ?? 1;
