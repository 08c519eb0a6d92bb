import { beforeAll, describe, expect, it } from 'vitest';
import type { OpName } from '../../../../src/graph/ops';
import type { DrawSource, OpRow } from '../../../../src/training/ops/row';
import { OP_TABLE } from '../../../../src/training/ops/table';
import { boot, runRow } from './checkRow';
import { EVERY_OP, type OpCase } from './everyOp';
import { sizeOf } from './grid';

beforeAll(boot);

/** The same draws in every pass, so that differences are those of one function. */
const DRAWS: DrawSource = {
  draw: (_, __, size) => Float32Array.from({ length: size }, (_, i) => i / 4),
  keep: (_, __, size) => Float32Array.from({ length: size }, (_, i) => i % 2),
};

const H = 2 ** -7;
/** Of the largest slope: float32 loses 2^-24 / H, and steps of 2 H are no tangents. */
const TOLERANCE = 2e-3;

describe('every op of the vocabulary', () => {
  const cases = Object.entries(EVERY_OP) as [OpName, OpCase<OpName>][];

  it.each(cases)('%s gives the shapes of the graph, and gradients that its own differences bear out', (op, given) => {
    const { attributes, inputs, outputs, constant } = given;
    const row = OP_TABLE[op] as unknown as OpRow<OpName> | undefined;
    expect(row, 'a row').toBeDefined();
    // `runRow` compares shapes and dtypes with those of the case.
    const weights = outputs.map(({ shape, dtype }, k) =>
      (dtype ?? 'float') === 'float' ? Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(3 * i + k)) : null,
    );
    if (constant === true) {
      runRow(op, attributes, inputs, outputs, weights, DRAWS);
      expect(row?.backward ?? null).toBeNull();
      return;
    }
    const loss = (operands: typeof inputs): number => {
      const made = runRow(
        op,
        attributes,
        operands,
        outputs,
        weights.map(() => null),
        DRAWS,
      );
      return made.outputs.reduce((sum, values, k) => {
        const own = weights[k];
        return own === null || own === undefined ? sum : sum + values.reduce((s, v, i) => s + v * own[i]!, 0);
      }, 0);
    };
    const { gradients } = runRow(op, attributes, inputs, outputs, weights, DRAWS);
    const slopes = inputs.map(({ values = [], dtype }, k) =>
      (dtype ?? 'float') !== 'float'
        ? null
        : values.map((v, i) => {
            const at = (w: number) => loss(inputs.with(k, { ...inputs[k]!, values: values.with(i, w) }));
            return (at(v + H) - at(v - H)) / (2 * H);
          }),
    );
    expect(gradients.map((gradient) => gradient?.length)).toEqual(slopes.map((slope) => slope?.length));
    const largest = Math.max(1e-3, ...slopes.flatMap((slope) => slope ?? []).map(Math.abs));
    slopes.forEach((slope, k) =>
      slope?.forEach((wanted, i) => {
        const got = gradients[k]![i]!;
        expect(Math.abs(got - wanted) / largest, `input ${k}, element ${i}: ${got}, not ${wanted}`).toBeLessThan(
          TOLERANCE,
        );
      }),
    );
  });
});
