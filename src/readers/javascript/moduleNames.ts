const ENDS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** The files that an import of `base` may mean, in order; only those with code in them. */
export function candidatesOf(base: string): string[] {
  // TypeScript imports its own files under the name that they will be compiled to.
  const bare = base.replace(/\.[cm]?jsx?$/, '');
  const written = [...ENDS, '.json'].some((end) => base.endsWith(end)) ? [base] : [];
  return [...written, ...ENDS.map((end) => bare + end), ...ENDS.map((end) => `${base}/index${end}`)];
}

/** Files of the workspace that a bare name may mean: aliases of bundlers and of `tsconfig.json` mostly stand for `src` or the root. */
export function aliasesOf(name: string): string[] {
  if (!/^(@\/|~\/|#\/?|src\/|app\/|lib\/)/.test(name)) return [];
  const bare = name.replace(/^(@|~|#)\/?/, '');
  return [bare, `src/${bare}`, `app/${bare}`];
}

/** Paths that an import in the module `from` may mean, in order. */
export function pathsOf(from: string, name: string): string[] {
  return (name.startsWith('.') ? [joined(from, name)] : aliasesOf(name)).flatMap(candidatesOf);
}

function joined(from: string, name: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
