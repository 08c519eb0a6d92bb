import { createBirpc } from 'birpc';
import type { MessagePort } from 'node:worker_threads';
import type { Methods, NoEvents } from './supervisorThread';

/** The event by which a thread says that it can be called; not part of any `Events` interface. */
export const READY = '$ready';

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
  const rpc = createBirpc<Record<string, (...args: unknown[]) => void>, Api, false>(api, {
    post: (data: unknown) => port.postMessage(data),
    on: (listener) => void port.on('message', listener),
    off: (listener) => void port.off('message', listener),
    bind: 'functions',
    timeout: -1,
    proxify: false,
  });
  return {
    tell: (event, ...args) => void rpc.$callEvent(event, ...args),
    ready: () => void rpc.$callEvent(READY),
  };
}
