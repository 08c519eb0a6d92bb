import { describe, expect, it } from 'vitest';
import type { OpAttributes } from '../../../src/graph/ops';
import { atLastStep, outputTimePlaces } from '../../../src/trace/timePlace';
import { GraphBuilder } from '../diagnosis/builder';

const CELL: OpAttributes<'recurrent'> = {
  cell: 'rnn',
  framework: 'pytorch',
  hidden: 4,
  reverse: false,
  bias: false,
  initialState: false,
  activation: 'tanh',
  gateActivation: 'sigmoid',
  resetAfter: true,
};

/** [2, 5, 3] through a recurrent layer of four units; `head` makes the output out of its sequence of states. */
function withHead(head: (builder: GraphBuilder, sequence: number) => number) {
  const builder = new GraphBuilder();
  const x = builder.input([2, 5, 3]);
  const sequence = builder.node('recurrent', CELL, [x], [2, 5, 4]);
  builder.output(head(builder, sequence));
  return outputTimePlaces(builder.graph);
}

const linear = (builder: GraphBuilder, x: number, shape: number[]) => builder.node('linear', {} as never, [x], shape);

describe('outputTimePlaces', () => {
  it('follows the steps through a head that is applied to each', () => {
    const { outputs, layers } = withHead((b, x) => linear(b, b.node('tanh', {}, [x], [2, 5, 4]), [2, 5, 7]));
    expect(outputs).toEqual([[{ stride: 7, steps: 5 }]]);
    expect([...layers]).toEqual([1]);
  });

  it('follows them through an exchange of axes and through samples and steps made one axis', () => {
    const swapped = withHead((b, x) => b.node('permute', { order: [0, 2, 1] }, [x], [2, 4, 5]));
    expect(swapped.outputs).toEqual([[{ stride: 1, steps: 5 }]]);
    const merged = withHead((b, x) => linear(b, b.node('reshape', {}, [x], [10, 4]), [10, 7]));
    expect(merged.outputs).toEqual([[{ stride: 7, steps: 5 }]]);
  });

  it('follows them through a concatenation of features, a sum with a broadcast operand and a mean over features', () => {
    const joined = withHead((b, x) => b.node('concat', { axis: 2 }, [x, x], [2, 5, 8]));
    expect(joined.outputs).toEqual([[{ stride: 8, steps: 5 }]]);
    const mean = withHead((b, x) => b.node('mean', { axes: [2], keepDims: false }, [x], [2, 5]));
    expect(mean.outputs).toEqual([[{ stride: 1, steps: 5 }]]);
  });

  it.each<[string, (b: GraphBuilder, x: number) => number]>([
    [
      'the last step',
      (b, x) => b.node('slice', { start: [0, 4, 0], stop: [2, 5, 4], step: [1, 1, 1] }, [x], [2, 1, 4]),
    ],
    ['a mean over the steps', (b, x) => b.node('mean', { axes: [1], keepDims: false }, [x], [2, 4])],
    ['all steps at once', (b, x) => linear(b, b.node('reshape', {}, [x], [2, 20]), [2, 5])],
    [
      'the steps as the right operand',
      (b, x) => b.node('matmul', { transposeA: false, transposeB: false }, [b.input([2, 5, 5]), x], [2, 5, 4]),
    ],
  ])('ends at a head that reads %s', (_, head) => {
    expect(withHead(head)).toEqual({ outputs: [[]], layers: new Set() });
  });
});

describe('atLastStep', () => {
  it('keeps the last step of each sample alone', () => {
    const gradient = Float64Array.from({ length: 12 }, (_, i) => i + 1);
    expect([...atLastStep(gradient, [{ stride: 2, steps: 3 }])]).toEqual([0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 11, 12]);
    expect([...atLastStep(gradient, [])]).toEqual([...gradient]);
  });
});
