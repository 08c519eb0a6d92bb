import { describe, expect, test } from 'vitest';
import type { ModelGraph } from '../../../src/graph/graph';
import { InvalidReading, ReadingValidator } from '../../../src/graph/validate';

/** y = relu(x) for x [2, 3]. */
function small(): ModelGraph {
  return {
    schema: 1,
    framework: 'pytorch',
    inputs: [{ name: 'x', shape: [2, 3], kind: 'float', origin: 'declared', reason: 'test' }],
    values: [
      { shape: [2, 3], dtype: 'float' },
      { shape: [2, 3], dtype: 'float' },
    ],
    parameters: [],
    modules: [{ path: '', type: 'Net', parent: null, span: null }],
    nodes: [
      { op: 'input', attributes: { index: 0 }, inputs: [], outputs: [0], module: null, span: null },
      { op: 'relu', attributes: {}, inputs: [0], outputs: [1], module: 0, span: null },
    ],
    outputs: [1],
    recipe: { loss: null, optimiser: null },
    guesses: [],
  };
}

describe('a reading is held against its schemas', () => {
  const validator = new ReadingValidator();
  const broken = (change: (graph: Record<string, unknown> & { nodes: Record<string, unknown>[] }) => void) => {
    const graph = structuredClone(small()) as unknown as Record<string, unknown> & { nodes: Record<string, unknown>[] };
    change(graph);
    return () => validator.graph(graph);
  };

  test('a sound graph passes unchanged', () => expect(validator.graph(small())).toEqual(small()));

  test.each<[string, (graph: Record<string, unknown> & { nodes: Record<string, unknown>[] }) => void, RegExp]>([
    ['an unknown op', (g) => (g.nodes[1]!['op'] = 'reloo'), /node 1 \(reloo\): no such op/],
    ['a wrong attribute', (g) => (g.nodes[0]!['attributes'] = { index: -1 }), /node 0 \(input\)\/index/],
    ['a missing attribute', (g) => (g.nodes[0]!['attributes'] = {}), /node 0 \(input\)\/index/],
    ['a value used before it is made', (g) => g.nodes.reverse(), /used before it is made/],
    ['a value made twice', (g) => (g.nodes[1]!['outputs'] = [0]), /value 0 is not its to make/],
    ['a value outside the table', (g) => (g.nodes[1]!['outputs'] = [7]), /value 7 is not its to make/],
    ['an output that nothing makes', (g) => (g['outputs'] = [5]), /output value 5/],
    ['a module outside the table', (g) => (g.nodes[1]!['module'] = 3), /no module 3/],
    ['no nodes at all', (g) => delete (g as Record<string, unknown>)['nodes'], /nodes/],
  ])('%s is refused', (_, change, message) => {
    expect(broken(change)).toThrow(InvalidReading);
    expect(broken(change)).toThrow(message);
  });

  test('a model without graph must say why', () => {
    const model = {
      name: 'Net',
      entry: 'Net()',
      framework: 'pytorch',
      span: null,
      graph: null,
      unread: null,
      guesses: [],
    };
    expect(() => validator.result({ problems: [], models: [model], files: [] })).toThrow(/either a graph or a reason/);
  });
});
