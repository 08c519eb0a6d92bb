import { parser } from '@lezer/python';

/** What one import statement (or `import_module` call) names. */
export interface ImportedModule {
  /** Number of leading dots; 0 for an absolute import. */
  level: number;
  /** Dotted parts, empty for `from . import x`. */
  parts: string[];
  /** Names taken from it, each of which may be a submodule; `*` is left out. */
  names: string[];
}

export interface Imports {
  modules: ImportedModule[];
  /** String literals that the file puts on `sys.path`. */
  searchPaths: string[];
}

interface Token {
  name: string;
  text: string;
}

/** Finds the imports of a Python file, wherever they stand in it; a broken statement hides no other. */
export function findImports(text: string): Imports {
  const found: Imports = { modules: [], searchPaths: [] };
  let statement: { end: number; tokens: Token[] } | null = null;
  const finish = (): void => {
    if (statement !== null) found.modules.push(...readStatement(statement.tokens));
    statement = null;
  };
  parser.parse(text).iterate({
    enter(node) {
      if (statement !== null && node.from >= statement.end) finish();
      if (node.name === 'ImportStatement') {
        statement = { end: node.to, tokens: [] };
      } else if (statement !== null) {
        statement.tokens.push({ name: node.name, text: text.slice(node.from, node.to) });
      } else if (node.name === 'CallExpression') {
        readCall(text.slice(node.from, Math.min(node.to, node.from + 300)), found);
      }
    },
  });
  finish();
  return found;
}

function readStatement(tokens: readonly Token[]): ImportedModule[] {
  const first = tokens[0]?.name;
  if (first === 'import') {
    return splitAt(tokens.slice(1), ',').map((part) => ({
      level: 0,
      parts: dotted(part).split('.').filter(Boolean),
      names: [],
    }));
  }
  if (first !== 'from') return [];
  const at = tokens.findIndex((token) => token.name === 'import');
  const source = dotted(tokens.slice(1, at < 0 ? undefined : at));
  const level = /^\.*/.exec(source)?.[0].length ?? 0;
  const taken = at < 0 ? [] : tokens.slice(at + 1).filter((token) => token.name !== '(' && token.name !== ')');
  const names = splitAt(taken, ',').map(dotted);
  return [
    {
      level,
      parts: source.slice(level).split('.').filter(Boolean),
      names: names.filter((name) => name !== '' && name !== '*'),
    },
  ];
}

/** The dotted name before `as`. */
function dotted(tokens: readonly Token[]): string {
  const end = tokens.findIndex((token) => token.name === 'as');
  return tokens
    .slice(0, end < 0 ? undefined : end)
    .map((token) => token.text)
    .join('');
}

function splitAt(tokens: readonly Token[], separator: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.name === separator) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

const importCall = /^(?:importlib\s*\.\s*)?(?:import_module|__import__)\s*\(\s*(['"])(\.*)([\w.]+)\1/;
const pathCall = /^sys\s*\.\s*path\s*\.\s*(?:append|insert)\s*\(\s*(?:\d+\s*,\s*)?(['"])([^'"]*)\1/;

function readCall(text: string, found: Imports): void {
  const imported = importCall.exec(text);
  if (imported !== null) {
    const level = imported[2]?.length ?? 0;
    found.modules.push({ level, parts: (imported[3] ?? '').split('.').filter(Boolean), names: [] });
    return;
  }
  const path = pathCall.exec(text)?.[2];
  if (path !== undefined) found.searchPaths.push(path);
}
