import type { ParserPlugin } from '@babel/parser';
import type { File, Node } from '@babel/types';
import type { SourceSpan } from '../../../graph/source';
import { TextPositions } from '../../textPositions';
import type { Problem } from '../../../graph/reading';
import { Unreadable } from '../../unreadable';
import { type BrokenText, readBroken } from './brokenText';
import { parseRecovering } from './recovery';

/** A parsed file whose nodes know their places. */
export interface Tree {
  path: string;
  /** The source; statements that cannot be parsed are blanked out. */
  text: string;
  faults: { problem: Problem; text: BrokenText }[];
  file: File;
  span(node: Pick<Node, 'start' | 'end'>): SourceSpan;
}

/** @throws Unreadable where a syntax error leaves nothing to read. */
export function parseScript(path: string, text: string): Tree {
  const positions = new TextPositions(text);
  const span = (start: number, end: number): SourceSpan => ({ path, range: positions.range(start, end) });
  try {
    const recovered = parseRecovering(text, {
      sourceType: 'unambiguous',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      // A name whose declaration is cut out is no second fault.
      allowUndeclaredExports: true,
      errorRecovery: false,
      plugins: pluginsFor(path),
    });
    const faults = recovered.faults.map(({ at, message, lost }) => ({
      problem: new Unreadable('syntax-error', message, span(at, Math.min(text.length, at + 1))).problem(null),
      text: readBroken(lost),
    }));
    const { file } = recovered;
    return { path, text: recovered.text, faults, file, span: ({ start, end }) => span(start ?? 0, end ?? 0) };
  } catch (error) {
    if (error instanceof RangeError)
      throw new Unreadable('too-deep', 'The code is nested deeper than can be read.', span(0, 1));
    if (!(error instanceof SyntaxError)) throw error;
    const at = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
    const message = error.message.replace(/\s*\(\d+:\d+\)$/, '');
    throw new Unreadable('syntax-error', message, span(at, Math.min(text.length, at + 1)));
  }
}

function pluginsFor(path: string): ParserPlugin[] {
  const typed = /\.[cm]?tsx?$/.test(path);
  const plain: ParserPlugin[] = ['decorators', 'explicitResourceManagement'];
  if (typed) return path.endsWith('x') ? [...plain, 'typescript', 'jsx'] : [...plain, 'typescript'];
  return [...plain, 'jsx'];
}

const SKIPPED = new Set(['loc', 'extra', 'leadingComments', 'trailingComments', 'innerComments', 'errors', 'tokens']);

/** The nodes directly below one. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (SKIPPED.has(key)) continue;
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

const OWN_FUNCTION = /Function|ClassMethod|ObjectMethod|ClassPrivateMethod/;

/** Whether the code awaits or yields, other than inside functions of its own: then it cannot move into another function. */
export function suspends(node: Node): boolean {
  if (node.type === 'AwaitExpression' || node.type === 'YieldExpression') return true;
  if (node.type === 'ForOfStatement' && node.await) return true;
  return childrenOf(node).some((child) => !OWN_FUNCTION.test(child.type) && suspends(child));
}
