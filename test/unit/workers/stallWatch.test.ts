import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchForStall } from '../../../src/workers/stallWatch';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the watch for a thread that stands still', () => {
  it('tells once after the limit without a beat', () => {
    const stalled = vi.fn();
    watchForStall(() => 7, 800, stalled);
    vi.advanceTimersByTime(799);
    expect(stalled).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(stalled).toHaveBeenCalledOnce();
  });

  it('begins anew with each beat', () => {
    const stalled = vi.fn();
    let beats = 0;
    watchForStall(() => beats, 800, stalled);
    for (let n = 0; n < 10; n++) {
      vi.advanceTimersByTime(700);
      beats++;
    }
    expect(stalled).not.toHaveBeenCalled();
  });

  it('is silent once it is ended', () => {
    const stalled = vi.fn();
    watchForStall(() => 0, 800, stalled)();
    vi.advanceTimersByTime(5_000);
    expect(stalled).not.toHaveBeenCalled();
  });
});
