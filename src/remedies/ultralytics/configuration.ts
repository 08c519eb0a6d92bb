import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLSeq } from 'yaml';
import type { SourceSpan } from '../../graph/source';
import { LineIndex } from '../applyEdits';
import { TextEdits } from '../textEdits';

/** A row of `backbone` or `head`: [from, repeats, module, arguments]. */
export interface YamlRow {
  node: YAMLSeq;
  /** Its number over both lists, by which other rows may name it. */
  index: number;
}

/** A model configuration with its edits. */
export class Configuration {
  readonly edits: TextEdits;
  readonly rows: readonly YamlRow[];
  readonly #lines: LineIndex;
  readonly #settings = new Map<string, Node>();

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    this.edits = new TextEdits(path, text);
    this.#lines = new LineIndex(text);
    const root = parseDocument(text).contents;
    const lists: YAMLSeq[] = [];
    for (const { key, value } of isMap(root) ? root.items : []) {
      if (!isScalar(key) || typeof key.value !== 'string') continue;
      if (isSeq(value) && (key.value === 'backbone' || key.value === 'head')) lists.push(value);
      else if (isScalar(value)) this.#settings.set(key.value, value);
    }
    // Rows behind an alias stand elsewhere too; nothing is written into them.
    this.rows = lists
      .flatMap((list) => list.items)
      .flatMap((item, index) => (isSeq(item) && !isAlias(item) ? [{ node: item, index }] : []));
  }

  rowAt(span: SourceSpan): YamlRow | null {
    const at = this.#lines.offsetOf(span.range.start);
    return this.rows.find(({ node }) => node.range?.[0] === at) ?? null;
  }

  /** A plain value at the top level. */
  setting(name: string): Node | null {
    return this.#settings.get(name) ?? null;
  }

  /** Writes over a plain value; its quotes and the comment behind it stay. */
  replace(node: Node, value: string): void {
    const [from = 0, to = 0] = node.range ?? [];
    const quote = /^["']/.exec(this.text.slice(from, to))?.[0] ?? '';
    this.edits.replace(from, to, `${quote}${value}${quote}`);
  }

  textOf(node: Node): string {
    const [from = 0, to = 0] = node.range ?? [];
    return this.text.slice(from, to);
  }
}

/** The text of a plain string. */
export function stringOf(node: unknown): string | null {
  return isScalar(node) && typeof node.value === 'string' ? node.value : null;
}
