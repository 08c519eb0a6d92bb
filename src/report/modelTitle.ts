import type { ModelReport } from './report';

/**
 * What a face calls a model: the expression that makes it. Where that says nothing by itself (an Ultralytics scale is one letter, a file
 * without scales has none), the name comes first.
 */
export function modelTitle({ name, entry }: Pick<ModelReport, 'name' | 'entry'>): string {
  if (entry === '' || name === '' || entry.includes(name)) return entry || name;
  return `${name} (${entry})`;
}
