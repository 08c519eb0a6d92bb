import { Unreadable } from '../unreadable';
import type { Pair } from './torch';

/** A row's arguments after names were looked up: numbers, flags, strings, null and lists of them. */
export class Arguments {
  constructor(
    private readonly module: string,
    private readonly values: readonly unknown[],
  ) {}

  get length(): number {
    return this.values.length;
  }

  /** The arguments from `place` on. */
  after(place: number): Arguments {
    return new Arguments(this.module, this.values.slice(place));
  }

  raw(place: number): unknown {
    return this.values[place];
  }

  /** A whole number of at least `least`. */
  count(place: number, fallback?: number, least = 1): number {
    const value = this.#given(place, fallback);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw this.#bad(place, `a whole number of at least ${least}`);
  }

  number(place: number, fallback?: number): number {
    const value = this.#given(place, fallback);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.#bad(place, 'a number');
  }

  flag(place: number, fallback?: boolean): boolean {
    const value = this.#given(place, fallback);
    if (typeof value === 'boolean') return value;
    // Python takes 0 and -1 for false and true here.
    if (typeof value === 'number') return value !== 0;
    throw this.#bad(place, 'True or False');
  }

  /** One size or two. */
  sizes(place: number, fallback?: number, least = 1): number | Pair {
    const value = this.#given(place, fallback);
    if (Array.isArray(value)) {
      const [a, b] = value as unknown[];
      if (value.length === 2 && typeof a === 'number' && typeof b === 'number') return [a, b];
      throw this.#bad(place, 'one or two whole numbers');
    }
    return this.count(place, fallback, least);
  }

  numbers(place: number, fallback?: readonly number[]): number[] {
    const value = this.#given(place, fallback);
    const list: unknown[] = Array.isArray(value) ? value : [];
    const found = list.filter((n): n is number => typeof n === 'number' && Number.isSafeInteger(n));
    if (found.length > 0 && found.length === list.length) return found;
    throw this.#bad(place, 'a list of whole numbers');
  }

  /** A pair of kernels, each one size or two. */
  kernels(place: number, fallback: readonly [number, number]): [number | Pair, number | Pair] {
    const value = this.values[place];
    if (value === undefined || value === null) return [...fallback];
    const [first, second, ...more] = (Array.isArray(value) ? value : [null, null, null]) as unknown[];
    if (more.length > 0) throw this.#bad(place, 'a pair of kernel sizes');
    const inner = new Arguments(this.module, [first, second]);
    return [inner.sizes(0), inner.sizes(1)];
  }

  /** Number of anchors of each map: given as such, or as a list of widths and heights a map. */
  anchors(place: number): number {
    const value = this.values[place];
    const [first] = (Array.isArray(value) ? value : []) as unknown[];
    if (Array.isArray(first) && first.length >= 2 && first.length % 2 === 0) return first.length / 2;
    return this.count(place);
  }

  #given(place: number, fallback: unknown): unknown {
    return this.values[place] ?? fallback;
  }

  #bad(place: number, wanted: string): Unreadable {
    const value = this.values[place];
    const found = value === undefined ? 'is missing' : `is ${shown(value)}`;
    return new Unreadable('bad-argument', `Argument ${place + 1} of ${this.module} ${found}; it must be ${wanted}.`);
  }
}

/** A value as the file writes it, cut short; what holds itself has no text. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 60);
  } catch {
    return 'a list that holds itself';
  }
}
