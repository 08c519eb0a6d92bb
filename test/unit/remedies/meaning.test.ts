import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../../../src/diagnosis/graphIndex';
import { hasMeaning } from '../../../src/remedies/meaning';
import { GraphBuilder } from '../diagnosis/builder';

const LINEAR = { weightLayout: 'outIn' } as const;

/** A model made by `build` from one activation's output; says whether that activation has a meaning. */
function meansSomething(
  build: (b: GraphBuilder, unit: number, x: number) => number,
  op: 'sigmoid' | 'tanh' = 'sigmoid',
) {
  const builder = new GraphBuilder();
  const x = builder.input([4, 8]);
  const unit = builder.node(op, {}, [x], [4, 8]);
  builder.output(build(builder, unit, x));
  const index = new GraphIndex(builder.graph);
  return hasMeaning(index.producers[unit] ?? -1, index);
}

const head = (b: GraphBuilder, x: number) =>
  b.node('linear', LINEAR, [x, b.parameter('w', [8, 8], { kind: 'normal', mean: 0, std: 1 })], [4, 8]);

describe('a sigmoid or tanh that means something', () => {
  it('is a gate', () => expect(meansSomething((b, u, x) => head(b, b.node('mul', {}, [x, u], [4, 8])))).toBe(true));

  it('squeezes and excites', () =>
    expect(
      meansSomething((b, u, x) => {
        const shaped = b.node('reshape', {}, [u], [4, 8, 1]);
        return head(b, b.node('mul', {}, [b.node('broadcast', {}, [shaped], [4, 8]), x], [4, 8]));
      }),
    ).toBe(true));

  it('mixes with what is left of one', () =>
    expect(
      meansSomething((b, u) => {
        const one = b.node('constant', { values: [1] }, [], [1]);
        return head(b, b.node('sub', {}, [one, u], [4, 8]));
      }),
    ).toBe(true));

  it('is what the model returns, also behind a reshape', () => {
    expect(meansSomething((_, u) => u)).toBe(true);
    expect(meansSomething((b, u) => b.node('reshape', {}, [u], [32]), 'tanh')).toBe(true);
  });

  it('scores an attention', () =>
    expect(
      meansSomething((b, u, x) => {
        const share = b.node('softmax', { axis: 1 }, [head(b, u)], [4, 8]);
        return head(b, b.node('mul', {}, [share, x], [4, 8]));
      }, 'tanh'),
    ).toBe(true));
});

describe('a sigmoid or tanh between layers', () => {
  it('means nothing', () => expect(meansSomething((b, u) => head(b, u))).toBe(false));

  it('means nothing before the softmax of the head', () =>
    expect(
      meansSomething((b, u) => b.node('reshape', {}, [b.node('softmax', { axis: 1 }, [head(b, u)], [4, 8])], [32])),
    ).toBe(false));

  it('means nothing inside a residual branch, or times a constant', () => {
    expect(meansSomething((b, u, x) => b.node('add', {}, [x, u], [4, 8]))).toBe(false);
    expect(
      meansSomething((b, u) => head(b, b.node('mul', {}, [u, b.node('constant', { values: [1.7] }, [], [1])], [4, 8]))),
    ).toBe(false);
  });
});
