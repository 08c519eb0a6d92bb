/** Which reader a file is for. */
export type FileKind = 'python' | 'json' | 'yaml';

const KINDS: Readonly<Record<string, FileKind>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

/** By the end of the name; what is not known by name is read as Python. */
export function fileKind(path: string): FileKind {
  const end = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? '';
  return KINDS[end] ?? 'python';
}
