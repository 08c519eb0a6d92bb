import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterWork, WorkClock } from '../../../src/timing/workClock';

/** A machine of which the process gets a share of the time; `elapsed` is that of the faked timers. */
class Machine {
  #processor = 0;
  #seen = Date.now();

  constructor(public share: number) {}

  readonly elapsed = () => Date.now();
  readonly processor = () => {
    this.#processor += (Date.now() - this.#seen) * this.share;
    this.#seen = Date.now();
    return this.#processor;
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the clock of time limits', () => {
  it('goes by the clock on an idle machine, also with several threads at work', () => {
    for (const share of [1, 2.5]) {
      const clock = new WorkClock(new Machine(share));
      vi.advanceTimersByTime(1_000);
      expect(clock.now()).toBe(1_000);
    }
  });

  it('counts what a busy machine leaves to the process', () => {
    const machine = new Machine(0.5);
    const clock = new WorkClock(machine);
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(500);
    machine.share = 1;
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(1_500);
  });

  it('does not stand still where nothing is done at all', () => {
    const clock = new WorkClock(new Machine(0));
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(250);
  });
});

describe('a time limit', () => {
  const limited = (share: number) => {
    const over = vi.fn();
    const callOff = afterWork(1_000, over, new WorkClock(new Machine(share)));
    return { over, callOff };
  };

  it('stops what burns time', () => {
    const { over } = limited(1);
    vi.advanceTimersByTime(999);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(9_000);
    expect(over).toHaveBeenCalledOnce();
  });

  it('leaves what gets a third of the time three times as long', () => {
    const { over } = limited(1 / 3);
    vi.advanceTimersByTime(2_900);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(over).toHaveBeenCalledOnce();
  });

  it('stops what waits for ever after four times as long', () => {
    const { over } = limited(0);
    vi.advanceTimersByTime(3_900);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(over).toHaveBeenCalledOnce();
  });

  it('can be called off', () => {
    const { over, callOff } = limited(1);
    vi.advanceTimersByTime(500);
    callOff();
    vi.advanceTimersByTime(10_000);
    expect(over).not.toHaveBeenCalled();
  });
});
