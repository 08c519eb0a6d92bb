import { beforeAll, describe, expect, it } from 'vitest';
import { heap } from '../../../../src/training/backend';
import { ATTENTION_ROWS } from '../../../../src/training/ops/attention';
import type { DrawSource } from '../../../../src/training/ops/row';
import {
  boot,
  cell,
  checkRow,
  contextOf,
  dense,
  type Dense,
  eachIndex,
  noise,
  random,
  tensorOf,
} from '../kernels/rowCheck';

beforeAll(boot);

/** An index of a broadcast tensor (aligned to the right). */
const broadcast = ({ shape }: Dense, index: readonly number[]): number[] =>
  shape.map((size, axis) => (size === 1 ? 0 : index[axis + index.length - shape.length]!));

interface Own {
  causal: boolean;
  scale: number;
  mask?: Dense | undefined;
  /** Factor of each weight. */
  factor?: (flat: number) => number;
}

function reference(q: Dense, k: Dense, v: Dense, { causal, scale, mask, factor = () => 1 }: Own): Dense {
  const batch = q.shape.slice(0, -2);
  const [rows, features] = [q.shape.at(-2)!, q.shape.at(-1)!];
  const columns = k.shape.at(-2)!;
  const y = dense([...batch, rows, v.shape.at(-1)!]);
  let number = 0;
  eachIndex([...batch, rows], (index) => {
    const row = index.at(-1)!;
    const lead = index.slice(0, -1);
    const scores = Array.from({ length: columns }, (_, j) => {
      let sum = 0;
      for (let e = 0; e < features; e++) sum += cell(q, [...index, e]) * cell(k, broadcast(k, [...lead, j, e]));
      const added = mask === undefined ? 0 : cell(mask, broadcast(mask, [...index, j]));
      return causal && j > row ? -Infinity : sum * scale + added;
    });
    const top = Math.max(...scores);
    const exps = scores.map((s) => Math.exp(s - top));
    const total = exps.reduce((s, e) => s + e, 0);
    exps.forEach((e, j) => {
      const p = (e / total) * factor(number++);
      for (let c = 0; c < y.shape.at(-1)!; c++) {
        y.data[((number - 1 - j) / columns) * y.shape.at(-1)! + c]! += p * cell(v, broadcast(v, [...lead, j, c]));
      }
    });
  });
  return y;
}

const attributes = { causal: false, scale: 0.7, dropout: 0, mask: false };

describe('attention', () => {
  it.each([
    ['plain', [2, 3, 5, 4], [2, 3, 6, 4], [2, 3, 6, 7], false],
    ['causal', [2, 5, 4], [2, 5, 4], [2, 5, 3], true],
    ['causal with more keys', [3, 4], [5, 4], [5, 2], true],
    ['keys shared by heads', [2, 3, 5, 4], [2, 1, 6, 4], [2, 1, 6, 3], false],
  ])('%s', (_, q, k, v, causal) => {
    checkRow({
      op: 'attention',
      row: ATTENTION_ROWS.attention,
      attributes: { ...attributes, causal },
      inputs: [random(q, 1, (x) => 2 * x), random(k, 2), random(v, 3)],
      reference: ([a, b, c]) => reference(a!, b!, c!, { causal, scale: 0.7 }),
    });
  });

  it.each([[[5, 6]], [[3, 1, 6]], [[2, 3, 5, 6]]])('adds a learnable mask of %j', (shape) => {
    checkRow({
      op: 'attention',
      row: ATTENTION_ROWS.attention,
      attributes: { ...attributes, mask: true },
      inputs: [
        random([2, 3, 5, 4], 1),
        random([2, 3, 6, 4], 2),
        random([2, 3, 6, 2], 3),
        random(shape, 4, (x) => 3 * x),
      ],
      reference: ([a, b, c, mask]) => reference(a!, b!, c!, { causal: false, scale: 0.7, mask }),
    });
  });

  it('keeps where a boolean mask is true, and gives nothing where all is masked', () => {
    const inputs = [random([1, 3, 4], 1), random([1, 3, 4], 2), random([1, 3, 2], 3)];
    const keep = [1, 0, 1, 0, 0, 0, 1, 1, 1];
    const context = contextOf('attention', { ...attributes, mask: true }, [], [1, 3, 2]);
    const tensors = inputs.map(tensorOf);
    const mask = heap().allocate([3, 3], 'bool');
    heap().bools(mask).set(keep);
    const { outputs, saved = [] } = ATTENTION_ROWS.attention.forward([...tensors, mask], context);
    const added = dense([3, 3], (i) => (keep[i] === 1 ? 0 : -Infinity));
    const wanted = reference(inputs[0]!, inputs[1]!, inputs[2]!, { causal: false, scale: 0.7, mask: added });
    const y = Array.from(heap().floats(outputs[0]!));
    wanted.data.forEach((value, i) => expect(y[i]).toBeCloseTo(Math.floor(i / 2) === 1 ? 0 : value, 5));
    const dy = tensorOf(random([1, 3, 2], 5));
    const gradients = ATTENTION_ROWS.attention.backward!(
      { inputs: [...tensors, mask], outputs, saved, outputGradients: [dy], wanted: [true, true, true, false] },
      context,
    );
    expect(Array.from(heap().floats(gradients[0]!).subarray(4, 8))).toEqual([0, 0, 0, 0]);
    for (const g of gradients.slice(0, 3)) expect(heap().floats(g!).every(Number.isFinite)).toBe(true);
    for (const t of [...tensors, mask, dy, ...outputs, ...saved, ...gradients]) t?.dispose();
  });

  it('drops weights and their gradients', () => {
    const shape = [2, 3, 4];
    const inputs = [random(shape, 1), random(shape, 2), random(shape, 3)];
    const kept = noise(2 * 3 * 3, 9).map((x) => (x > -0.3 ? 1 : 0));
    const draws: DrawSource = {
      draw: () => new Float32Array(),
      keep: (_, rate, size) => (expect([rate, size]).toEqual([0.4, 18]), Float32Array.from(kept)),
    };
    const context = { ...contextOf('attention', { ...attributes, dropout: 0.4 }, [], shape), draws };
    const tensors = inputs.map(tensorOf);
    const { outputs, saved = [] } = ATTENTION_ROWS.attention.forward(tensors, context);
    const of = (given: readonly Dense[]): Dense =>
      reference(given[0]!, given[1]!, given[2]!, { causal: false, scale: 0.7, factor: (i) => kept[i]! / 0.6 });
    of(inputs).data.forEach((value, i) => expect(heap().floats(outputs[0]!)[i]).toBeCloseTo(value, 5));
    const dy = dense(shape, () => 1);
    const incoming = tensorOf(dy);
    const gradients = ATTENTION_ROWS.attention.backward!(
      { inputs: tensors, outputs, saved, outputGradients: [incoming], wanted: [true, true, true] },
      context,
    );
    inputs.forEach(({ data }, which) => {
      const value = data[5]!;
      const at = (x: number): number => {
        data[5] = x;
        return of(inputs).data.reduce((s, y) => s + y, 0);
      };
      const slope = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
      data[5] = value;
      expect(heap().floats(gradients[which]!)[5]).toBeCloseTo(slope, 4);
    });
    for (const t of [...tensors, incoming, ...outputs, ...saved, ...gradients]) t?.dispose();
  });
});
