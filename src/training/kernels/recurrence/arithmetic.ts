import type { HeapBackend } from '../heap';

/** Elementwise arithmetic on blocks of `size` floats at byte addresses; blocks may be the same, not overlap in part. */
export class Arithmetic {
  readonly #heap: Float32Array;

  /** The heap must not grow while this is used. */
  constructor(
    private readonly backend: HeapBackend,
    private readonly size: number,
  ) {
    this.#heap = new Float32Array(backend.heapMemory.buffer);
  }

  #each(a: number, to: number, rule: (x: number) => number): void {
    const heap = this.#heap;
    const [i, k] = [a >>> 2, to >>> 2];
    for (let n = 0; n < this.size; n++) heap[k + n] = rule(heap[i + n] ?? NaN);
  }

  /** to = a * b */
  multiply(a: number, b: number, to: number): void {
    this.backend.kernels.multiplyRun(a, 1, b, 1, to, this.size);
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
    this.backend.kernels.addRun(a, 1, to, 1, to, this.size);
  }

  /** to = a - b */
  subtract(a: number, b: number, to: number): void {
    this.backend.kernels.subtractRun(a, 1, b, 1, to, this.size);
  }

  negate(a: number, to: number): void {
    this.#each(a, to, (x) => -x);
  }

  /** to = 1 - a */
  complement(a: number, to: number): void {
    this.#each(a, to, (x) => 1 - x);
  }

  copy(a: number, to: number): void {
    this.#heap.copyWithin(to >>> 2, a >>> 2, (a >>> 2) + this.size);
  }

  zero(to: number): void {
    this.#heap.fill(0, to >>> 2, (to >>> 2) + this.size);
  }

  largest(a: number): number {
    return this.backend.kernels.largest(a, this.size);
  }

  sumOfSquares(a: number): number {
    return this.backend.kernels.sumOfSquares(a, this.size);
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
