import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { SourceSpan } from '../../graph/source';
import { TextPositions } from '../textPositions';
import { Unreadable } from '../unreadable';

/** Characters; the longest shipped configuration has 6,000. */
const LARGEST = 1024 * 1024;
/** Aliases expand to whole trees: more than a few are a bomb, and no configuration has any. */
const MOST_ALIASES = 20;

/** One row of `backbone` or `head`: [from, repeats, module, arguments]. */
export interface Row {
  from: number[];
  /** Whether `from` was a list. */
  joined: boolean;
  repeats: number;
  module: string;
  arguments: unknown[];
  span: SourceSpan;
}

export interface Configuration {
  rows: Row[];
  /** Everything else at the top level. */
  settings: ReadonlyMap<string, unknown>;
  span: SourceSpan;
}

/** Reads the rows with their places. null: a YAML file that is no model. @throws Unreadable at the first thing that is wrong. */
export function readConfiguration(path: string, text: string): Configuration | null {
  const positions = new TextPositions(text);
  const spanOf = (start: number, end: number): SourceSpan => ({ path, range: positions.range(start, end) });
  if (!/^\s*["']?(?:backbone|head)["']?\s*:/m.test(text)) return null;
  if (text.length > LARGEST)
    throw new Unreadable('too-large', 'This YAML is larger than any model configuration.', spanOf(0, 1));
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error)
    throw new Unreadable(
      'syntax-error',
      error.message.split('\n')[0] ?? 'Malformed YAML.',
      spanOf(error.pos[0], Math.max(error.pos[0] + 1, error.pos[1])),
    );
  const root = document.contents;
  if (!isMap(root)) return null;
  const placeOf = (node: Node): SourceSpan => spanOf(node.range?.[0] ?? 0, node.range?.[1] ?? 1);
  const plain = (node: Node): unknown => {
    try {
      return node.toJS(document, { maxAliasCount: MOST_ALIASES }) as unknown;
    } catch (failure) {
      if (!(failure instanceof Error)) throw failure;
      throw new Unreadable('too-large', 'Aliases expand this YAML beyond any model configuration.', placeOf(node));
    }
  };
  const settings = new Map<string, unknown>();
  const lists = new Map<string, YAMLSeq>();
  for (const { key, value } of (root as YAMLMap<Node, Node | null>).items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (isSeq(value) && (name === 'backbone' || name === 'head')) lists.set(name, value);
    else if (value) settings.set(name, plain(value));
  }
  if (lists.size === 0) return null;
  const rows = ['backbone', 'head'].flatMap((name) =>
    (lists.get(name)?.items ?? []).map((item) => rowOf(item as Node, plain, placeOf)),
  );
  const first = lists.get('backbone') ?? lists.get('head');
  return { rows, settings, span: rows[0]?.span ?? placeOf(first ?? root) };
}

function rowOf(node: Node, plain: (node: Node) => unknown, placeOf: (node: Node) => SourceSpan): Row {
  const span = placeOf(node);
  const given = plain(node);
  const [from, repeats, module, values, ...more] = Array.isArray(given) ? (given as unknown[]) : [];
  const list: unknown[] = Array.isArray(from) ? from : [from];
  const sources = list.filter((n): n is number => typeof n === 'number' && Number.isSafeInteger(n));
  if (
    more.length > 0 ||
    sources.length !== list.length ||
    sources.length === 0 ||
    typeof repeats !== 'number' ||
    typeof module !== 'string' ||
    !Array.isArray(values)
  )
    throw new Unreadable('malformed', 'A row must be [from, repeats, module, [arguments]].', span);
  return { from: sources, joined: Array.isArray(from), repeats, module, arguments: values as unknown[], span };
}
