import type { ModelReport } from './report';

/**
 * What a face calls a model: the expression that makes it. Where that does not name it, the name comes first; the letter of an
 * Ultralytics scale is part of the name already.
 */
export function modelTitle({ name, entry }: Pick<ModelReport, 'name' | 'entry'>): string {
  if (entry.length === 1 && name.includes(entry)) return name;
  if (entry === '' || name === '' || entry.includes(name)) return entry || name;
  return `${name} (${entry})`;
}
