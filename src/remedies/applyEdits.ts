import type { SourcePosition } from '../graph/source';
import type { TextEdit } from '../report/report';

/** Two edits of one text that touch the same characters. */
export class OverlappingEditsError extends Error {
  constructor() {
    super('Two edits change the same text.');
    this.name = 'OverlappingEditsError';
  }
}

/**
 * The text after all edits, whose ranges count lines and UTF-16 code units in the text as it was. Insertions at one place keep
 * their order. Throws `OverlappingEditsError`, and `RangeError` for a range outside the text.
 */
export function applyEdits(text: string, edits: readonly Pick<TextEdit, 'range' | 'text'>[]): string {
  const lines = new LineIndex(text);
  const placed = edits
    .map((edit, order) => ({
      from: lines.offsetOf(edit.range.start),
      to: lines.offsetOf(edit.range.end),
      text: edit.text,
      order,
    }))
    .sort((a, b) => a.from - b.from || a.to - b.to || a.order - b.order);
  let result = '';
  let done = 0;
  for (const { from, to, text: inserted } of placed) {
    if (from > to) throw new RangeError('An edit ends before it starts.');
    if (from < done) throw new OverlappingEditsError();
    result += text.slice(done, from) + inserted;
    done = to;
  }
  return result + text.slice(done);
}

/** All files with the edits meant for them applied. */
export function applyToFiles<F extends { path: string; text: string }>(
  files: readonly F[],
  edits: readonly TextEdit[],
): F[] {
  const unknown = edits.find((edit) => !files.some((file) => file.path === edit.path));
  if (unknown) throw new RangeError(`An edit names ${unknown.path}, which was not read.`);
  return files.map((file) => ({
    ...file,
    text: applyEdits(
      file.text,
      edits.filter((edit) => edit.path === file.path),
    ),
  }));
}

/** Converts between offsets and positions; lines end with \n, \r\n or \r, as in the editor. */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(private readonly text: string) {
    for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) this.#starts.push(index + end.length);
  }

  offsetOf({ line, character }: SourcePosition): number {
    const start = this.#starts[line];
    const next = this.#starts[line + 1] ?? this.text.length;
    if (start === undefined || start + character > next) {
      throw new RangeError(`Line ${line + 1}, column ${character + 1} is outside the text.`);
    }
    return start + character;
  }

  positionOf(offset: number): SourcePosition {
    const line = this.#starts.findLastIndex((start) => start <= offset);
    return { line, character: offset - (this.#starts[line] ?? 0) };
  }

  /** Offset of the line's first character. */
  startOfLine(offset: number): number {
    return this.#starts.findLast((start) => start <= offset) ?? 0;
  }

  /** Offset just before the line's end. */
  endOfLine(offset: number): number {
    const rest = /[\r\n]/.exec(this.text.slice(offset));
    return rest ? offset + rest.index : this.text.length;
  }
}
