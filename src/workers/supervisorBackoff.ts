export interface BackoffLimits {
  /** Wait before the second attempt, in milliseconds; it doubles with every further failure. */
  first: number;
  longest: number;
  /** Failures in a row after which nothing more is tried. */
  attempts: number;
  /** How long nothing is tried after that, in milliseconds; then one attempt is free again. */
  coolDown: number;
}

export const DEFAULT_BACKOFF: BackoffLimits = { first: 100, longest: 5_000, attempts: 4, coolDown: 30_000 };

/** Counts failures in a row and says how long to wait before the next attempt, or that there is none. */
export class Backoff {
  private failures = 0;
  private lastFailure = 0;

  constructor(
    private readonly limits: BackoffLimits,
    private readonly now: () => number = Date.now,
  ) {}

  failed(): void {
    this.failures += 1;
    this.lastFailure = this.now();
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** True from the last allowed failure until the cool-down is over. */
  get exhausted(): boolean {
    return this.failures >= this.limits.attempts && this.now() - this.lastFailure < this.limits.coolDown;
  }

  /** Milliseconds that are still to pass before the next attempt. */
  get delay(): number {
    if (this.failures === 0 || this.failures >= this.limits.attempts) return 0;
    const wait = Math.min(this.limits.longest, this.limits.first * 2 ** (this.failures - 1));
    return Math.max(0, this.lastFailure + wait - this.now());
  }
}
