import type { SourceSpan } from '../../graph/source';
import type { CallSite } from './source/callSites';
import type { Declaration } from './source/declarations';
import { isInside } from './spans';

/** Names under which a file may have TensorFlow.js beside those that its imports give. */
const USUAL = ['tf', 'tfl', 'tfjs'];
const IMPORTS = [
  /import\s+(?:\*\s+as\s+)?([\w$]+)\s*(?:,[^;]*?)?\s+from\s+['"]@tensorflow\/tfjs/g,
  /\b(?:const|let|var)\s+([\w$]+)\s*=\s*(?:await\s+)?(?:require|import)\s*\(\s*['"]@tensorflow\/tfjs/g,
];

/** A call in the active file that makes a model: `tf.sequential()`, `tf.model({...})`, `new tf.LayersModel(...)`. */
export interface Maker {
  site: number;
  span: SourceSpan;
  /** The innermost top-level declaration around it. */
  declaration: Declaration | null;
}

/** All calls of the active file that make models, in its order. */
export function makersOf(
  path: string,
  text: string,
  sites: readonly CallSite[],
  declarations: readonly Declaration[],
): Maker[] {
  const names = [
    ...USUAL,
    ...IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)].flatMap((match) => match[1] ?? [])),
  ];
  const owner = `(?:[\\w$]+\\.)*(?:${names.map((name) => name.replaceAll('$', '\\$')).join('|')})(?:\\.default)?\\.`;
  const own = new Set(declarations.filter(({ kind }) => kind !== 'variable').map(({ name }) => name));
  const pattern = new RegExp(
    `^(?:new\\s+(?:${owner})?(?:Sequential|LayersModel)\\b|(?:${owner})(?:sequential|model)\\s*\\(|(sequential|model)\\s*\\()`,
  );
  return sites.flatMap(({ span, text: code }, site) => {
    if (span.path !== path) return [];
    const match = pattern.exec(code);
    if (!match || (match[1] !== undefined && own.has(match[1]))) return [];
    return [{ site, span, declaration: enclosing(declarations, span) }];
  });
}

/** The smallest declaration around a place. */
export function enclosing(declarations: readonly Declaration[], span: SourceSpan): Declaration | null {
  return declarations
    .filter(({ extent }) => isInside(span, extent))
    .reduce<Declaration | null>(
      (best, item) => (!best || item.place.end - item.place.start < best.place.end - best.place.start ? item : best),
      null,
    );
}
