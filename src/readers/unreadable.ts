import type { Problem } from '../graph/reading';
import type { SourceSpan } from '../graph/source';

/** What keeps a model from being read; becomes a `Problem` at the place where it was found. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(
    readonly code: string,
    message: string,
    /** null: wherever the catcher stands in the file. */
    readonly span: SourceSpan | null = null,
  ) {
    super(message);
  }

  problem(fallback: SourceSpan | null): Problem {
    return { code: this.code, message: this.message, span: this.span ?? fallback, related: [] };
  }
}
