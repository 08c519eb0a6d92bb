import type { FoundModel } from './records';
import { isUnknown, type Unknowns } from './unknowns';

const LONGEST = 400;

/** How the file's own functions were called: what a model that one of them makes is built with. */
export class Callers {
  #last = new Map<string, { given: ArrayLike<unknown>; coercions: number }>();

  /** How often something unknown had been counted with when the current top-level statement began. */
  before = 0;

  constructor(private readonly unknowns: Unknowns) {}

  readonly enter = (name: string, given: ArrayLike<unknown>): void => {
    const { coercions } = this.unknowns;
    this.#last.delete(name);
    this.#last.set(name, { given, coercions });
  };

  readonly begin = (): void => {
    this.before = this.unknowns.coercions;
  };

  forget(): void {
    this.before = 0;
    this.#last.clear();
  }

  calls(): FoundModel['calls'] {
    return Object.fromEntries(
      [...this.#last].map(([name, { given, coercions }]) => [name, { given: spelt(Array.from(given)), coercions }]),
    );
  }
}

function spelt(given: readonly unknown[]): string | null {
  const parts = given.map((value) => spell(value, 0));
  const text = parts.every((part) => part !== null) ? `(${parts.join(', ')})` : null;
  return text === null || text.length > LONGEST ? null : text;
}

function spell(value: unknown, depth: number): string | null {
  if (isUnknown(value) || depth > 3) return null;
  if (value === undefined) return 'undefined';
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  if (Array.isArray(value)) {
    const items = value.slice(0, LONGEST).map((item: unknown) => spell(item, depth + 1));
    return items.every((item) => item !== null) ? `[${items.join(', ')}]` : null;
  }
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return null;
  const items = Object.entries(value).map(([name, item]) => {
    const text = spell(item, depth + 1);
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return text === null ? null : `${key}: ${text}`;
  });
  return items.every((item) => item !== null) ? `{${items.join(', ')}}` : null;
}
