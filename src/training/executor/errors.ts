/** The run was stopped on request. */
export class CancelledError extends Error {
  constructor() {
    super('The run was cancelled.');
    this.name = 'CancelledError';
  }
}

/** A fault of this program or of the graph it was handed, never of the user's model. */
export class ExecutionError extends Error {
  constructor(
    message: string,
    /** Place in `graph.nodes`. */
    readonly node: number,
  ) {
    super(message);
    this.name = 'ExecutionError';
  }
}
