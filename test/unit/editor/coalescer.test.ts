import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Coalescer } from '../../../src/editor/coalescer';

describe('Coalescer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('makes one run of a burst, for each key', () => {
    const runs: string[] = [];
    const coalescer = new Coalescer<string>(40, (key) => runs.push(key));
    coalescer.request('a');
    coalescer.request('b');
    coalescer.request('a');
    expect(runs).toEqual([]);
    vi.advanceTimersByTime(40);
    expect(runs).toEqual(['a', 'b']);
    coalescer.request('a');
    vi.advanceTimersByTime(40);
    expect(runs).toEqual(['a', 'b', 'a']);
  });

  it('is not starved by a steady stream of requests', () => {
    let runs = 0;
    const coalescer = new Coalescer<string>(40, () => runs++);
    for (let i = 0; i < 10; i++) {
      coalescer.request('a');
      vi.advanceTimersByTime(20);
    }
    expect(runs).toBe(5);
  });

  it('forgets what is cancelled or disposed of', () => {
    let runs = 0;
    const coalescer = new Coalescer<string>(40, () => runs++);
    coalescer.request('a');
    coalescer.cancel('a');
    coalescer.request('b');
    coalescer.dispose();
    vi.advanceTimersByTime(100);
    expect(runs).toBe(0);
  });
});
