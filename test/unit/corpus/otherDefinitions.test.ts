import { describe, expect, it } from 'vitest';
import { notebookText } from '../../corpus/notebookText';
import { countYamlDefinitions } from '../../corpus/yamlDefinitions';

describe('the count of declared models', () => {
  it('takes files with a backbone and a head', () => {
    const text = 'nc: 80\nbackbone:\n  - [-1, 1, Conv, [64, 3, 2]]\nhead:\n  - [[0], 1, Detect, [nc]]\n';
    expect(countYamlDefinitions({ path: 'cfg/net.yaml', text })).toMatchObject([{ name: 'net.yaml', kind: 'file' }]);
    expect(countYamlDefinitions({ path: 'a.yaml', text: 'backbone: 1\n' })).toEqual([]);
    expect(countYamlDefinitions({ path: 'a.yaml', text: 'data:\n  backbone: 1\n  head: 2\n' })).toEqual([]);
  });
});

describe('the text of a notebook', () => {
  it('joins code cells, leaves commands blank and remembers where cells begin', () => {
    const cells = [
      { cell_type: 'markdown', source: ['# Title'] },
      { cell_type: 'code', source: ['%matplotlib inline\n', 'a = 1'] },
      { cell_type: 'code', source: '!pip install x\nb = 2\n' },
      { cell_type: 'code', source: '%%bash\nls' },
    ];
    const { text, first } = notebookText(JSON.stringify({ cells }));
    expect(text).toBe('\na = 1\n\nb = 2\n\n\n');
    expect([...first]).toEqual([
      [1, 0],
      [2, 2],
      [3, 5],
    ]);
  });
});
