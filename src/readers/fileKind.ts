/** Which reader a file is for. */
export type FileKind = 'python' | 'json' | 'yaml' | 'javascript';

const KINDS: Readonly<Record<string, FileKind>> = {
  '.json': 'json',
  // An archive: `modelFile` takes the JSON out of it.
  '.keras': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'javascript',
  '.ts': 'javascript',
  '.mts': 'javascript',
  '.cts': 'javascript',
  '.tsx': 'javascript',
};

/** By the end of the name; what is not known by name is read as Python. */
export function fileKind(path: string): FileKind {
  const end = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? '';
  return KINDS[end] ?? 'python';
}
