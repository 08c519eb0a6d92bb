import { describe, expect, it } from 'vitest';
import type { ModelGraph } from '../../../src/graph/graph';
import { readKerasJson } from '../../../src/readers/kerasJson/kerasJsonReader';
import { readUltralytics } from '../../../src/readers/ultralytics/ultralyticsReader';
import { refusal } from '../../../src/trace/estimate';
import { largestPlace } from '../../../src/trace/largestPlace';

const files: [string, string, (path: string, text: string) => ModelGraph | null | undefined, number][] = [
  [
    'model.json',
    `{"class_name": "Sequential", "config": {"name": "net", "layers": [
  {"class_name": "Dense", "config": {"name": "a", "units": 4, "batch_input_shape": [null, 1000000]}},
  {"class_name": "Dense", "config": {"name": "b", "units": 1000000}},
  {"class_name": "Dense", "config": {"name": "c", "units": 1000000}}
]}}`,
    (path, text) => readKerasJson({ path, files: [{ path, text }], batch: 2 }).models[0]?.graph,
    3,
  ],
  [
    'net.yaml',
    `nc: 3
backbone:
  - [-1, 1, Conv, [8, 3, 2]]
  - [-1, 1, Conv, [1000000, 1, 2]]
  - [-1, 1, Conv, [1000000, 1, 2]]
`,
    (path, text) => readUltralytics({ path, files: [{ path, text }], batch: 2 }).models[0]?.graph,
    4,
  ],
];

describe('a model of 10^12 parameters', () => {
  it.each(files)('%s is read without making them, and refused at the largest layer', (path, text, read, line) => {
    const graph = read(path, text);
    if (!graph) throw new Error('no graph');
    expect(graph.parameters.map(({ shape }) => shape.reduce((size, n) => size * n, 1))).toContain(10 ** 12);
    expect(refusal(graph, 1)).toContain('the limit is');
    expect(largestPlace(graph)?.range.start.line).toBe(line);
  });
});
