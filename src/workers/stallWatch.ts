/** Looks this often in the time that a thread may be silent. */
const LOOKS = 8;

/**
 * Calls `stalled` once where `beats()` stays the same for `limit` milliseconds; returns what ends the watch. Looks are counted
 * rather than the clock read, so that a machine that slept does not look like a thread that hangs.
 */
export function watchForStall(beats: () => number, limit: number, stalled: () => void): () => void {
  let last = beats();
  let silent = 0;
  const timer = setInterval(() => {
    const now = beats();
    silent = now === last ? silent + 1 : 0;
    last = now;
    if (silent < LOOKS) return;
    clearInterval(timer);
    stalled();
  }, limit / LOOKS);
  return () => clearInterval(timer);
}
