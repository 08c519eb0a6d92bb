import { describe, expect, test } from 'vitest';
import { silencingInsertions } from '../../../src/editor/silencingInsertions';
import { commentAbout, silencingComments } from '../../../src/silencing/comments';
import { RULES } from '../../../src/silencing/rules';

const rule = 'dead-units';
const on = (line: number) => ({ start: { line, character: 2 }, end: { line, character: 5 } });

function inserted(path: string, text: string, line: number): string[] {
  return silencingInsertions(path, text, on(line), rule).map((insertion) => {
    const lines = text.split('\n');
    const before = lines[insertion.line] ?? '';
    lines[insertion.line] = before.slice(0, insertion.character) + insertion.text + before.slice(insertion.character);
    return lines.join('\n');
  });
}

describe('the comments that silence a finding', () => {
  test.each([
    ['/w/net.py', 'a = 1\n  b = 2\n', 1, 'a = 1\n  b = 2  # gradient-lens: ignore[dead-units]\n'],
    [
      '/w/net.py',
      'a = 1  # gradient-lens: ignore[non-finite] why',
      0,
      'a = 1  # gradient-lens: ignore[non-finite, dead-units] why',
    ],
    ['/w/net.py', 'a = 1\r\nb = 2\r\n', 0, 'a = 1  # gradient-lens: ignore[dead-units]\r\nb = 2\r\n'],
    ['/w/net.ts', 'a();\n', 0, 'a();  // gradient-lens: ignore[dead-units]\n'],
    ['/w/y.yaml', '- [-1, 1, Conv, [64]]', 0, '- [-1, 1, Conv, [64]]  # gradient-lens: ignore[dead-units]'],
  ])('%s: on its line', (path, text, line, expected) => expect(inserted(path, text, line)[0]).toBe(expected));

  test.each([
    ['/w/net.py', 'a = 1', '# gradient-lens: ignore-file[dead-units]\na = 1'],
    ['/w/net.py', '#!/usr/bin/python\na = 1', '#!/usr/bin/python\n# gradient-lens: ignore-file[dead-units]\na = 1'],
    ['/w/n.ipynb', '%%time\na = 1', '%%time\n# gradient-lens: ignore-file[dead-units]\na = 1'],
    [
      '/w/net.py',
      '# gradient-lens: ignore-file[non-finite]\na = 1',
      '# gradient-lens: ignore-file[non-finite, dead-units]\na = 1',
    ],
  ])('%s: for the file', (path, text, expected) => expect(inserted(path, text, 0).at(-1)).toBe(expected));

  test('silence it', () => {
    const text = 'import x\n  b = 2  # say\n';
    for (const edited of inserted('/w/net.py', text, 1)) {
      const line = edited.split('\n').findIndex((content) => content.includes('b = 2'));
      expect(commentAbout(silencingComments('/w/net.py', edited, RULES).all, rule, line, line)).not.toBeNull();
    }
  });

  test('are not offered behind a backslash, nor in JSON', () => {
    expect(inserted('/w/net.py', 'a = 1 + \\\n  2', 0)).toHaveLength(1);
    expect(inserted('/w/model.json', '{}', 0)).toEqual([]);
  });
});
