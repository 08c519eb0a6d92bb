import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../scripts/build/kernels.mjs';
import type { GraphNode } from '../../../src/graph/graph';
import type { OpAttributes, OpName } from '../../../src/graph/ops';
import { bootBackend } from '../../../src/training/backend';
import { toTensor } from '../../../src/training/feeds';
import { activity } from '../../../src/training/measure/activity';
import { flatParts } from '../../../src/training/measure/slopes';
import { makersOf, unitAxis } from '../../../src/training/measure/units';
import { GraphBuilder } from './executor/graphs';

beforeAll(async () => {
  await buildKernels();
  await bootBackend({ directory: path.resolve('dist', 'wasm') });
});

const node = <O extends OpName>(op: O, attributes: OpAttributes<O>): GraphNode =>
  ({ op, attributes, inputs: [0], outputs: [1], module: null, span: null }) as unknown as GraphNode;

function expectIntervals(
  found: readonly (readonly [number, number])[] | undefined,
  expected: [number, number][],
): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach(([from, to], i) => {
    for (const [value, edge] of [
      [found![i]![0], from],
      [found![i]![1], to],
    ] as const) {
      if (Number.isFinite(edge)) expect(value).toBeCloseTo(edge, 4);
      else expect(value).toBe(edge);
    }
  });
}

describe('flat parts of activations', () => {
  it('finds saturated sigmoids: s (1 - s) = 0.05 / 4', () => {
    const edge = Math.log((1 + Math.sqrt(0.95)) / (1 - Math.sqrt(0.95)));
    const parts = flatParts(node('sigmoid', {}));
    expectIntervals(parts?.saturated, [
      [-Infinity, -edge],
      [edge, Infinity],
    ]);
    expectIntervals(parts?.closed, []);
  });

  it('finds saturated tanhs: 1 - t^2 = 0.05', () => {
    const edge = Math.atanh(Math.sqrt(0.95));
    expectIntervals(flatParts(node('tanh', {}))?.saturated, [
      [-Infinity, -edge],
      [edge, Infinity],
    ]);
  });

  it('finds closed ReLUs, zero included', () => {
    const parts = flatParts(node('relu', {}))!;
    expectIntervals(parts.closed, [[-Infinity, 0]]);
    expect(0 < parts.closed[0]![1]).toBe(true);
    expect(1e-30 < parts.closed[0]![1]).toBe(false);
  });

  it('finds both ends of a ReLU6', () => {
    expectIntervals(flatParts(node('clip', { min: 0, max: 6 }))?.closed, [
      [-Infinity, 0],
      [6, Infinity],
    ]);
    expectIntervals(flatParts(node('clip', { min: 0, max: 'inf' }))?.closed, [[-Infinity, 0]]);
  });

  it('counts a leaky ReLU as saturated below zero only where its slope is under 5 %, and never as closed', () => {
    expectIntervals(flatParts(node('leakyRelu', { slope: 0.01 }))?.saturated, [[-Infinity, 0]]);
    expectIntervals(flatParts(node('leakyRelu', { slope: 0.2 }))?.saturated, []);
    expectIntervals(flatParts(node('leakyRelu', { slope: 0.01 }))?.closed, []);
  });

  it('finds the tail of an ELU: e^x = 0.05', () => {
    expectIntervals(flatParts(node('elu', { alpha: 1 }))?.saturated, [[-Infinity, Math.log(0.05)]]);
  });

  it('finds the flat bottom of GELU besides its tail', () => {
    const saturated = flatParts(node('gelu', { approximate: 'none' }))?.saturated ?? [];
    expect(saturated).toHaveLength(2);
    // GELU's minimum lies at -0.7518.
    expect(saturated[1]![0]).toBeLessThan(-0.7518);
    expect(saturated[1]![1]).toBeGreaterThan(-0.7518);
  });

  it('says nothing of other ops', () => {
    expect(flatParts(node('add', {}))).toBeNull();
  });
});

describe('activity', () => {
  const closed = [[-Infinity, 0]] as const;

  it('counts elements and whole units along the given axis', () => {
    // Two samples of three channels of two places.
    const elements = Float32Array.of(-1, -1, 1, -1, -1, -1, -1, -1, -1, -1, -1, 2);
    expect(activity(toTensor(elements, [2, 3, 2]), 1, closed, closed)).toEqual({ saturated: 10 / 12, dead: 1 / 3 });
    expect(activity(toTensor(elements, [6, 2]), 1, closed, closed)).toEqual({ saturated: 10 / 12, dead: 0 });
  });

  it('is exact at zero, where a ReLU closes', () => {
    const { closed: parts } = flatParts(node('relu', {}))!;
    const elements = Float32Array.of(0, -0, 1.4e-45, -1.4e-45, 1, -1, 0, 2, -3);
    expect(activity(toTensor(elements, [9, 1]), 1, parts, []).saturated).toBeCloseTo(6 / 9, 12);
  });

  it('reads half-open intervals', () => {
    expect(activity(toTensor(Float32Array.of(1, 2, 3), [3, 1]), 1, [[2, 3]], []).saturated).toBeCloseTo(1 / 3, 12);
  });
});

describe('unitAxis', () => {
  it('follows the layer that made the value', () => {
    const b = new GraphBuilder();
    const x = b.input([2, 3, 8]);
    const layout = { stride: [1], pads: [[0, 0]] as [number, number][], dilation: [1], groups: 1 };
    const first = b.node(
      'conv',
      { ...layout, layout: 'channelsFirst', weightLayout: 'outInKernel' },
      [x, b.parameter([4, 3, 1])],
      [2, 4, 8],
    );
    const norm = b.node('batchNorm', { axis: 1, epsilon: 1e-5, scale: false, offset: false }, [first], [2, 4, 8]);
    const sum = b.node('add', {}, [norm, first], [2, 4, 8]);
    const dense = b.node('linear', { weightLayout: 'outIn' }, [sum, b.parameter([5, 8])], [2, 4, 5]);
    const graph = b.build(dense);
    expect([first, norm, sum, dense].map((value) => unitAxis(graph, makersOf(graph), value))).toEqual([1, 1, 1, 2]);
  });

  it('takes the second axis of images and the last of anything else where nothing says it', () => {
    const b = new GraphBuilder();
    const [image, table] = [b.input([2, 3, 8, 8]), b.input([2, 5])];
    const graph = b.build(image, table);
    expect(unitAxis(graph, makersOf(graph), image)).toBe(1);
    expect(unitAxis(graph, makersOf(graph), table)).toBe(1);
    expect(unitAxis({ ...graph, framework: 'keras' }, makersOf(graph), image)).toBe(3);
  });
});
