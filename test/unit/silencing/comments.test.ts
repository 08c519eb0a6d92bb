import { describe, expect, test } from 'vitest';
import { commentAbout, silencingComments } from '../../../src/silencing/comments';

const RULES = ['vanishing-gradient', 'dead-units'];
const read = (text: string, path = '/w/net.py') => silencingComments(path, text, RULES);
const silences = (text: string, rule: string, first: number, last = first, path = '/w/net.py') =>
  commentAbout(read(text, path).all, rule, first, last) !== null;

describe('a silencing comment', () => {
  test.each<[string, string, number, boolean]>([
    ['behind the line', 'x = nn.Linear(8, 8)  # gradient-lens: ignore[dead-units]', 0, true],
    ['behind another comment', 'x = 1  # why not # gradient-lens: ignore[dead-units] see issue 5', 0, true],
    ['for another rule', 'x = nn.Linear(8, 8)  # gradient-lens: ignore[vanishing-gradient]', 0, false],
    ['for several rules', 'x = 1  # gradient-lens: ignore[vanishing-gradient, dead-units]', 0, true],
    ['for all rules', 'x = 1  # Gradient-Lens:ignore', 0, true],
    ['for all rules, with a reason', 'x = 1  # gradient-lens: ignore -- it wakes later', 0, true],
    ['on the line above', '  # gradient-lens: ignore[dead-units]\n  x = 1', 1, true],
    [
      'above another',
      '# gradient-lens: ignore[dead-units]\n# gradient-lens: ignore[vanishing-gradient]\nx = 1',
      2,
      true,
    ],
    ['two lines above', '# gradient-lens: ignore[dead-units]\ny = 2\nx = 1', 2, false],
    ['behind the line above', 'y = 2  # gradient-lens: ignore[dead-units]\nx = 1', 1, false],
    ['alone below', 'x = 1\n# gradient-lens: ignore[dead-units]', 0, false],
    ['for the file, anywhere', 'x = 1\ny = 2\n# gradient-lens: ignore-file[dead-units]', 0, true],
    ['with the line end of Windows', 'x = 1  # gradient-lens: ignore[dead-units]\r\ny = 2', 0, true],
    ['of another kind', 'x = 1  # gradient-lens: input=(3, 32, 32)', 0, false],
    ['in a string', 'x = "gradient-lens: ignore[dead-units]"', 0, false],
  ])('%s', (_, text, line, expected) => expect(silences(text, 'dead-units', line)).toBe(expected));

  test('counts behind the first and the last line of a call', () => {
    const call =
      'x = nn.Linear(\n  8,  # gradient-lens: ignore[dead-units]\n  8,\n)  # gradient-lens: ignore[vanishing-gradient]';
    expect(silences(call, 'vanishing-gradient', 0, 3)).toBe(true);
    expect(silences(call, 'dead-units', 0, 3)).toBe(false);
  });

  test.each([
    ['/w/net.ts', 'x(); // gradient-lens: ignore[dead-units]', true],
    ['/w/net.js', 'x(); /* gradient-lens: ignore[dead-units] */', true],
    ['/w/net.ts', 'x(); # gradient-lens: ignore[dead-units]', false],
    ['/w/yolo.yaml', '- [-1, 1, Conv, [64, 3, 2]] # gradient-lens: ignore[dead-units]', true],
    ['/w/model.json', '// gradient-lens: ignore[dead-units]', false],
  ])('is written as in the language of %s: %s', (path, text, expected) => {
    expect(silences(text, 'dead-units', 0, 0, path)).toBe(expected);
  });

  test.each([
    ['an unknown rule', 'x = 1  # gradient-lens: ignore[dead-unit]', 'there is no rule `dead-unit`'],
    ['no brackets', 'x = 1  # gradient-lens: ignore dead-units', 'it names no rule in brackets'],
    ['an empty list', 'x = 1  # gradient-lens: ignore[]', 'it names no rule in brackets'],
  ])('with %s silences nothing and is told of at its place', (_, text, why) => {
    const { all, problems } = read(text);
    expect(all).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'bad-comment', span: { path: '/w/net.py', range: { start: { line: 0, character: 9 } } } },
    ]);
    expect(problems[0]?.message).toContain(why);
  });
});
