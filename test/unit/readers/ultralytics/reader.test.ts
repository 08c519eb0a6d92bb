import { describe, expect, it } from 'vitest';
import { ReadingValidator } from '../../../../src/graph/validate';
import { pythonRound } from '../../../../src/readers/ultralytics/assemble';
import { parseLiteral } from '../../../../src/readers/ultralytics/literal';
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

  it('come from the entry, the name of the file, or the first of the file, and name the model', () => {
    expect(width(graphOf(text, { entry: 's' }))).toBe(32);
    expect(width(graphOf(text, { path: 'configs/yolov8s-leaf.yaml' }))).toBe(32);
    const first = graphOf(text);
    expect(width(first)).toBe(16);
    expect(first.guesses).toEqual([]);
    const name = (path: string, entry?: string) =>
      read(text, { path, ...(entry === undefined ? {} : { entry }) }).models[0]?.name;
    expect(name('net.yaml')).toBe('net (scale n)');
    expect(name('yolov8-seg.yaml', 's')).toBe('yolov8s-seg');
    expect(name('yolo11s-leaf.yaml')).toBe('yolo11s-leaf');
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
    ['C3TR, [16]', 16, 64],
    ['AIFI, [32, 2]', 8, 64],
    ['CBAM, [8]', 8, 64],
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

describe('open-vocabulary models', () => {
  const rows = `${MAPS}\n  - [[0, 1, 2], 1, ImagePoolingAttn, [16]]\n  - [2, 1, C2fAttn, [32, 16, 2]]`;
  const text = net(`${rows}\n  - [[0, 1, 4], 1, WorldDetect, [nc, 512, True]]`);

  it('read the class names beside the picture', () => {
    const graph = graphOf(text);
    expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['x', [2, 3, 64, 64]],
      ['txt_feats', [2, 3, 512]],
    ]);
    expect(graph.outputs.map((value) => graph.values[value]?.shape)).toEqual([
      [2, 67, 8, 8],
      [2, 67, 4, 4],
      [2, 67, 2, 2],
    ]);
  });
});

describe('the RT-DETR decoder', () => {
  const text = net(`${MAPS}\n  - [[0, 1, 2], 1, RTDETRDecoder, [nc, 16, 20, 4, 2, 3, 32, 0, None, -1, 4]]`);

  it('gives boxes and classes of each layer, for its queries and the denoising ones', () => {
    const graph = graphOf(text);
    const shapes = graph.outputs.map((value) => graph.values[value]?.shape);
    const boxes = [2, 28, 4];
    const classes = [2, 28, 3];
    expect(shapes).toEqual([boxes, boxes, boxes, classes, classes, classes, [2, 20, 4], [2, 20, 3]]);
  });

  it('starts all layers as copies of the first', () => {
    const { parameters } = graphOf(text);
    const later = parameters.filter(({ name }) => /decoder\.layers\.[12]\./.test(name));
    expect(later.length).toBeGreaterThan(0);
    for (const { name, copyOf } of later)
      expect(parameters[copyOf ?? -1]?.name).toBe(name.replace(/layers\.\d/, 'layers.0'));
  });

  it('takes a picture with enough places for its queries', () => {
    expect(graphOf(text.replace('16, 20', '16, 100')).inputs[0]?.shape).toEqual([2, 3, 96, 96]);
  });
});

describe('heads with anchors', () => {
  it('are those of the YOLOv5 repository', () => {
    const settings = 'nc: 3\nanchors:\n  - [10,13, 16,30]\n  - [30,61, 62,45]\n  - [116,90, 156,198]';
    const graph = graphOf(net(`${MAPS}\n  - [[0, 1, 2], 1, Detect, [nc, anchors]]`, settings));
    expect(shapeOf(graph)).toEqual([2, 2, 8, 8, 8]);
    const bias = graph.parameters.find(({ name }) => name === 'model.3.m.1.bias')?.initialiser;
    expect(bias).toMatchObject({
      kind: 'regions',
      regions: [
        { start: [4], stop: [5], fill: { kind: 'affine', shift: Math.log(8 / (640 / 16) ** 2) } },
        { start: [5], stop: [8] },
        { start: [12], stop: [13] },
        { start: [13], stop: [16] },
      ],
    });
  });
});

describe('places', () => {
  it('name the entry of the file at the modules of the rows', () => {
    const text = `${net('  - [-1, 1, Conv, [8]]')}head:\n  - [-1, 2, Conv, [8]]\n`;
    const { modules } = graphOf(text);
    const entries = modules.flatMap(({ path, type, entry }) => (entry === undefined ? [] : [[path, type, entry]]));
    expect(entries).toEqual([
      ['model.0', 'Conv', 'backbone[0]'],
      ['model.1', 'Sequential', 'head[0]'],
    ]);
  });
});

describe('area attention', () => {
  const rows = '  - [-1, 1, Conv, [64, 3, 8]]\n  - [-1, 1, A2C2f, [64, True, 4]]';
  const kernelOf = (graph: ReturnType<typeof graphOf>) =>
    graph.parameters.find(({ name }) => name.endsWith('0.0.attn.pe.conv.weight'))?.shape.at(-1);
  const count = (graph: ReturnType<typeof graphOf>) =>
    graph.parameters.reduce((sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1), 0);

  it('has the form whose parameters the file counts, else that of the package', () => {
    const scales = (comment: string) => `scales:\n  n: [1, 1, 1024] # ${comment}`;
    const plain = graphOf(net(rows));
    expect(kernelOf(plain)).toBe(7);
    // Two blocks, 32 channels each, 7 x 7 against 5 x 5.
    const other = count(plain) - 2 * 32 * 24;
    expect(kernelOf(graphOf(net(rows, scales(`summary: 9 layers, ${other.toLocaleString('en')} parameters`))))).toBe(5);
    expect(kernelOf(graphOf(net(rows, scales('summary: 9 layers, 12,345 parameters'))))).toBe(7);
  });
});

describe('arguments', () => {
  it.each([
    ['None', null],
    ['True', true],
    ['-3', -3],
    ['1e-3', 0.001],
    ['[-1, 6]', [-1, 6]],
    ["(3, [1, None], 'nearest')", [3, [1, null], 'nearest']],
    ['nearest', 'nearest'],
    ['[1, 2', '[1, 2'],
    ['[1,,2]', '[1,,2]'],
  ])('read %s as Python does', (text, value) => {
    expect(parseLiteral(text)).toEqual(value);
  });
});

describe('backbones of torchvision', () => {
  it.each([
    ['512, resnet18, None, True, 2', 512, 2],
    ['1024, resnext50_32x4d, None, True, 3', 1024, 4],
  ])('%s', (values, channels, side) => {
    expect(shapeOf(graphOf(net(`  - [-1, 1, TorchVision, [${values}]]`)))).toEqual([2, channels, side, side]);
  });

  it('have unknown weights, unless none are loaded', () => {
    const origins = (weights: string) =>
      graphOf(net(`  - [-1, 1, TorchVision, [512, resnet18, ${weights}, True, 2]]`)).parameters.map(
        ({ initialiserOrigin }) => initialiserOrigin,
      );
    expect(new Set(origins('DEFAULT'))).toEqual(new Set(['checkpoint']));
    expect(new Set(origins('None'))).toEqual(new Set(['default']));
  });
});

describe('the comment', () => {
  const classifier = net('  - [-1, 1, Conv, [8, 3, 8]]\n  - [-1, 1, nn.Flatten, []]\n  - [-1, 1, nn.Linear, [32, 4]]');

  it('says how large pictures are', () => {
    const [input] = graphOf(`# gradient-lens: input=(3, 16, 16)\n${classifier}`).inputs;
    expect(input).toMatchObject({ shape: [2, 3, 16, 16], origin: 'declared' });
  });

  it('that silences a finding is left to the report', () => {
    const [model] = read(
      `# gradient-lens: ignore[dead-units]\n# gradient-lens: input=(3, 16, 16)\n${classifier}`,
    ).models;
    expect(model?.graph?.inputs).toMatchObject([{ shape: [2, 3, 16, 16], origin: 'declared' }]);
  });

  it('is refused where it is misspelt, at its place', () => {
    const [model] = read(`nc: 3 # gradient-lens: input=16x16\n${classifier.replace('nc: 3\n', '')}`).models;
    expect(model?.unread).toMatchObject({
      code: 'bad-comment',
      span: { range: { start: { line: 0, character: 6 }, end: { line: 0, character: 34 } } },
    });
  });
});
