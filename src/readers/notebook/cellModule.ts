import type { SourcePosition, SourceRange, SourceSpan } from '../../graph/source';
import { withoutMagics } from './magics';
import type { CodeCell } from './notebook';

/** Where a cell's lines lie in the module. */
interface Placed {
  cell: number;
  /** Line of the module that is the cell's first. */
  first: number;
  /** The cell's lines as the module holds them. */
  lines: string[];
}

const IPYTHON_NAMES = /\b(?:display|get_ipython)\b/;

/**
 * The code cells of a notebook as one Python module, and the way between its places and those in the cells. Each cell is preceded by one
 * line of its own, so that no place belongs to two cells.
 */
export class CellModule {
  readonly text: string;
  readonly #placed: Placed[] = [];

  /** @param path the notebook's path, which every span of the module carries. */
  constructor(
    cells: readonly CodeCell[],
    private readonly path: string,
  ) {
    // The first line is kept for what IPython puts into every notebook.
    const lines: string[] = [''];
    for (const { cell, source } of cells) {
      const own = withoutMagics(source).split('\n');
      lines.push(lineBefore(own));
      this.#placed.push({ cell, first: lines.length, lines: own });
      lines.push(...own);
    }
    // As names of a package that is not here they have no effect.
    if (lines.some((line) => IPYTHON_NAMES.test(line))) lines[0] = 'from IPython import display, get_ipython';
    this.text = lines.join('\n') + '\n';
  }

  /** A span of the module, counted in the cell where it starts; an end in a later cell is drawn in. */
  inCell(span: SourceSpan): SourceSpan {
    if (span.path !== this.path || span.cell !== undefined) return span;
    const at = this.#around(span.range.start.line);
    if (at === undefined) return span;
    return { ...span, cell: at.cell, range: rangeIn(at, span.range) };
  }

  /** The reverse of `inCell`. */
  inModule(span: SourceSpan): SourceSpan {
    const at = span.path === this.path ? this.#placed.find(({ cell }) => cell === span.cell) : undefined;
    if (at === undefined) return span;
    const { start, end } = span.range;
    const down = ({ line, character }: SourcePosition) => ({ line: line + at.first, character });
    return { path: span.path, range: { start: down(start), end: down(end) } };
  }

  /** The cell that holds a line; for the lines before a cell that cell. */
  #around(line: number): Placed | undefined {
    return this.#placed.findLast(({ first }) => first - 1 <= line) ?? this.#placed[0];
  }
}

/** The line before a cell: a cell that is indented throughout, which IPython allows, needs a block to stand in. */
function lineBefore(lines: readonly string[]): string {
  const head = lines.find((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return head !== undefined && /^\s/.test(head) ? 'if True:' : '';
}

function rangeIn({ first, lines }: Placed, { start, end }: SourceRange): SourceRange {
  const last = lines.length - 1;
  const inside = ({ line, character }: SourcePosition): SourcePosition => {
    if (line < first) return { line: 0, character: 0 };
    if (line - first > last) return { line: last, character: lines[last]?.length ?? 0 };
    return { line: line - first, character };
  };
  return { start: inside(start), end: inside(end) };
}
