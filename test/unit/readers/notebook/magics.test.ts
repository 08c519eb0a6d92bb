import { describe, expect, test } from 'vitest';
import { withoutMagics } from '../../../../src/readers/notebook/magics';

const after = (...lines: string[]) => withoutMagics(lines.join('\n')).split('\n');

describe('magics', () => {
  test.each([
    ['%matplotlib inline', 'pass'],
    ['!pip install torch', 'pass'],
    ['    !cat {f}', '    pass'],
    ['nn.Linear?', 'pass'],
    ['?nn.Linear', 'pass'],
    ['nn.Linear??', 'pass'],
    ['%time net = Net()', 'pass; net = Net()'],
    ['files = !ls', 'files = get_ipython()'],
    ['a, b = %sql select 1', 'a, b = get_ipython()'],
    ['%run -i ./lib/nets.py', 'from lib.nets import *'],
    ['%run other.ipynb', 'pass'],
  ])('%s', (line, python) => {
    expect(after('a = 1', line, 'b = 2')).toEqual(['a = 1', python, 'b = 2']);
  });

  test.each([
    'x = 7 % 3',
    'x = "!ls"',
    'print("a = %d" % 3)',
    's = "100 %"',
    'if a != b: pass',
    '# !pip install torch',
    'label = "what?"  # really?',
    'x = y if z else w  # ?',
  ])('leaves %s as it is', (line) => {
    expect(after(line)).toEqual([line]);
  });

  test('a magic begins a logical line: not inside brackets, strings or after a backslash', () => {
    const lines = [
      'x = (7',
      '% 3)',
      'text = """',
      '%not a magic',
      '!nor this',
      '"""',
      'y = 7 \\',
      '% 3',
      "z = f('''",
      '%s"""',
      "''')",
    ];
    expect(after(...lines)).toEqual(lines);
    expect(after('x = [1,  # )', '%2]', '%time')).toEqual(['x = [1,  # )', '%2]', 'pass']);
    expect(after("it = 'it\\'s (' ", '!ls')).toEqual(["it = 'it\\'s (' ", 'pass']);
  });

  test('a command goes on after a backslash, lines are kept', () => {
    expect(after('!pip install a \\', '  b \\', '  c', 'x = 1')).toEqual(['pass', '', '', 'x = 1']);
  });

  test('what %time measures may go on over lines', () => {
    expect(after('%time x = f(', '    % y)', '%ls')).toEqual(['pass; x = f(', '    % y)', 'pass']);
  });

  test('the head of a cell says what the cell is', () => {
    expect(after('%%bash', 'ls (')).toEqual(['', '']);
    expect(after('', '%%capture out', '%%time', 'x = 1')).toEqual(['', '', '', 'x = 1']);
    expect(after('%%javascript', 'f();')).toEqual(['', '']);
    // Elsewhere it is a line like any other.
    expect(after('x = 1', '%%bash', 'y = 2')).toEqual(['x = 1', 'pass', 'y = 2']);
  });
});
