import type { SyntaxNode } from '@lezer/common';
import type { PythonSource } from './pythonSource';

/** A name bound by an import: what it stands for and, for `from a import b`, the statement that could take more names. */
interface Binding {
  canonical: string;
  statement: SyntaxNode;
}

/** How a file calls the parts of a framework, whose packages are `roots`: `nn.Linear`, `torch.nn.Linear`, `Linear`, `F.relu`, ... */
export class ImportedNames {
  readonly #bindings = new Map<string, Binding>();
  readonly #stars: string[] = [];

  constructor(
    private readonly source: PythonSource,
    private readonly roots: readonly string[],
  ) {
    for (const statement of source.all('ImportStatement')) this.#read(statement);
  }

  /** The full path of a dotted name as the file writes it (`nn.Tanh` gives `torch.nn.Tanh`); null where it is not the framework's. */
  canonical(written: string): string | null {
    const [head = '', ...rest] = written.split('.').map((part) => part.trim());
    const bound = this.#bindings.get(head)?.canonical;
    const path = bound ? [bound, ...rest].join('.') : this.#fromStar(head, rest);
    return path !== null && this.roots.includes(path.split('.')[0] ?? '') ? path : null;
  }

  /**
   * A spelling of a full path by what the file imports already: the longest imported module wins. null: nothing fits, an import is
   * needed.
   */
  spell(path: string): string | null {
    const pieces = path.split('.');
    for (let length = pieces.length; length > 0; length--) {
      const prefix = pieces.slice(0, length).join('.');
      for (const [local, { canonical }] of this.#bindings) {
        if (canonical === prefix) return [local, ...pieces.slice(length)].join('.');
      }
      if (length === pieces.length && this.#stars.includes(pieces.slice(0, -1).join('.'))) return pieces.at(-1) ?? null;
    }
    return null;
  }

  /** The `from module import ...` statement of a module, so that another name can join it. */
  statementFrom(module: string): SyntaxNode | null {
    for (const { canonical, statement } of this.#bindings.values()) {
      const isFrom = statement.firstChild?.name === 'from';
      if (isFrom && canonical.slice(0, canonical.lastIndexOf('.')) === module) return statement;
    }
    return null;
  }

  /** The last import of one of these packages at the top level, behind which a further import goes; null where there is none. */
  lastImport(roots: readonly string[]): SyntaxNode | null {
    const statements = [...this.#bindings.values()]
      .filter(
        ({ canonical, statement }) =>
          roots.includes(canonical.split('.')[0] ?? '') && statement.parent?.name === 'Script',
      )
      .map(({ statement }) => statement);
    return statements.sort((a, b) => a.from - b.from).at(-1) ?? null;
  }

  #fromStar(head: string, rest: string[]): string | null {
    const module = this.#stars.find((star) => this.roots.includes(star.split('.')[0] ?? ''));
    return module && /^[A-Z]/.test(head) ? [module, head, ...rest].join('.') : null;
  }

  #read(statement: SyntaxNode): void {
    const text = this.source
      .textOf(statement)
      .replace(/#[^\r\n]*/g, ' ')
      .replace(/[()\\]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const from = /^from (\S+) import (.+)$/.exec(text);
    if (from) {
      const [, module = '', names = ''] = from;
      if (names.trim() === '*') this.#stars.push(module);
      else for (const [name, local] of aliases(names)) this.#bind(local, `${module}.${name}`, statement);
      return;
    }
    const plain = /^import (.+)$/.exec(text);
    for (const [name, local] of aliases(plain?.[1] ?? '')) {
      // `import torch.nn` binds `torch`; `import torch.nn as nn` binds the module itself.
      if (local === name) this.#bind(name.split('.')[0] ?? name, name.split('.')[0] ?? name, statement);
      else this.#bind(local, name, statement);
    }
  }

  #bind(local: string, canonical: string, statement: SyntaxNode): void {
    if (!this.#bindings.has(local)) this.#bindings.set(local, { canonical, statement });
  }
}

/** "a as b, c" as [a, b], [c, c]. */
function aliases(list: string): [string, string][] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', local = name] = item.split(/ as /);
      return [name.trim(), local.trim()];
    });
}
