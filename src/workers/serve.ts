import type { MessagePort } from 'node:worker_threads';
import { connect, type Methods, type NoEvents, READY } from './channel';

export interface Served<Events extends Methods<Events>> {
  /** Tells the supervisor something; nothing is waited for. */
  tell<E extends keyof Events & string>(event: E, ...args: Parameters<Events[E]>): void;
  /** Everything is loaded: calls may come. */
  ready(): void;
}

/**
 * The thread's end of a `SupervisedWorker`: answers its calls with `api`. Call `ready()` once the thread can work;
 * an error thrown before that counts as a failed start.
 */
export function serve<Api extends Methods<Api>, Events extends Methods<Events> = NoEvents>(
  port: MessagePort,
  api: Api,
): Served<Events> {
  const rpc = connect<Record<string, (...args: unknown[]) => void>, Api>(port, api);
  return {
    tell: (event, ...args) => void rpc.$callEvent(event, ...args),
    ready: () => void rpc.$callEvent(READY),
  };
}
