/** The ways in which a supervised call can fail without the worker having answered it. `name` survives a structured clone. */
export type SupervisorErrorName = 'WorkerCrashed' | 'WorkerTimedOut' | 'OutOfMemory' | 'Cancelled';

/** The thread ended under the call, or could not be started: it threw outside a call, exited, or its file is missing. */
export class WorkerCrashed extends Error {
  override readonly name = 'WorkerCrashed';
}

/** The call ran past its time limit; its thread was terminated. */
export class WorkerTimedOut extends Error {
  override readonly name = 'WorkerTimedOut';

  constructor(
    message: string,
    /** The limit that passed, in milliseconds. */
    readonly limit: number,
  ) {
    super(message);
  }
}

/** The thread's JavaScript heap ran full (the limits are in `WorkerSpec.heapMegabytes`). */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** The caller gave the call up, or the supervisor was disposed of. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor(message = 'Cancelled.') {
    super(message);
  }
}

/** True for an error of that kind, also one that came through a thread's border and lost its class. */
export function isSupervisorError(error: unknown, name: SupervisorErrorName): boolean {
  return error instanceof Error && error.name === name;
}
