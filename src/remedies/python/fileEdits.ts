import type { TextEdit } from '../../report/report';
import { endOfStatement, type PythonSource } from './pythonSource';
import { TorchNames } from './torchNames';

/** Gathers the edits of one file, with the imports that they need. */
export class FileEdits {
  readonly names: TorchNames;
  readonly #edits: { from: number; to: number; text: string }[] = [];
  /** Names to add, by the module that they come from. */
  readonly #imports = new Map<string, Set<string>>();
  #needsNn = false;

  constructor(readonly source: PythonSource) {
    this.names = new TorchNames(source);
  }

  replace(from: number, to: number, text: string): void {
    const same = this.#edits.some((edit) => edit.from === from && edit.to === to && edit.text === text);
    if (!same) this.#edits.push({ from, to, text });
  }

  insert(at: number, text: string): void {
    this.#edits.push({ from: at, to: at, text });
  }

  /**
   * Spelling of a full PyTorch path (`torch.nn.ReLU`) in this file. `beside` is the name that it replaces: where that is imported by
   * name (`from torch.nn import Sigmoid`), the new one joins the same import.
   */
  spell(path: string, beside = ''): string {
    const module = path.slice(0, path.lastIndexOf('.'));
    const name = path.slice(path.lastIndexOf('.') + 1);
    const bare = beside !== '' && !beside.includes('.');
    const known = this.names.spell(path);
    if (bare && known !== name && this.names.statementFrom(module)) {
      this.#imports.set(module, (this.#imports.get(module) ?? new Set()).add(name));
      return name;
    }
    if (known !== null) return known;
    this.#needsNn = true;
    return path.replace(/^torch\.nn\./, 'nn.');
  }

  /** All edits of the file, imports included. */
  finish(): TextEdit[] {
    for (const [module, names] of this.#imports) this.#extendImport(module, [...names]);
    if (this.#needsNn) this.#addImport('from torch import nn');
    const { source } = this;
    return this.#edits
      .sort((a, b) => a.from - b.from || a.to - b.to)
      .map(({ from, to, text }) => ({ path: source.path, range: source.rangeOf(from, to), text }));
  }

  #extendImport(module: string, names: string[]): void {
    const statement = this.names.statementFrom(module);
    const last = statement?.getChildren('VariableName').at(-1);
    if (last) this.insert(last.to, names.map((name) => `, ${name}`).join(''));
  }

  #addImport(line: string): void {
    const { source } = this;
    const last =
      this.names.lastImport() ??
      source
        .all('ImportStatement')
        .filter((node) => node.parent?.name === 'Script')
        .at(-1);
    if (last) this.insert(source.lines.endOfLine(endOfStatement(last, source)), `${source.newline}${line}`);
    else this.insert(0, `${line}${source.newline}`);
  }
}
