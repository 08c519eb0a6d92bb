import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { SourceSpan } from '../../graph/source';
import { TextPositions } from '../textPositions';
import { Unreadable } from '../unreadable';

/** Characters of the largest topology read: thousands of layers. What is longer holds weights or other data. */
const LARGEST = 16 * 1024 * 1024;

/** One JSON value with its place in the text. */
export class JsonPlace {
  constructor(
    private readonly document: JsonDocument,
    private readonly node: Node,
  ) {}

  get value(): unknown {
    return getNodeValue(this.node) as unknown;
  }

  get span(): SourceSpan {
    return this.document.span(this.node);
  }

  get isArray(): boolean {
    return this.node.type === 'array';
  }

  get isObject(): boolean {
    return this.node.type === 'object';
  }

  /** The entry of an object or array; null where there is none. */
  get(...path: (string | number)[]): JsonPlace | null {
    const found = findNodeAtLocation(this.node, path);
    return found ? new JsonPlace(this.document, found) : null;
  }

  /** The string at `name`, null for anything else. */
  text(name: string): string | null {
    const value = this.get(name)?.value;
    return typeof value === 'string' ? value : null;
  }

  get items(): JsonPlace[] {
    return this.node.type === 'array'
      ? (this.node.children ?? []).map((child) => new JsonPlace(this.document, child))
      : [];
  }
}

/** A JSON text whose values know where they stand. */
export class JsonDocument {
  readonly root: JsonPlace;
  readonly #positions: TextPositions;

  /** @throws Unreadable at the first syntax error. */
  constructor(
    readonly path: string,
    text: string,
  ) {
    const isLarge = text.length > LARGEST;
    this.#positions = new TextPositions(isLarge ? text.slice(0, 1) : text);
    if (isLarge)
      throw new Unreadable(
        'too-large',
        `This JSON has ${Math.round(text.length / 2 ** 20)} million characters; a model's topology has at most ${LARGEST / 2 ** 20}. Save the topology without weights (\`model.to_json()\`).`,
        this.#span(0, 1),
      );
    const errors: ParseError[] = [];
    const root = parseOrRefuse(text, errors, this.#span(0, 1));
    const [error] = errors;
    if (error)
      throw new Unreadable(
        'syntax-error',
        `The JSON breaks off or is malformed here (${printParseErrorCode(error.error)}). Save the model again.`,
        this.#span(Math.min(error.offset, Math.max(0, text.length - 1)), error.offset + Math.max(1, error.length)),
      );
    if (!root) throw new Unreadable('syntax-error', 'The file is empty.', this.#span(0, 1));
    this.root = new JsonPlace(this, root);
  }

  span(node: Node): SourceSpan {
    return this.#span(node.offset, node.offset + node.length);
  }

  #span(start: number, end: number): SourceSpan {
    return { path: this.path, range: this.#positions.range(start, end) };
  }
}

/** The parser recurses: brackets nested by the thousand end its stack. */
function parseOrRefuse(text: string, errors: ParseError[], span: SourceSpan): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Unreadable('too-deep', 'The JSON is nested deeper than any model. Save the model again.', span);
  }
}
