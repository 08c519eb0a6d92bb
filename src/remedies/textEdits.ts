import type { TextEdit } from '../report/report';
import { LineIndex } from './applyEdits';

/** Gathers the edits of one text by offset; the same replacement asked for twice is made once. */
export class TextEdits {
  readonly #edits: { from: number; to: number; text: string }[] = [];
  readonly #lines: LineIndex;

  constructor(
    readonly path: string,
    text: string,
  ) {
    this.#lines = new LineIndex(text);
  }

  replace(from: number, to: number, text: string): void {
    const same = this.#edits.some((edit) => edit.from === from && edit.to === to && edit.text === text);
    if (!same) this.#edits.push({ from, to, text });
  }

  insert(at: number, text: string): void {
    this.#edits.push({ from: at, to: at, text });
  }

  finish(): TextEdit[] {
    const range = (from: number, to: number) => ({
      start: this.#lines.positionOf(from),
      end: this.#lines.positionOf(to),
    });
    return this.#edits
      .sort((a, b) => a.from - b.from || a.to - b.to)
      .map(({ from, to, text }) => ({ path: this.path, range: range(from, to), text }));
  }
}
