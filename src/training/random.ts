/**
 * The seeded generator behind initialisation, data and dropout: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled Linear
 * Pseudorandom Number Generators", 2021), seeded through a 32-bit mixer so that neighbouring seeds are unrelated. Normal
 * draws by the ziggurat in Doornik's form ("An Improved Ziggurat Method to Generate Normal Random Samples", 2005).
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Streams of different `path`s are independent: e.g. `new Random(seed, 1, parameterNumber)`. */
  constructor(...path: number[]) {
    let hash = 0x9e3779b9;
    for (const part of path) hash = mix(hash ^ mix(Math.imul(part, 0x85ebca6b) ^ Math.floor(part / 2 ** 32)));
    this.#a = mix((hash + 0x9e3779b9) | 0);
    this.#b = mix((hash + 0x3c6ef372) | 0);
    this.#c = mix((hash + 0xdaa66d2b) | 0);
    this.#d = mix((hash + 0x78dde6e4) | 0);
  }

  /** A whole number in [0, 2^32). */
  bits(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** U(0, 1), both ends left out, in steps of 2^-32. */
  uniform(): number {
    return (this.bits() + 0.5) / 2 ** 32;
  }

  /** A whole number in [0, limit), without bias. */
  integer(limit: number): number {
    const bound = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const bits = this.bits();
      if (bits < bound) return bits % limit;
    }
  }

  /** N(0, 1) */
  normal(): number {
    for (;;) {
      // Layer and position come from different draws: taking both from one correlates them (Doornik, section 3).
      const u = 2 * this.uniform() - 1;
      const layer = this.bits() & (LAYERS - 1);
      const edge = EDGES[layer] ?? 0;
      if (Math.abs(u) < (RATIOS[layer] ?? 0)) return u * edge;
      if (layer === 0) return this.#tail(u < 0);
      const x = u * edge;
      const above = Math.exp(-0.5 * (edge * edge - x * x));
      const next = EDGES[layer + 1] ?? 0;
      const below = Math.exp(-0.5 * (next * next - x * x));
      if (below + this.uniform() * (above - below) < 1) return x;
    }
  }

  /** The normal's tail beyond the outermost edge (Marsaglia 1964). */
  #tail(negative: boolean): number {
    for (;;) {
      const x = Math.log(this.uniform()) / TAIL;
      const y = Math.log(this.uniform());
      if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
    }
  }
}

/** A bijection of 32-bit numbers in which every input bit moves every output bit (constants of Wellons' hash-prospector). */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}

const LAYERS = 128;
/** Edge of the tail and area of each of the 128 layers. */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const EDGES = edges();
const RATIOS = Float64Array.from({ length: LAYERS }, (_, i) => (EDGES[i + 1] ?? 0) / (EDGES[i] ?? 1));

/** Right edges of the layers, outermost first; the bottom layer's stands for its rectangle and tail together. */
function edges(): Float64Array {
  const x = new Float64Array(LAYERS + 1);
  let density = Math.exp(-0.5 * TAIL * TAIL);
  x[0] = AREA / density;
  x[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    const edge = Math.sqrt(-2 * Math.log(AREA / (x[i - 1] ?? 0) + density));
    x[i] = edge;
    density = Math.exp(-0.5 * edge * edge);
  }
  return x;
}
