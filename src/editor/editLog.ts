import type { TextChange } from './movedRanges';

/** One edit: its changes are given in the text before it. */
export interface LoggedEdit {
  path: string;
  changes: readonly TextChange[];
}

/**
 * Edits made while diagnoses are under way. A report speaks of the text that it was given; replaying the edits made
 * since brings its ranges to where the text lies now.
 */
export class EditLog {
  readonly #begun = new Set<object>();
  readonly #edits: LoggedEdit[] = [];

  /** Starts to remember; the returned reader gives the edits since this call. Call `end` when it is needed no more. */
  begin(): { since(): LoggedEdit[]; end(): void } {
    const token = {};
    const first = this.#edits.length;
    this.#begun.add(token);
    return {
      since: () => this.#edits.slice(first),
      end: () => {
        this.#begun.delete(token);
        if (this.#begun.size === 0) this.#edits.length = 0;
      },
    };
  }

  record(path: string, changes: readonly TextChange[]): void {
    if (this.#begun.size > 0 && changes.length > 0) this.#edits.push({ path, changes });
  }
}
