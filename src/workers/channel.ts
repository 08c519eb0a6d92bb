import { type BirpcReturn, createBirpc } from 'birpc';

/** An interface of methods (`interface Api { read(path: string): Promise<string> }`); use as `Api extends Methods<Api>`. */
export type Methods<T> = { [K in keyof T]: (...args: never[]) => unknown };

/** The `Events` of a worker that tells nothing. */
export type NoEvents = Record<symbol, never>;

/** The event by which a thread says that it can be called; not part of any `Events` interface. */
export const READY = '$ready';

/** A `Worker` seen from outside, or its `parentPort` from inside. */
interface Port {
  postMessage(data: unknown): void;
  on(event: 'message', listener: (data: unknown) => void): unknown;
  off(event: 'message', listener: (data: unknown) => void): unknown;
}

/** Calls over a port without a time limit of their own: time is the supervisor's matter. */
export function connect<Remote extends object, Local extends object>(
  port: Port,
  local: Local,
): BirpcReturn<Remote, Local, false> {
  return createBirpc<Remote, Local, false>(local, {
    post: (data: unknown) => port.postMessage(data),
    on: (listener) => void port.on('message', listener),
    off: (listener) => void port.off('message', listener),
    bind: 'functions',
    timeout: -1,
    proxify: false,
  });
}
