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

  #given(place: number, fallback: unknown): unknown {
    return this.values[place] ?? fallback;
  }

  #bad(place: number, wanted: string): Unreadable {
    const value = this.values[place];
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 60)}`;
    return new Unreadable('bad-argument', `Argument ${place + 1} of ${this.module} ${found}; it must be ${wanted}.`);
  }
}
