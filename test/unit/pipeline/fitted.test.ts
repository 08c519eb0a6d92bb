import { describe, expect, it } from 'vitest';
import type { GraphNode, ModelGraph } from '../../../src/graph/graph';
import type { InputRequest, Problem } from '../../../src/graph/reading';
import { fitted } from '../../../src/pipeline/fitted';
import { twoLayers } from './fixtures';

/** Two convolutions on an image [batch, 3, side, side]; `ops` more nodes make it another net. */
function imageNet(batch: number, side: number, other = false): ModelGraph {
  const plain = twoLayers(batch);
  const [first, second] = plain.parameters;
  const shape = (channels: number) => [batch, channels, side, side];
  const value = (of: number[]) => ({ shape: of, dtype: 'float' as const });
  const node = (op: string, attributes: object, inputs: number[], output: number) =>
    ({ op, attributes, inputs, outputs: [output], module: 0, span: null }) as unknown as GraphNode;
  const conv = {
    stride: [1, 1],
    pads: [
      [1, 1],
      [1, 1],
    ],
    dilation: [1, 1],
    groups: 1,
    layout: 'channelsFirst',
    weightLayout: 'outInKernel',
  };
  return {
    ...plain,
    inputs: [{ name: 'x', shape: shape(3), kind: 'float', origin: 'guessed', reason: 'usual' }],
    values: [
      value(shape(3)),
      value([64, 3, 3, 3]),
      value(shape(64)),
      value([64, 64, 3, 3]),
      value(shape(64)),
      value(shape(64)),
    ],
    parameters: [
      { ...first!, shape: [64, 3, 3, 3] },
      { ...second!, shape: [64, 64, 3, 3] },
    ],
    nodes: [
      node('input', { index: 0 }, [], 0),
      node('parameter', { index: 0 }, [], 1),
      node('conv', conv, [0, 1], 2),
      node('parameter', { index: 1 }, [], 3),
      node('conv', conv, [2, 3], 4),
      node(other ? 'tanh' : 'relu', {}, [4], 5),
    ],
    guesses: [],
  };
}

const UNREAD: Problem = { code: 'unknown-layer', message: 'no', span: null, related: [] };

/** A reader that answers with what `make` gives, and remembers what it was asked. */
function reader(make: (batch: number, inputs?: InputRequest[]) => ModelGraph | Problem, hasGivenInputs = false) {
  const asked: { batch: number; shape: number[] | null }[] = [];
  return {
    asked,
    hasGivenInputs,
    withBatch: (_: string, batch: number, inputs?: InputRequest[]) => {
      asked.push({ batch, shape: inputs?.[0]?.shape ?? null });
      return Promise.resolve(make(batch, inputs));
    },
  };
}

describe('a graph fitted to its plan', () => {
  it('is the one that was read where the plan wants its batch', async () => {
    const reading = reader(() => UNREAD);
    const graph = twoLayers(32);
    const { graph: made, planned, inputs } = await fitted('Net()', graph, reading, {});
    expect(made).toBe(graph);
    expect([planned.batch, planned.reductions, inputs]).toEqual([32, [], undefined]);
    expect(reading.asked).toEqual([]);
  });

  it('is read again with the batch of the plan', async () => {
    const reading = reader((batch) => twoLayers(batch));
    const { graph, planned } = await fitted('Net()', twoLayers(32), reading, { batch: 4 });
    expect(graph.inputs[0]?.shape).toEqual([4, 8]);
    expect(planned.batch).toBe(4);
    expect(reading.asked).toEqual([{ batch: 4, shape: null }]);
  });

  it('stays as it was read where it cannot be read with another batch', async () => {
    const graph = twoLayers(32);
    const { graph: made } = await fitted(
      'Net()',
      graph,
      reader(() => UNREAD),
      { batch: 4 },
    );
    expect(made).toBe(graph);
  });

  const large = (batch: number, inputs?: InputRequest[]) => imageNet(batch, inputs?.[0]?.shape[2] ?? 512);

  it('has a smaller image where the whole one is too much, and says so', async () => {
    const reading = reader(large);
    const { graph, planned, inputs } = await fitted('Net()', imageNet(32, 512), reading, {});
    const [batch, , side] = graph.inputs[0]!.shape;
    expect(side).toBeLessThan(512);
    expect(batch).toBe(planned.batch);
    expect(inputs).toEqual([{ shape: [32, 3, side, side], kind: 'float' }]);
    expect(planned.reductions[0]).toContain(`Images of 3 x ${side} x ${side} instead of 3 x 512 x 512`);
    // What the first reading said of the input still holds.
    expect(graph.inputs[0]).toMatchObject({ origin: 'guessed', reason: 'usual' });
  });

  it('keeps the image where inputs were given', async () => {
    const reading = reader(large, true);
    const { graph, inputs } = await fitted('Net()', imageNet(32, 512), reading, {});
    expect(graph.inputs[0]?.shape.slice(1)).toEqual([3, 512, 512]);
    expect(inputs).toBeUndefined();
    expect(reading.asked.every(({ shape }) => shape === null)).toBe(true);
  });

  it.each([
    ['cannot be read', (): Problem => UNREAD],
    [
      'is another net',
      (batch: number, inputs?: InputRequest[]) => imageNet(batch, inputs?.[0]?.shape[2] ?? 512, inputs !== undefined),
    ],
  ])('keeps the image where the smaller one %s', async (_, make) => {
    const { graph, planned, inputs } = await fitted('Net()', imageNet(32, 512), reader(make), {});
    expect(graph.inputs[0]?.shape.slice(1)).toEqual([3, 512, 512]);
    expect(inputs).toBeUndefined();
    expect(planned.reductions.some((text) => text.startsWith('Images'))).toBe(false);
  });
});
