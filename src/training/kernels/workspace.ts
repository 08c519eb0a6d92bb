import type { HeapBackend } from './heap';

/** Addresses of consecutive pieces of working memory, 16-byte aligned to each other; good until the next call. */
export function workspace(backend: HeapBackend, bytes: readonly number[]): number[] {
  const aligned = bytes.map((size) => (size + 15) & ~15);
  let next = backend.scratch(aligned.reduce((sum, size) => sum + size, 0));
  return aligned.map((size) => {
    const address = next;
    next += size;
    return address;
  });
}

/** Writes int32s to working memory. */
export function writeInts(backend: HeapBackend, address: number, values: readonly number[]): void {
  new Int32Array(backend.heapMemory.buffer, address, values.length).set(values);
}
