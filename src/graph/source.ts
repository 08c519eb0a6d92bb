import { type Static, Type } from '@sinclair/typebox';

/** A place in a text: zero-based line, zero-based UTF-16 code unit in that line (as the editor counts). */
export const SourcePosition = Type.Object({
  line: Type.Integer({ minimum: 0 }),
  character: Type.Integer({ minimum: 0 }),
});
export type SourcePosition = Static<typeof SourcePosition>;

export const SourceRange = Type.Object({ start: SourcePosition, end: SourcePosition });
export type SourceRange = Static<typeof SourceRange>;

/**
 * A range in one file. `path` is the path under which the file was handed to the reader.
 * For a notebook, `cell` is the zero-based place in `cells` and lines count inside that cell.
 */
export const SourceSpan = Type.Object({
  path: Type.String(),
  range: SourceRange,
  cell: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type SourceSpan = Static<typeof SourceSpan>;
