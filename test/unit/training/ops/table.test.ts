import { beforeAll, describe, expect, it } from 'vitest';
import { OP_ATTRIBUTES } from '../../../../src/graph/ops';
import { FED_OPS } from '../../../../src/training/executor/wiring';
import { OP_TABLE } from '../../../../src/training/ops/table';
import { boot, runRow } from './checkRow';

beforeAll(boot);

/** Ops still without a row. May only shrink. */
const MISSING: string[] = [];

describe('the op table', () => {
  it('has a row for every op that is not fed', () => {
    const rows = Object.keys(OP_TABLE);
    const ops = Object.keys(OP_ATTRIBUTES).filter((op) => !FED_OPS.some((fed) => fed === op));
    expect(ops.filter((op) => !rows.includes(op))).toEqual(MISSING);
    expect(rows.filter((op) => !ops.includes(op))).toEqual([]);
  });
});

describe('sources', () => {
  it('make constants of every dtype, one value filling all', () => {
    const make = (values: (number | 'inf' | '-inf' | 'nan')[], shape: number[], dtype: 'float' | 'int' | 'bool') =>
      runRow('constant', { values }, [], [{ shape, dtype }], [null]).outputs[0];
    expect(make([1.5, '-inf', 'nan'], [3], 'float')).toEqual([1.5, -Infinity, NaN]);
    expect(make([7], [2, 2], 'int')).toEqual([7, 7, 7, 7]);
    expect(make([1, 0], [2], 'bool')).toEqual([1, 0]);
    expect(make([2], [], 'float')).toEqual([2]);
  });

  it('draw what the source gives them', () => {
    const asked: unknown[] = [];
    const draws = {
      draw: (...asking: [unknown, unknown, number]) => {
        asked.push(asking);
        return Float32Array.from({ length: asking[2] }, (_, i) => i);
      },
      keep: () => null,
    };
    const { outputs } = runRow('random', { distribution: 'uniform', draw: 5 }, [], [{ shape: [2, 2] }], [null], draws);
    expect(outputs[0]).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual([['uniform', 5, 4]]);
  });
});
