import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../../src/workers/supervisorBackoff';

describe('the back-off', () => {
  it('doubles the pause up to the longest, then stops, then is free again after the cool-down', () => {
    let now = 0;
    const backoff = new Backoff({ first: 100, longest: 300, attempts: 4, coolDown: 1_000 }, () => now);
    const delays = [backoff.delay];
    for (let i = 0; i < 3; i++) {
      backoff.failed();
      delays.push(backoff.delay);
    }
    expect(delays).toEqual([0, 100, 200, 300]);
    now += 250;
    expect(backoff.delay).toBe(50);
    backoff.failed();
    expect(backoff.exhausted).toBe(true);
    now += 1_000;
    expect(backoff.exhausted).toBe(false);
    expect(backoff.delay).toBe(0);
    backoff.failed();
    expect(backoff.exhausted).toBe(true);
  });

  it('forgets failures after a success', () => {
    const backoff = new Backoff({ first: 100, longest: 300, attempts: 2, coolDown: 1_000 }, () => 0);
    backoff.failed();
    backoff.succeeded();
    backoff.failed();
    expect(backoff.exhausted).toBe(false);
    expect(backoff.delay).toBe(100);
  });
});
