/**
 * Takes from a thread's global scope what reaches the host. The seal does not rely on it: it is the second wall, should
 * Python ever get hold of a JavaScript object. Call it in a thread of its own only, after the interpreter has booted.
 */
export function lockDown(scope: object = globalThis): void {
  for (const name of ['process', 'require', 'fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'navigator']) {
    Reflect.deleteProperty(scope, name);
  }
}

/** Stops the clock by which the in-memory file system dates its files; call it before the interpreter boots. */
export function stopFileClock(now: number, date: { now(): number } = Date): void {
  date.now = () => now;
}
