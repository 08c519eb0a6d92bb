import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
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
  repeats: number;
  module: string;
  arguments: unknown[];
  /** Where it stands: `backbone[2]`. */
  place: string;
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
  const isLarge = text.length > LARGEST;
  const positions = new TextPositions(isLarge ? text.slice(0, 1) : text);
  const spanOf = (start: number, end: number): SourceSpan => ({ path, range: positions.range(start, end) });
  if (!/^\s*["']?(?:backbone|head)["']?\s*:/m.test(text)) return null;
  if (isLarge) throw new Unreadable('too-large', 'This YAML is larger than any model configuration.', spanOf(0, 1));
  const document = parse(text, spanOf(0, 1));
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
  for (const [name, value] of entriesOf(document, root as YAMLMap<Node, Node | null>)) {
    const list = isAlias(value) ? value.resolve(document) : value;
    if (isSeq(list) && (name === 'backbone' || name === 'head')) lists.set(name, list);
    else settings.set(name, plain(value));
  }
  if (lists.size === 0) return null;
  const rows = ['backbone', 'head'].flatMap((name) =>
    (lists.get(name)?.items ?? []).map((item, i) => rowOf(`${name}[${i}]`, item as Node, plain, placeOf)),
  );
  const first = lists.get('backbone') ?? lists.get('head');
  return { rows, settings, span: rows[0]?.span ?? placeOf(first ?? root) };
}

/** The parser recurses: brackets nested by the thousand end its stack. */
function parse(text: string, span: SourceSpan): Document {
  try {
    return parseDocument(text, { uniqueKeys: true, merge: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Unreadable('too-deep', 'The YAML is nested deeper than any model configuration.', span);
  }
}

/** The entries of a map; those that it merges (`<<`) come first, so that its own replace them. */
function entriesOf(document: Document, map: YAMLMap<Node, Node | null>, depth = 0): [string, Node][] {
  const merged: [string, Node][] = [];
  const own: [string, Node][] = [];
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!value) continue;
    const source = isAlias(value) ? value.resolve(document) : value;
    const merges = name === '<<' || (isScalar(key) && typeof key.value === 'symbol');
    if (!merges) own.push([name, value]);
    else if (isMap(source) && depth < MOST_ALIASES)
      merged.push(...entriesOf(document, source as YAMLMap<Node, Node | null>, depth + 1));
  }
  return [...merged, ...own];
}

function rowOf(place: string, node: Node, plain: (node: Node) => unknown, placeOf: (node: Node) => SourceSpan): Row {
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
    throw new Unreadable('malformed', `${place} must be [from, repeats, module, [arguments]].`, span);
  return { from: sources, repeats, module, arguments: values as unknown[], place, span };
}
