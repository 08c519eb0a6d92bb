import type { SourcePosition, SourceRange } from '../graph/source';

/** Turns offsets of a text into lines and characters. */
export class TextPositions {
  readonly #starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1);
  }

  at(offset: number): SourcePosition {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: offset - (this.#starts[low] ?? 0) };
  }

  range(start: number, end: number): SourceRange {
    return { start: this.at(start), end: this.at(Math.min(end, this.text.length)) };
  }
}
