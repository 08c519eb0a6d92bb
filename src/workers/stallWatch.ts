import { WorkClock } from '../timing/workClock';

/** Looks this often in the time that a thread may be silent. */
const LOOKS = 8;
/** Timers come a little early, and a thread that hangs on an idle machine does not have quite all of a processor. */
const NEARLY = 0.97;

/**
 * Calls `stalled` once where `beats()` stays the same for `limit` milliseconds of work; returns what ends the watch. No look
 * counts for more than the time between two, so that a machine that slept does not look like a thread that hangs.
 */
export function watchForStall(
  beats: () => number,
  limit: number,
  stalled: () => void,
  clock: { now(): number } = new WorkClock(),
): () => void {
  const period = limit / LOOKS;
  let last = beats();
  let before = clock.now();
  let silent = 0;
  const timer = setInterval(() => {
    const beat = beats();
    const now = clock.now();
    silent = beat === last ? silent + Math.min(now - before, period) : 0;
    last = beat;
    before = now;
    if (silent < limit * NEARLY) return;
    clearInterval(timer);
    stalled();
  }, period);
  return () => clearInterval(timer);
}
