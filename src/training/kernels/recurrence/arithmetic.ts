import type { HeapBackend } from '../heap';

/** Elementwise arithmetic on blocks of `size` floats at byte addresses; blocks may be the same, not overlap in part. */
export class Arithmetic {
  readonly #heap: Float32Array;

  /** The heap must not grow while this is used. */
  constructor(
    backend: HeapBackend,
    private readonly size: number,
  ) {
    this.#heap = new Float32Array(backend.heapMemory.buffer);
  }

  #each(a: number, b: number, to: number, rule: (x: number, y: number) => number): void {
    const heap = this.#heap;
    const [i, j, k] = [a >>> 2, b >>> 2, to >>> 2];
    for (let n = 0; n < this.size; n++) heap[k + n] = rule(heap[i + n] ?? NaN, heap[j + n] ?? NaN);
  }

  /** to = a * b */
  multiply(a: number, b: number, to: number): void {
    const heap = this.#heap;
    const [i, j, k] = [a >>> 2, b >>> 2, to >>> 2];
    for (let n = 0; n < this.size; n++) heap[k + n] = (heap[i + n] ?? NaN) * (heap[j + n] ?? NaN);
  }

  /** to += a * b */
  multiplyAdd(a: number, b: number, to: number): void {
    const heap = this.#heap;
    const [i, j, k] = [a >>> 2, b >>> 2, to >>> 2];
    for (let n = 0; n < this.size; n++)
      heap[k + n] = (heap[k + n] ?? NaN) + (heap[i + n] ?? NaN) * (heap[j + n] ?? NaN);
  }

  /** to += a */
  add(a: number, to: number): void {
    this.#each(a, to, to, (x, y) => x + y);
  }

  /** to = a - b */
  subtract(a: number, b: number, to: number): void {
    this.#each(a, b, to, (x, y) => x - y);
  }

  negate(a: number, to: number): void {
    this.#each(a, a, to, (x) => -x);
  }

  /** to = 1 - a */
  complement(a: number, to: number): void {
    this.#each(a, a, to, (x) => 1 - x);
  }

  copy(a: number, to: number): void {
    this.#heap.copyWithin(to >>> 2, a >>> 2, (a >>> 2) + this.size);
  }

  zero(to: number): void {
    this.#heap.fill(0, to >>> 2, (to >>> 2) + this.size);
  }

  largest(a: number): number {
    const heap = this.#heap;
    let result = 0;
    for (let n = a >>> 2; n < (a >>> 2) + this.size; n++) result = Math.max(result, Math.abs(heap[n] ?? NaN));
    return result;
  }

  sumOfSquares(a: number): number {
    const heap = this.#heap;
    let sum = 0;
    for (let n = a >>> 2; n < (a >>> 2) + this.size; n++) sum += (heap[n] ?? NaN) ** 2;
    return sum;
  }

  /** a *= 2^exponent; what would be denormal becomes zero, because denormals slow every later product two hundredfold. */
  scale(a: number, exponent: number): void {
    if (exponent === 0) return;
    const heap = this.#heap;
    // In two steps: 2^exponent itself may lie outside float64.
    const half = Math.max(-1000, Math.min(1000, Math.trunc(exponent / 2)));
    const [first, second] = [2 ** half, 2 ** Math.max(-1000, Math.min(1000, exponent - half))];
    for (let n = a >>> 2; n < (a >>> 2) + this.size; n++) {
      const value = (heap[n] ?? NaN) * first * second;
      heap[n] = Math.abs(value) < 2 ** -126 ? 0 : value;
    }
  }
}
