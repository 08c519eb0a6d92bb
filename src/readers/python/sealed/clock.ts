/** Midnight UTC, 1 January 2025, in milliseconds. */
const START = Date.UTC(2025, 0, 1);

/**
 * The only clock inside the seal: each look at it moves it by a millisecond. So `time.sleep` and timed loops end, two reads
 * of a file see the same times, and nothing can be timed against the host.
 */
export class VirtualClock {
  private elapsed = 0;

  /** Milliseconds since the epoch. */
  readonly now = (): number => {
    this.elapsed += 1;
    return START + this.elapsed;
  };

  reset(): void {
    this.elapsed = 0;
  }
}
