import { afterLine, beginsStatement, NOTHING_OPEN, type OpenState } from './logicalLines';

/** Cell magics whose cell is Python that runs in the notebook's own namespace; every other one is a text for something else. */
const RUNS_PYTHON: ReadonlySet<string> = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'mprun', 'wandb']);

const CELL_MAGIC = /^%%(\w+)/;
const LINE_MAGIC = /^(\s*)[%!]/;
const HELP = /^\s*(?:\?{1,2}\s*[\w.%*]+|%{0,2}[A-Za-z_][\w.*]*\?{1,2})\s*$/;
const TIMED = /^(\s*)%time (?=\s*\S)/;
const RUN = /^(\s*)%run\s+(?:-\w+\s+)*(["']?)((?:\.\/)?(?:[A-Za-z_]\w*\/)*[A-Za-z_]\w*)\.py\2(?:\s|$)/;
const ASSIGNED = /^(\s*[A-Za-z_][\w.,\s*[\]'"]*=\s*)([!%])(?!=)/;

/**
 * The cell as Python. IPython's magics, shell lines and help lines become statements without effect; lines and, up to the end of the
 * Python that is kept, columns stay where they were. IPython's own rules: a magic stands at the beginning of a logical line, and a backslash
 * continues it (https://ipython.readthedocs.io/en/stable/interactive/python-ipython-diff.html).
 */
export function withoutMagics(source: string): string {
  const lines = source.split('\n');
  if (blankCellMagics(lines)) return lines.map(() => '').join('\n');
  let open: OpenState = NOTHING_OPEN;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (beginsStatement(open)) {
      const python = pythonOf(line);
      if (python !== null) {
        lines[i] = python;
        // What is kept of the line may go on in the next ones; a command's continuation is part of the command.
        const kept = TIMED.test(line);
        for (let ends = line; !kept && ends.endsWith('\\') && i + 1 < lines.length;) {
          ends = lines[++i] ?? '';
          lines[i] = '';
        }
        open = kept ? afterLine(python, open) : NOTHING_OPEN;
        continue;
      }
    }
    open = afterLine(line, open);
  }
  return lines.join('\n');
}

/** Blanks the cell magics at the head of a cell; true where what follows is not Python. */
function blankCellMagics(lines: string[]): boolean {
  for (const [i, line] of lines.entries()) {
    const magic = CELL_MAGIC.exec(line)?.[1];
    if (magic !== undefined) {
      if (!RUNS_PYTHON.has(magic)) return true;
      lines[i] = '';
    } else if (line.trim() !== '') {
      return false;
    }
  }
  return false;
}

/** The Python in place of a line that IPython rewrites; null for a line that is Python already. */
function pythonOf(line: string): string | null {
  // As long as `%time `: the timed statement keeps its columns.
  if (TIMED.test(line)) return line.replace(TIMED, '$1pass; ');
  const run = RUN.exec(line);
  if (run) return `${run[1] ?? ''}from ${(run[3] ?? '').replace(/^\.\//, '').replaceAll('/', '.')} import *`;
  const indent = LINE_MAGIC.exec(line)?.[1];
  if (indent !== undefined) return `${indent}pass`;
  if (HELP.test(line)) return `${/^\s*/.exec(line)?.[0] ?? ''}pass`;
  const target = ASSIGNED.exec(line);
  // What a shell or a magic gives is not known: an unknown value, as from any other package that is not here.
  if (target && !line.trimStart().startsWith('#')) return `${target[1] ?? ''}get_ipython()`;
  return null;
}
