import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { SourceSpan } from '../../graph/source';
import { LineIndex } from '../applyEdits';
import { TextEdits } from '../textEdits';

/** One layer of a topology: its object and its configuration. */
export interface JsonLayer {
  object: Node;
  config: Node;
  className: Node;
}

/** A model's JSON with its edits. */
export class Topology {
  readonly edits: TextEdits;
  readonly #root: Node | undefined;
  readonly #lines: LineIndex;

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    this.edits = new TextEdits(path, text);
    this.#root = parseTree(text);
    this.#lines = new LineIndex(text);
  }

  /** The layer whose `class_name` stands at a span. */
  layerAt(span: SourceSpan): JsonLayer | null {
    const at = this.#lines.offsetOf(span.range.start);
    const className = this.#root && valueAt(this.#root, at);
    const object = className?.parent?.parent;
    const config = object && findNodeAtLocation(object, ['config']);
    if (className?.type !== 'string' || object?.type !== 'object' || config?.type !== 'object') return null;
    return { object, config, className };
  }

  replace(node: Node, value: unknown): void {
    this.edits.replace(node.offset, node.offset + node.length, JSON.stringify(value));
  }

  /** Adds a property behind the last one, spaced as those before it. */
  add(object: Node, name: string, value: unknown): boolean {
    const last = object.children?.at(-1);
    if (!last) return false;
    const [key, held] = last.children ?? [];
    const colon = key && held ? this.text.slice(key.offset + key.length, held.offset) : ': ';
    this.edits.insert(last.offset + last.length, `,${this.gapBefore(last)}"${name}"${colon}${JSON.stringify(value)}`);
    return true;
  }

  /** The white space in front of an item. */
  gapBefore({ offset }: Node): string {
    return /\s*$/.exec(this.text.slice(0, offset))?.[0] ?? '';
  }
}

/** The innermost value that starts at an offset. */
function valueAt(node: Node, offset: number): Node | undefined {
  if (node.offset === offset && !node.children) return node;
  const child = node.children?.find((inner) => inner.offset <= offset && offset < inner.offset + inner.length);
  return child && valueAt(child, offset);
}

export const textOf = (node: Node | undefined): string | null =>
  node?.type === 'string' && typeof node.value === 'string' ? node.value : null;
