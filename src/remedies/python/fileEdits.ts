import { TextEdits } from '../textEdits';
import type { TextEdit } from '../../report/report';
import { endOfStatement, type PythonSource } from './pythonSource';
import { ImportedNames } from './importedNames';

/** Gathers the edits of one Python file, with the imports that they need. */
export class FileEdits extends TextEdits {
  readonly names: ImportedNames;
  /** Names to add, by the module that they come from. */
  readonly #imports = new Map<string, Set<string>>();
  /** Whole import lines to add. */
  readonly #lines = new Set<string>();

  constructor(
    readonly source: PythonSource,
    private readonly roots: readonly string[],
  ) {
    super(source.path, source.text);
    this.names = new ImportedNames(source, roots);
  }

  /**
   * Spelling of a full path (`torch.nn.ReLU`) in this file. `beside` is the name that it replaces: where that is imported by name (`from
   * torch.nn import Sigmoid`), the new one joins the same import. Where nothing that is imported leads there, `otherwise` is added to the imports
   * and must bind the first piece of `short`.
   */
  spell(path: string, beside = '', otherwise?: { line: string; short: string }): string {
    const module = path.slice(0, path.lastIndexOf('.'));
    const name = path.slice(path.lastIndexOf('.') + 1);
    const bare = beside !== '' && !beside.includes('.');
    const known = this.names.spell(path);
    if (bare && known !== name && this.names.statementFrom(module)) {
      this.#imports.set(module, (this.#imports.get(module) ?? new Set()).add(name));
      return name;
    }
    if (known !== null) return known;
    const { line, short } = otherwise ?? { line: 'from torch import nn', short: path.replace(/^torch\.nn\./, 'nn.') };
    this.#lines.add(line);
    return short;
  }

  /** Asks for an import line at the top. */
  need(line: string): void {
    this.#lines.add(line);
  }

  /** All edits of the file, imports included. */
  override finish(): TextEdit[] {
    for (const [module, names] of this.#imports) this.#extendImport(module, [...names]);
    for (const line of this.#lines) this.#addImport(line);
    this.#imports.clear();
    this.#lines.clear();
    return super.finish();
  }

  #extendImport(module: string, names: string[]): void {
    const statement = this.names.statementFrom(module);
    const last = statement?.getChildren('VariableName').at(-1);
    if (last) this.insert(last.to, names.map((name) => `, ${name}`).join(''));
  }

  #addImport(line: string): void {
    const { source } = this;
    const last =
      this.names.lastImport(this.roots) ??
      source
        .all('ImportStatement')
        .filter((node) => node.parent?.name === 'Script')
        .at(-1);
    if (last) this.insert(source.lines.endOfLine(endOfStatement(last, source)), `${source.newline}${line}`);
    else this.insert(0, `${line}${source.newline}`);
  }
}
