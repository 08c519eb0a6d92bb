import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchForStall } from '../../../src/workers/stallWatch';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const clock = { now: () => Date.now() };

describe('the watch for a thread that stands still', () => {
  it('tells once after the limit without a beat', () => {
    const stalled = vi.fn();
    watchForStall(() => 7, 800, stalled, clock);
    vi.advanceTimersByTime(799);
    expect(stalled).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(stalled).toHaveBeenCalledOnce();
  });

  it('begins anew with each beat', () => {
    const stalled = vi.fn();
    let beats = 0;
    watchForStall(() => beats, 800, stalled, clock);
    for (let n = 0; n < 10; n++) {
      vi.advanceTimersByTime(700);
      beats++;
    }
    expect(stalled).not.toHaveBeenCalled();
  });

  it('is silent once it is ended', () => {
    const stalled = vi.fn();
    watchForStall(() => 0, 800, stalled, clock)();
    vi.advanceTimersByTime(5_000);
    expect(stalled).not.toHaveBeenCalled();
  });

  it('gives a thread that gets half of the time twice as long', () => {
    const stalled = vi.fn();
    watchForStall(() => 7, 800, stalled, { now: () => Date.now() / 2 });
    vi.advanceTimersByTime(1_500);
    expect(stalled).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(stalled).toHaveBeenCalledOnce();
  });

  it('does not take a machine that slept for a thread that hangs', () => {
    const stalled = vi.fn();
    let slept = 0;
    watchForStall(() => 7, 800, stalled, { now: () => Date.now() + slept });
    vi.advanceTimersByTime(150);
    slept = 1e6;
    vi.advanceTimersByTime(500);
    expect(stalled).not.toHaveBeenCalled();
  });
});
