import * as fs from 'node:fs';

/** The text of a file as it is on the disk; null where it cannot be read. */
export function diskText(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
