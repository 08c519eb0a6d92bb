import { describe, expect, it } from 'vitest';
import { ReadingValidator } from '../../../../src/graph/validate';
import { pythonRound } from '../../../../src/readers/ultralytics/assemble';
import { parseActivation } from '../../../../src/readers/ultralytics/activation';
import { readUltralytics } from '../../../../src/readers/ultralytics/ultralyticsReader';

function read(text: string, { path = 'net.yaml', entry = undefined as string | undefined } = {}) {
  return readUltralytics({ path, files: [{ path, text }], batch: 2, ...(entry === undefined ? {} : { entry }) });
}

function graphOf(text: string, options: { path?: string; entry?: string } = {}) {
  const [model] = read(text, options).models;
  expect(model?.unread).toBeNull();
  return new ReadingValidator().graph(model?.graph);
}

const net = (rows: string, settings = 'nc: 3') => `${settings}\nbackbone:\n${rows}\n`;
const shapeOf = (graph: ReturnType<typeof graphOf>, place = 0) => graph.values[graph.outputs[place] ?? -1]?.shape;

/** Three maps of 8, 16 and 32 channels at strides 8, 16 and 32. */
const MAPS = ['  - [-1, 1, Conv, [8, 3, 8]]', '  - [-1, 1, Conv, [16, 3, 2]]', '  - [-1, 1, Conv, [32, 3, 2]]'].join(
  '\n',
);

describe('scales', () => {
  const text = net('  - [-1, 6, C2f, [64, True]]', 'scales:\n  n: [0.33, 0.25, 1024]\n  s: [0.5, 0.5, 1024]');
  const width = (graph: ReturnType<typeof graphOf>) => shapeOf(graph)?.[1];
  const units = (graph: ReturnType<typeof graphOf>) =>
    graph.parameters.filter(({ name }) => /\.m\.\d+\.cv1\.conv\.weight$/.test(name)).length;

  it('come from the entry, the name of the file, or the first of the file with a word about it', () => {
    expect(width(graphOf(text, { entry: 's' }))).toBe(32);
    expect(width(graphOf(text, { path: 'configs/yolov8s-leaf.yaml' }))).toBe(32);
    const first = graphOf(text);
    expect(width(first)).toBe(16);
    expect(first.guesses.map(({ message }) => message).join()).toContain("Scale 'n'");
  });

  it('scale repeats with the halves rounded as in Python', () => {
    expect(units(graphOf(text, { entry: 'n' }))).toBe(2);
    expect(units(graphOf(text, { entry: 's' }))).toBe(3);
    expect([0.5, 1.5, 2.5, 1.98].map(pythonRound)).toEqual([0, 2, 2, 2]);
  });

  it('refuse a letter that the file does not have', () => {
    expect(read(text, { entry: 'z' }).models[0]?.unread?.message).toContain('n, s');
  });

  it('stop at max_channels', () => {
    const limited = net('  - [-1, 1, Conv, [512]]', 'scales:\n  n: [1.0, 0.5, 128]');
    expect(shapeOf(graphOf(limited))?.[1]).toBe(64);
  });
});

describe('modules', () => {
  // Widths go in and out as PyTorch's own modules do; a wrong inner width would not fit together.
  it.each([
    ['Conv, [16, [1, 3], 1]', 16, 64],
    ['DWConv, [16, 3, 2]', 16, 32],
    ['ConvTranspose, [16, 2, 2]', 16, 128],
    ['nn.ConvTranspose2d, [16, 4, 2, 1]', 16, 128],
    ['Focus, [16, 3]', 16, 32],
    ['GhostConv, [16, 3, 2]', 16, 32],
    ['GhostBottleneck, [16, 3, 2]', 16, 32],
    ['Bottleneck, [16]', 16, 64],
    ['BottleneckCSP, [16]', 16, 64],
    ['SPP, [16, [3, 5]]', 16, 64],
    ['SPPF, [16, 5]', 16, 64],
    ['SPPELAN, [16, 8]', 16, 64],
    ['C1, [16]', 16, 64],
    ['C2, [16]', 16, 64],
    ['C3, [16]', 16, 64],
    ['C3x, [16]', 16, 64],
    ['C3Ghost, [16]', 16, 64],
    ['C3k2, [16, True]', 16, 64],
    ['C2fCIB, [16, True, True]', 16, 64],
    ['RepC3, [16]', 16, 64],
    ['RepNCSPELAN4, [16, 16, 8, 2]', 16, 64],
    ['ELAN1, [16, 16, 8]', 16, 64],
    ['SCDown, [16, 3, 2]', 16, 32],
    ['AConv, [16]', 16, 32],
    ['ADown, [16]', 16, 32],
    ['HGStem, [8, 16]', 16, 16],
    ['HGBlock, [8, 16, 3, True, True]', 16, 64],
    ['ResNetLayer, [8, 4, 2, False, 2]', 16, 32],
    ['A2C2f, [64, True, 4]', 64, 64],
    ['nn.MaxPool2d, [3, 2, 1]', 8, 32],
    ['nn.Upsample, [None, 2, "nearest"]', 8, 128],
    ['nn.LeakyReLU, [0.2]', 8, 64],
  ])('%s', (row, channels, side) => {
    const text = net(`  - [-1, 1, Conv, [8, 3, 1]]\n  - [-1, 2, ${row}]`);
    // Modules that do not take their repeats stand in a row; most of them change width or size, so one is asked for.
    const graph = graphOf(text.replace('[-1, 2,', '[-1, 1,'));
    expect(shapeOf(graph)).toEqual([2, channels, side, side]);
  });

  it.each(['PSA, [128]', 'C2PSA, [128]', 'C2fPSA, [128]'])('%s', (row) => {
    expect(shapeOf(graphOf(net(`  - [-1, 1, Conv, [128, 3, 8]]\n  - [-1, 1, ${row}]`)))).toEqual([2, 128, 8, 8]);
  });

  it('names a parameter of the module itself before those of its children', () => {
    const text = net('  - [-1, 1, Conv, [64, 3, 8]]\n  - [-1, 1, A2C2f, [64, True, 1, True, 1.2]]');
    expect(graphOf(text).parameters.map(({ name }) => name)[3]).toBe('model.1.gamma');
  });

  it('joins and fuses several sources', () => {
    const rows = [
      '  - [-1, 1, Conv, [8, 3, 2]]',
      '  - [-1, 1, CBLinear, [[8, 16]]]',
      '  - [0, 1, Conv, [16, 3, 2]]',
      '  - [[1, -1], 1, CBFuse, [[1]]]',
      '  - [[-1, 2], 1, Concat, [1]]',
    ];
    expect(shapeOf(graphOf(net(rows.join('\n'))))).toEqual([2, 32, 16, 16]);
  });
});

describe('heads', () => {
  const places = 8 * 8 + 4 * 4 + 2 * 2;
  const outputs = (head: string, settings = 'nc: 3') => {
    const graph = graphOf(net(`${MAPS}\n  - [[0, 1, 2], 1, ${head}]`, settings));
    return graph.outputs.map((value) => graph.values[value]?.shape);
  };
  const boxes = [
    [2, 67, 8, 8],
    [2, 67, 4, 4],
    [2, 67, 2, 2],
  ];

  it('give what they give in training', () => {
    expect(outputs('Detect, [nc]')).toEqual(boxes);
    expect(outputs('Segment, [nc, 5, 16]')).toEqual([...boxes, [2, 5, places], [2, 5, 16, 16]]);
    expect(outputs('Pose, [nc, kpt_shape]', 'nc: 3\nkpt_shape: [4, 2]')).toEqual([...boxes, [2, 8, places]]);
    expect(outputs('OBB, [nc, 1]')).toEqual([...boxes, [2, 1, places]]);
    expect(outputs('v10Detect, [nc]')).toEqual([...boxes, ...boxes]);
  });

  it('start the second head of YOLOv10 as a copy of the first, without a gradient to the maps', () => {
    const graph = graphOf(net(`${MAPS}\n  - [[0, 1, 2], 1, v10Detect, [nc]]`));
    const copies = graph.parameters.filter(({ copyOf }) => copyOf !== undefined);
    expect(copies.length).toBeGreaterThan(0);
    for (const { name, copyOf } of copies)
      expect(graph.parameters[copyOf ?? -1]?.name).toBe(name.replace('one2one_', ''));
    expect(graph.nodes.filter(({ op }) => op === 'detach')).toHaveLength(3);
  });

  it('set the score bias by stride', () => {
    const graph = graphOf(net(`${MAPS}\n  - [[0, 1, 2], 1, Detect, [nc]]`));
    const bias = graph.parameters.find(({ name }) => name === 'model.3.cv3.1.2.bias')?.initialiser;
    expect(bias).toEqual({ kind: 'constant', value: Math.log(5 / 3 / (640 / 16) ** 2) });
  });
});

describe('the size of pictures', () => {
  it('is the first that all rows admit', () => {
    const rows = '  - [-1, 1, Conv, [8, 3, 2]]\n  - [-1, 1, nn.Flatten, []]\n  - [-1, 1, nn.Linear, [4608, 5]]';
    const [input] = graphOf(net(rows)).inputs;
    expect(input).toMatchObject({ shape: [2, 3, 48, 48], origin: 'guessed' });
  });

  it('is told to be wrong at its row where none fits', () => {
    const rows = '  - [-1, 1, nn.Flatten, []]\n  - [-1, 1, nn.Linear, [7, 5]]';
    expect(read(net(rows)).models[0]?.unread).toMatchObject({
      code: 'shape-mismatch',
      span: { range: { start: { line: 3 } } },
    });
  });
});

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
    ['a text-guided module', '  - [-1, 1, C2fAttn, [64, 64, 2]]', 'unknown-layer', 'C2fAttn'],
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
    const begin = performance.now();
    const result = read(`a0: &a0 [x, x]\n${bomb.join('\n')}\nbackbone:\n  - [-1, 1, Conv, [8]]\n`);
    expect(result.problems[0]?.code ?? result.models[0]?.unread?.code).toBe('too-large');
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('refuse an activation that is code', () => {
    expect(() => parseActivation("__import__('os').system('x')")).toThrow('not an activation');
    expect(read(net('  - [-1, 1, Conv, [8]]', 'activation: nn.Unknown()')).models[0]?.unread?.code).toBe(
      'unknown-activation',
    );
  });
});
