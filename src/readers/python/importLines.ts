import type { ImportedModule } from './importStatements';

const FROM = /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n;]*)/gm;
const IMPORT = /^[ \t]*import[ \t]+([^\n;]+)/gm;
/** A main guard, or a statement at the margin that does something. */
const ACTS = /^(?:if[ \t]+__name__|(?:for|while|with)\b|[A-Za-z_][\w.]*[ \t]*\(|(?:async[ \t]+)?def[ \t]+test)/m;

/**
 * What a Python file imports and whether running it does anything, from its lines alone: many times faster than parsing it, and good
 * enough to decide which files are worth that.
 */
export function importLines(text: string): { imports: ImportedModule[]; isScript: boolean; code: string } {
  const code = text.replace(/#[^\n]*/g, '');
  const imports: ImportedModule[] = [];
  for (const [, dots = '', source = '', names = ''] of code.matchAll(FROM))
    imports.push({ level: dots.length, parts: source.split('.').filter(Boolean), names: namesIn(names) });
  for (const [, list = ''] of code.matchAll(IMPORT))
    for (const name of namesIn(list)) imports.push({ level: 0, parts: name.split('.'), names: [] });
  return { imports, isScript: ACTS.test(code), code };
}

/** Names of a list, without what follows `as`. */
function namesIn(list: string): string[] {
  return list
    .replace(/[()\\]/g, ' ')
    .split(',')
    .map((part) => part.trim().split(/\s/)[0] ?? '')
    .filter((name) => /^[\w.]+$/.test(name));
}
