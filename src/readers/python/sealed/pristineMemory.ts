import type { EmscriptenModule } from './emscripten';

/**
 * The interpreter's memory as it was before foreign code ran. Putting it back is one copy (about 10 ms for 30 MB), and
 * it heals whatever a file did: monkey patches, exhausted recursion limits, a trap in the middle of the interpreter.
 */
export class PristineMemory {
  private readonly bytes: Uint8Array;
  private readonly stackPointer: number;

  constructor(private readonly module: EmscriptenModule) {
    this.bytes = module.HEAPU8.slice();
    this.stackPointer = module.stackSave();
  }

  restore(): void {
    const heap = this.module.HEAPU8;
    heap.set(this.bytes);
    heap.fill(0, this.bytes.length);
    this.module.stackRestore(this.stackPointer);
  }
}
