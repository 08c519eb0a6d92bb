/** Memory shared by the interpreter's thread and its keeper: where the file stands, and the wish that it stop. */

const HEADER_WORDS = 3;
const SIGNAL = 0;
const LENGTH = 1;
const BEATS = 2;
const CAPACITY = 4_096;
const SIGINT = 2;

export interface Whereabouts {
  path: string;
  /** One-based. */
  line: number;
}

export class SharedWhereabouts {
  private readonly header: Int32Array;
  private readonly text: Uint8Array;

  constructor(readonly buffer = new SharedArrayBuffer(HEADER_WORDS * 4 + CAPACITY)) {
    this.header = new Int32Array(buffer, 0, HEADER_WORDS);
    this.text = new Uint8Array(buffer, HEADER_WORDS * 4);
  }

  /** Called by the keeper: the interpreter's signal handler runs at the next bytecode that looks. */
  interrupt(): void {
    Atomics.store(this.header, SIGNAL, SIGINT);
  }

  clear(): void {
    Atomics.store(this.header, SIGNAL, 0);
    Atomics.store(this.header, LENGTH, 0);
  }

  /** Called by CPython every few bytecodes: the number of a signal, or 0. */
  readonly takeSignal = (): number => {
    Atomics.add(this.header, BEATS, 1);
    return Atomics.exchange(this.header, SIGNAL, 0);
  };

  /** Grows as long as the interpreter gets from one bytecode to the next; stands still in a long call of C. */
  readonly beats = (): number => Atomics.load(this.header, BEATS);

  /** Takes `path:line`. */
  readonly receive = (bytes: Uint8Array): void => {
    if (bytes.length > CAPACITY) return;
    this.text.set(bytes);
    Atomics.store(this.header, LENGTH, bytes.length);
  };

  /** The line that was reached last, or null before the first. */
  read(): Whereabouts | null {
    const text = new TextDecoder().decode(this.text.slice(0, Atomics.load(this.header, LENGTH)));
    const colon = text.lastIndexOf(':');
    const line = Number(text.slice(colon + 1));
    return colon > 0 && Number.isInteger(line) && line >= 1 ? { path: text.slice(0, colon), line } : null;
  }
}
