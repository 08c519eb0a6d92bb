import type { DType } from '../../../graph/graph';
import type { GraphBuilder, Tensor } from '../../graphBuilder';
import { Config } from '../../layers/config';
import { Unreadable } from '../../unreadable';

/** One kernel call under translation: its inputs by TensorFlow.js' names, and the shapes of what it gives. */
export class KernelCall {
  readonly config: Config;

  constructor(
    readonly b: GraphBuilder,
    readonly kernel: string,
    private readonly named: readonly { name: string; tensor: Tensor }[],
    readonly attributes: Readonly<Record<string, unknown>>,
    readonly outputs: readonly { shape: number[]; dtype: DType }[],
  ) {
    this.config = new Config(attributes);
  }

  /** All inputs in order. */
  get inputs(): Tensor[] {
    return this.named.map(({ tensor }) => tensor);
  }

  input(name: string): Tensor {
    const found = this.optional(name);
    if (!found) throw this.refusal();
    return found;
  }

  optional(name: string): Tensor | null {
    return this.named.find((input) => input.name === name)?.tensor ?? null;
  }

  /** The only input, whatever its name. */
  get x(): Tensor {
    const [first] = this.named;
    if (!first) throw this.refusal();
    return first.tensor;
  }

  get shape(): number[] {
    return this.outputs[0]?.shape ?? [];
  }

  get dtype(): DType {
    return this.outputs[0]?.dtype ?? 'float';
  }

  /** Axes of an attribute, counted from the front; all of them where it is left off. */
  axes(...names: string[]): number[] {
    const rank = this.x.shape.length;
    const given = names.map((name) => this.attributes[name]).find((value) => value !== undefined && value !== null);
    const list: unknown[] = given === undefined ? Array.from({ length: rank }, (_, i) => i) : [given].flat();
    return list.map((axis) => {
      if (typeof axis !== 'number' || !Number.isInteger(axis) || axis < -rank || axis >= rank) throw this.refusal();
      return axis < 0 ? axis + rank : axis;
    });
  }

  axis(name: string): number {
    const [axis] = this.axes(name);
    if (axis === undefined) throw this.refusal();
    return axis;
  }

  /** Whole numbers of an attribute that is a list, or one number for each of `length`. */
  numbers(name: string, length?: number): number[] {
    const given = this.attributes[name];
    const list: unknown[] = Array.isArray(given) ? given.flat() : Array.from({ length: length ?? 1 }, () => given);
    return list.map((item) => {
      if (typeof item !== 'number' || !Number.isSafeInteger(item)) throw this.refusal();
      return item;
    });
  }

  refusal(): Unreadable {
    return new Unreadable(
      'unsupported',
      `\`${this.kernel}\` of TensorFlow.js cannot be followed with these arguments, so the model cannot be diagnosed.`,
    );
  }
}

/** Translates a kernel call into nodes. @throws Unreadable for arguments that it has no nodes for */
export type KernelRow = (call: KernelCall) => Tensor[];
