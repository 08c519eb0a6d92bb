import { describe, expect, it } from 'vitest';
import { parseActivation } from '../../../../src/readers/ultralytics/activation';
import { readUltralytics } from '../../../../src/readers/ultralytics/ultralyticsReader';

const read = (text: string) => readUltralytics({ path: 'net.yaml', files: [{ path: 'net.yaml', text }], batch: 2 });

const net = (rows: string, settings = 'nc: 3') => `${settings}\nbackbone:\n${rows}\n`;

const firstProblem = (text: string) => {
  const { models, problems } = read(text);
  return problems[0] ?? models[0]?.unread;
};

describe('bad configurations', () => {
  it('say nothing of YAML that is no model', () => {
    for (const text of ['version: 3\nservices:\n  web: {}', '', 'a: [1, 2', '- backbone'])
      expect(read(text)).toMatchObject({ models: [], problems: [] });
  });

  it('find a syntax error', () => {
    const [problem] = read('nc: 2\nbackbone:\n  - [-1, 1, Conv, [64, 3\nhead: []').problems;
    expect(problem?.code).toBe('syntax-error');
    expect(problem?.span?.range.start.line).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['an unknown module', '  - [-1, 1, Mystery, [64]]', 'unknown-layer', 'Mystery'],
    ['a row that does not exist', '  - [[-1, 9], 1, Concat, [1]]', 'bad-argument', 'row 9'],
    ['a row without its parts', '  - [-1, 1, Conv]', 'malformed', '[from, repeats'],
    ['an argument of the wrong kind', '  - [-1, 1, Conv, [wide, 3]]', 'bad-argument', '"wide"'],
    ['sizes that do not fit', '  - [[-1, 0], 1, Concat, [1]]', 'shape-mismatch', 'joined'],
    ['heads that do not share channels', '  - [-1, 1, C2fAttn, [64, 64, 2]]', 'bad-argument', 'C2fAttn'],
    ['a backbone that is not known', '  - [-1, 1, TorchVision, [8, swin_t]]', 'unsupported', 'resnet50'],
    ['a huge number of repeats', '  - [-1, 1000000000, Conv, [8]]', 'bad-argument', 'backbone[2] (Conv)'],
    ['half a channel', '  - [-1, 1, Conv, [8.5]]', 'bad-argument', '8.5'],
    ['a name that is not set', '  - [-1, 1, Conv, [8, kpt_shape]]', 'bad-argument', 'kpt_shape'],
  ])('name %s at its row', (_, row, code, part) => {
    const { models, problems } = read(net(`  - [-1, 1, Conv, [8, 3, 2]]\n  - [-1, 1, Conv, [8, 3, 2]]\n${row}`));
    const problem = models[0]?.unread ?? problems[0];
    expect(problem).toMatchObject({ code });
    expect(problem?.message).toContain(part);
    expect(problem?.span?.range.start.line).toBe(4);
  });

  it('hold an alias bomb', () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${'*a'.padEnd(2)}${i}, *a${i}, *a${i}, *a${i}, *a${i}]`,
    );
    const result = read(`a0: &a0 [x, x]\n${bomb.join('\n')}\nbackbone:\n  - [-1, 1, Conv, [8]]\n`);
    expect(result.problems[0]?.code ?? result.models[0]?.unread?.code).toBe('too-large');
  });

  it('hold anchors that hold themselves', () => {
    const row = '  - &row [-1, 1, Conv, *row]';
    expect(firstProblem(net(row))).toMatchObject({ code: 'bad-argument', span: { range: { start: { line: 2 } } } });
  });

  it('hold brackets without end', () => {
    const problem = firstProblem(`nc: 3\nbackbone: ${'['.repeat(100_000)}`);
    expect(['syntax-error', 'too-deep']).toContain(problem?.code);
  });

  it('hold a file of 50 MB', () => {
    const text = `${net('  - [-1, 1, Conv, [8]]')}${'# more\n'.repeat(7_500_000)}`;
    expect(firstProblem(text)?.code).toBe('too-large');
  });

  it('stop where units without end are asked for', () => {
    const rows = Array.from({ length: 300 }, () => '  - [-1, 1000, C2f, [8]]').join('\n');
    const problem = firstProblem(net(rows));
    expect(problem?.code).toBe('too-large');
    expect(problem?.span?.range.start.line).toBeGreaterThan(2);
  });

  it('stop where queries without end are asked for', () => {
    const rows = '  - [-1, 1, Conv, [8, 3, 8]]\n  - [[0], 1, RTDETRDecoder, [nc, 8, 100000]]';
    expect(firstProblem(net(rows))).toMatchObject({ code: 'bad-argument', span: { range: { start: { line: 3 } } } });
  });

  it.each([
    ['a tab as indent', 'nc: 3\nbackbone:\n\t- [-1, 1, Conv, [8]]', 'syntax-error', 2],
    ['a name twice', 'nc: 3\nnc: 4\nbackbone:\n  - [-1, 1, Conv, [8]]', 'syntax-error', 1],
    ['a scale without numbers', net('  - [-1, 1, Conv, [8]]', 'scales:\n  n: [a, b]'), 'bad-argument', 3],
    ['an activation that is a number', net('  - [-1, 1, Conv, [8]]', 'activation: 3'), 'bad-argument', 2],
  ])('find %s', (_, text, code, line) => {
    const problem = firstProblem(text);
    expect(problem?.code).toBe(code);
    expect(problem?.span?.range.start.line).toBe(line);
  });

  it('follow merge keys and aliases', () => {
    const text = 'base: &base\n  nc: 5\n<<: *base\nrows: &rows\n  - [-1, 1, Conv, [nc]]\nbackbone: *rows\n';
    const [model] = read(text).models;
    expect(model?.unread).toBeNull();
    expect(model?.graph?.values[model.graph.outputs[0] ?? -1]?.shape).toEqual([2, 5, 64, 64]);
  });

  it('refuse an activation that is code', () => {
    expect(() => parseActivation("__import__('os').system('x')")).toThrow('not an activation');
    expect(read(net('  - [-1, 1, Conv, [8]]', 'activation: nn.Unknown()')).models[0]?.unread?.code).toBe(
      'unknown-activation',
    );
  });
});
