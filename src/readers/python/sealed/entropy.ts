/**
 * The only randomness inside the seal: the same bytes at each read, so that an unseeded file still gives the same model.
 * SplitMix32 (a 32-bit variant of Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014).
 */
export class FixedEntropy {
  private state = 0;

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      this.state = (this.state + 0x9e3779b9) | 0;
      let mixed = this.state ^ (this.state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      bytes[i] = (mixed ^ (mixed >>> 15)) & 0xff;
    }
  }

  reset(): void {
    this.state = 0;
  }
}
