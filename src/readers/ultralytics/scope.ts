import type { Initialiser } from '../../graph/initialiser';
import type { SourceSpan } from '../../graph/source';
import type { GraphBuilder, Tensor } from '../graphBuilder';

export type Unit = (x: Tensor) => Tensor;
export type Activation = (b: GraphBuilder, x: Tensor) => Tensor;

/** What holds for all modules of one model. */
export interface Settings {
  /** `Conv.default_act`. */
  activation: Activation;
  /** Epsilon of every batch norm. */
  epsilon: number;
  /** Replaces PyTorch's own initialiser of convolution weights. */
  convolution?: Initialiser;
  /** Where the weights come from, if they are not drawn. */
  checkpoint?: string;
}

/**
 * A module under construction: it registers parameters and children in PyTorch's order, which is not the order in which
 * they run. What a child's construction returns is run inside that child.
 */
export class Scope {
  constructor(
    readonly b: GraphBuilder,
    readonly settings: Settings,
    private readonly path: string,
    private readonly span: SourceSpan | null,
    /** Entry of the file whose module the children are. */
    private readonly entry?: string,
  ) {}

  child<A extends unknown[], R>(
    name: string,
    type: string,
    build: (scope: Scope) => (...inputs: A) => R,
    settings = this.settings,
  ): (...inputs: A) => R {
    const path = `${this.path}.${name}`;
    const module = this.b.declare(path, type, this.span, this.entry);
    const run = this.b.within(module, () => build(new Scope(this.b, settings, path, this.span)));
    return (...inputs) => this.b.within(module, () => run(...inputs));
  }

  /** Children `name.0`, `name.1`, ... of an nn.Sequential, one after another. */
  sequence(name: string, builds: readonly { type: string; build: (scope: Scope) => Unit }[]): Unit {
    return this.child(name, 'Sequential', (scope) => {
      const units = builds.map(({ type, build }, i) => scope.child(String(i), type, build));
      return (x) => units.reduce((value, unit) => unit(value), x);
    });
  }

  /** Children `name.0`, `name.1`, ... of an nn.ModuleList. */
  list<T>(
    name: string,
    items: readonly T[],
    type: string,
    build: (scope: Scope, item: T, index: number) => Unit,
  ): Unit[] {
    const module = this.b.declare(`${this.path}.${name}`, 'ModuleList', this.span);
    return this.b.within(module, () => {
      const inner = new Scope(this.b, this.settings, `${this.path}.${name}`, this.span);
      return items.map((item, i) => inner.child(String(i), type, (scope) => build(scope, item, i)));
    });
  }

  parameter(
    name: string,
    shape: readonly number[],
    initialiser: Initialiser,
    more: { trainable?: boolean } = {},
  ): Tensor {
    const { checkpoint } = this.settings;
    return this.b.parameter({
      name: `${this.path}.${name}`,
      shape,
      initialiser:
        checkpoint === undefined ? initialiser : { kind: 'unknown', reason: checkpoint, assumed: initialiser },
      initialiserOrigin: checkpoint === undefined ? 'default' : 'checkpoint',
      ...more,
    });
  }
}

export const repeated = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);
