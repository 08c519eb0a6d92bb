import { Unreadable } from '../unreadable';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A layer's `config` as the file holds it: plain data under the frameworks' own argument names, read with its types checked. */
export class Config {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  static of(value: unknown): Config {
    return new Config(isRecord(value) ? value : {});
  }

  get all(): Readonly<Record<string, unknown>> {
    return this.values;
  }

  /** The same with more entries, which go before. */
  with(more: Readonly<Record<string, unknown>>): Config {
    return new Config({ ...this.values, ...more });
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }

  has(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== null;
  }

  /** @throws Unreadable unless the entry is a whole number of at least `least`. */
  count(name: string, fallback?: number, least = 1): number {
    const value = this.has(name) ? this.raw(name) : fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw this.#bad(name, `a whole number of at least ${least}`);
  }

  number(name: string, fallback?: number): number {
    const value = this.has(name) ? this.raw(name) : fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.#bad(name, 'a number');
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.has(name) ? this.raw(name) : fallback;
    if (typeof value === 'boolean') return value;
    throw this.#bad(name, 'true or false');
  }

  text(name: string, fallback?: string): string {
    const value = this.has(name) ? this.raw(name) : fallback;
    if (typeof value === 'string') return value;
    throw this.#bad(name, 'a string');
  }

  /** One number for each of `length` dims; a single number stands for all. */
  counts(name: string, length: number, fallback?: number, least = 1): number[] {
    const value = this.has(name) ? this.raw(name) : fallback;
    const list: unknown[] = Array.isArray(value) ? value : Array.from({ length }, () => value);
    const found = list.filter((n): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= least);
    if (found.length === length && list.length === length) return found;
    throw this.#bad(name, `${length} whole number${length === 1 ? '' : 's'} of at least ${least}`);
  }

  /** A list of whole numbers of any length; a single one counts as a list. */
  integers(name: string, fallback?: readonly number[]): number[] {
    const value = this.has(name) ? this.raw(name) : fallback;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const found = list.filter((n): n is number => typeof n === 'number' && Number.isSafeInteger(n));
    if (found.length === list.length) return found;
    throw this.#bad(name, 'whole numbers');
  }

  /** As `integers`, with null for sizes that the file leaves open. */
  integersOrNull(name: string): (number | null)[] {
    const value = this.raw(name);
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const found = list.filter(
      (n): n is number | null => n === null || (typeof n === 'number' && Number.isSafeInteger(n)),
    );
    if (found.length === list.length) return found;
    throw this.#bad(name, 'whole numbers or null');
  }

  /** A nested object: a wrapped layer, an initialiser. */
  record(name: string): Record<string, unknown> {
    const value = this.raw(name);
    if (isRecord(value)) return value;
    throw this.#bad(name, 'an object');
  }

  #bad(name: string, wanted: string): Unreadable {
    const value = this.raw(name);
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 60)}`;
    return new Unreadable('bad-argument', `\`${name}\` ${found}; it must be ${wanted}.`);
  }
}
