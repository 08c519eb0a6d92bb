/** What one request may use of the host. Each has an attack in the tests that runs into it. */
export interface SealLimits {
  /** Bytes of WebAssembly memory; Python raises `MemoryError` beyond. */
  heap: number;
  /** Bytes by which files may grow (they live on the JavaScript heap); Python raises `OSError` (no space left) beyond. */
  files: number;
  /** Files and folders that may be made. */
  fileCount: number;
  /** Bytes of stdout and stderr that are kept; the rest is dropped. */
  output: number;
  /** Bytes of an answer (a graph of 20,000 nodes takes about 10 MB). */
  answer: number;
}

export const DEFAULT_LIMITS: SealLimits = {
  heap: 384 * 2 ** 20,
  files: 64 * 2 ** 20,
  fileCount: 4_096,
  output: 64 * 2 ** 10,
  answer: 64 * 2 ** 20,
};
