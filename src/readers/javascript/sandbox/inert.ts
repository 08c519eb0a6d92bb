const MARK = Symbol('inert');
/** What destructuring takes at most; a loop over something unknown ends after as many rounds. */
const ELEMENTS = 8;

/** Told when something unknown is used as a number, as in the limit of a loop. */
export interface Coercions {
  count: number;
}

export interface Facts {
  shape?: readonly number[];
}

/**
 * Stands for whatever is not read: packages, data, the page. Every property, call and construction gives another such value;
 * as a number it is NaN, so that nothing is ever built with a made-up size.
 */
export function makeInert({ shape }: Facts = {}, coercions: Coercions | null = null): unknown {
  const target = (): undefined => undefined;
  return new Proxy(target, {
    get: (_, key) => {
      if (key === MARK) return true;
      if (key === 'then') return undefined;
      if (key === Symbol.toPrimitive)
        return (hint: string) => {
          if (hint === 'string') return '';
          if (coercions) coercions.count++;
          return NaN;
        };
      if (key === Symbol.iterator)
        return function* () {
          for (let i = 0; i < ELEMENTS; i++) yield makeInert({}, coercions);
        };
      if (key === Symbol.asyncIterator)
        return async function* () {
          await Promise.resolve();
          yield makeInert({}, coercions);
        };
      if (shape && key === 'shape') return [...shape];
      if (shape && key === 'rank') return shape.length;
      if (shape && key === 'size') return shape.reduce((size, n) => size * n, 1);
      return makeInert({}, coercions);
    },
    has: (_, key) => key !== 'then',
    set: () => true,
    defineProperty: () => true,
    deleteProperty: () => true,
    apply: () => makeInert({}, coercions),
    construct: () => makeInert({}, coercions) as object,
    getPrototypeOf: () => Object.prototype,
  });
}

export function isInert(value: unknown): boolean {
  return typeof value === 'function' && (value as unknown as Record<symbol, unknown>)[MARK] === true;
}

/** The path to the first inert value or NaN inside plain data, null where there is none. */
export function unknownIn(value: unknown, path = '', depth = 0): string | null {
  if (isInert(value) || (typeof value === 'number' && Number.isNaN(value))) return path;
  if (typeof value !== 'object' || value === null || depth > 3) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && !Array.isArray(value)) return null;
  for (const [name, item] of Object.entries(value)) {
    const found = unknownIn(item, Array.isArray(value) ? path : path === '' ? name : `${path}.${name}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
