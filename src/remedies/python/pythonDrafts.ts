import type { TextEdit } from '../../report/report';
import { FileEdits } from './fileEdits';
import { PythonSource } from './pythonSource';

/** Files whose text is Python as it is handed here; that of a notebook is its cells as one module. */
const PYTHON = /\.(?:pyw?|ipynb)$/i;

/** The Python files of a reading, and the edits of those that a remedy touches. */
export class PythonDrafts {
  readonly sources: readonly PythonSource[];
  readonly #edits = new Map<string, FileEdits>();

  constructor(
    files: readonly { path: string; text: string }[],
    private readonly roots: readonly string[],
  ) {
    this.sources = files.filter(({ path }) => PYTHON.test(path)).map((file) => new PythonSource(file.path, file.text));
  }

  /** The edits of one file, begun on demand; null for a file that was not read. */
  editsOf(path: string): FileEdits | null {
    const source = this.sources.find((candidate) => candidate.path === path);
    if (!source) return null;
    const edits = this.#edits.get(path) ?? new FileEdits(source, this.roots);
    this.#edits.set(path, edits);
    return edits;
  }

  finish(): TextEdit[] {
    return [...this.#edits.values()].flatMap((edits) => edits.finish());
  }
}
