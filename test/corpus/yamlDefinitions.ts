import type { Definition, SourceText } from './definition';

/** An Ultralytics model is a YAML file with a `backbone` and a `head`; each such file declares one. */
export function countYamlDefinitions({ path, text }: SourceText): Definition[] {
  const declares = (key: string) => new RegExp(`^['"]?${key}['"]?\\s*:`, 'm').test(text);
  if (!declares('backbone') || !declares('head')) return [];
  const name = path.split('/').pop() ?? path;
  return [{ path, name, kind: 'file', from: 0, to: text.split('\n').length }];
}
