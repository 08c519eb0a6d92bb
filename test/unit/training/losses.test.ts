import { describe, expect, it } from 'vitest';
import type { Framework, LossKind } from '../../../src/graph/graph';
import { classAxis } from '../../../src/training/losses/classes';
import { evaluateLoss } from '../../../src/training/losses/evaluate';
import type { LossOutput } from '../../../src/training/losses/loss';
import { LOSSES } from '../../../src/training/losses/table';
import { Random } from '../../../src/training/random';

const output = (shape: number[], make: (i: number) => number): LossOutput => ({
  shape,
  elements: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => make(i)),
});
const noise = (seed: number) => {
  const random = new Random(seed);
  return () => random.normal();
};

function loss(
  kind: LossKind,
  outputs: LossOutput[],
  framework: Framework = 'pytorch',
  input: LossOutput | null = null,
) {
  const plan = { kind, outputs: outputs.map((_, i) => i), origin: 'asked' as const };
  return evaluateLoss(plan, outputs, { framework, input, random: new Random(11) });
}

/** Analytic gradients against central differences; steps are powers of two so that float32 elements hold them exactly. */
function expectTrueGradients(
  kind: LossKind,
  outputs: LossOutput[],
  framework: Framework,
  input: LossOutput | null = null,
) {
  const { gradients } = loss(kind, outputs, framework, input);
  const step = 2 ** -9;
  outputs.forEach(({ elements }, place) => {
    for (let i = 0; i < elements.length; i++) {
      const x = elements[i] ?? 0;
      elements[i] = x + step;
      const up = elements[i]!;
      const above = loss(kind, outputs, framework, input).loss;
      elements[i] = x - step;
      const width = up - elements[i]!;
      const below = loss(kind, outputs, framework, input).loss;
      elements[i] = x;
      expect(gradients[place]?.[i]).toBeCloseTo((above - below) / width, 4);
    }
  });
}

const probabilityRow = (i: number) => [0.2, 0.5, 0.3][i % 3] ?? 0;

describe('losses', () => {
  it.each<[LossKind, Framework, LossOutput[]]>([
    ['cross-entropy', 'pytorch', [output([4, 3], noise(1))]],
    ['cross-entropy', 'pytorch', [output([2, 3, 5], noise(2))]],
    ['cross-entropy', 'pytorch', [output([2, 3, 2, 2], noise(3))]],
    ['cross-entropy', 'keras', [output([2, 2, 2, 3], noise(4))]],
    ['nll', 'pytorch', [output([4, 3], noise(5))]],
    ['output', 'pytorch', [output([], noise(12))]],
    ['output', 'keras', [output([2, 3], noise(13))]],
    ['probs', 'keras', [output([4, 3], probabilityRow)]],
    ['probs', 'pytorch', [output([4, 3], (i) => 2 * probabilityRow(i))]],
    ['bce', 'pytorch', [output([4, 1], (i) => 0.2 + 0.15 * i)]],
    ['bce', 'keras', [output([4, 1], (i) => 0.2 + 0.15 * i)]],
    ['bce-logits', 'pytorch', [output([4, 2], noise(6))]],
    ['mse', 'pytorch', [output([4, 2], noise(7))]],
    ['mae', 'pytorch', [output([4, 2], noise(8))]],
    ['huber', 'pytorch', [output([4, 2], noise(9))]],
    ['cross-entropy', 'pytorch', [output([4, 3], noise(1)), output([4, 2], noise(2))]],
  ])('%s on %s has the gradient of its value', (kind, framework, outputs) => {
    expectTrueGradients(kind, outputs, framework);
  });

  it.each<LossKind>(['reconstruct', 'vae'])('%s has the gradient of its value', (kind) => {
    const outputs = [output([2, 6], noise(1)), output([2, 2], noise(2)), output([2, 2], noise(3))];
    const input = output([2, 2, 3], noise(4));
    expectTrueGradients(kind, kind === 'vae' ? outputs : outputs.slice(0, 1), 'pytorch', input);
  });

  it('starts a cross-entropy of equal logits at the logarithm of the class count', () => {
    expect(loss('cross-entropy', [output([8, 5], () => 3)]).loss).toBeCloseTo(Math.log(5), 12);
  });

  it('tells the classes of images, sequences and tables apart', () => {
    expect(classAxis([2, 5], 'pytorch')).toBe(1);
    expect(classAxis([2, 15, 9], 'pytorch')).toBe(2);
    expect(classAxis([2, 3, 20, 24], 'pytorch')).toBe(1);
    expect(classAxis([2, 20, 24, 3], 'keras')).toBe(3);
    const image = loss('cross-entropy', [output([1, 2, 3, 3], (i) => (i < 9 ? 50 : -50))]);
    // One channel is sure of itself: each place costs either nothing or the full difference of 100.
    expect(image.loss).toBeCloseTo((100 * Math.round((image.loss / 100) * 9)) / 9, 9);
    expect(image.loss).toBeGreaterThan(0);
  });

  it('keeps the small gradients of sure classes', () => {
    const { gradients } = loss('cross-entropy', [output([64, 2], (i) => (i % 2 === 0 ? 40 : 0))]);
    const smallest = Math.min(...[...(gradients[0] ?? [])].map(Math.abs));
    expect(smallest * 64).toBeCloseTo(Math.exp(-40), 25);
    expect(smallest).toBeGreaterThan(0);
  });

  it('guards probabilities as each framework does', () => {
    const sure = [output([64, 1], () => 1)];
    const torch = loss('bce', sure, 'pytorch');
    const keras = loss('bce', sure, 'keras');
    const wrong = torch.loss / 100;
    expect(wrong).toBeGreaterThan(0.2);
    expect(wrong).toBeLessThan(0.8);
    expect(Math.max(...(torch.gradients[0] ?? []))).toBeCloseTo(1e12 / 64, -3);
    expect(keras.loss).toBeCloseTo(-wrong * Math.log(1e-7) - (1 - wrong) * Math.log(1 - 1e-7), 5);
    expect(keras.gradients[0]?.every((g) => g === 0)).toBe(true);
  });

  it.each<LossKind>(['cross-entropy', 'nll', 'probs', 'bce', 'bce-logits', 'mse', 'mae', 'huber'])(
    '%s passes a NaN on',
    (kind) => {
      const { loss: value, gradients } = loss(kind, [output([1, 2], () => NaN)]);
      expect(value).toBeNaN();
      if (kind !== 'nll') expect(gradients[0]?.some(Number.isNaN)).toBe(true);
    },
  );

  it('leaves outputs that the loss does not read without a gradient, and gives each its own kind', () => {
    const outputs = [output([4, 3], noise(1)), output([4, 2], noise(2)), output([4, 1], () => 0.5)];
    const context = { framework: 'keras' as const, input: null, random: new Random(1) };
    const { loss: value, gradients } = evaluateLoss(
      { kind: 'cross-entropy', kinds: ['cross-entropy', 'bce'], outputs: [0, 2], origin: 'asked' },
      outputs,
      context,
    );
    expect(gradients[1]).toBeNull();
    expect(gradients[2]?.map(Math.abs)).toEqual(new Float64Array(4).fill(0.5));
    const first = evaluateLoss({ kind: 'cross-entropy', outputs: [0], origin: 'asked' }, outputs, {
      ...context,
      random: new Random(1),
    });
    expect(value - first.loss).toBeCloseTo(Math.LN2, 12);
  });

  it('says what is wrong with an input that cannot be rebuilt', () => {
    expect(() => loss('reconstruct', [output([2, 3], noise(1))])).toThrow('no float input');
    expect(() => loss('reconstruct', [output([2, 3], noise(1))], 'pytorch', output([2, 4], noise(2)))).toThrow(
      'the output [2, 3] has another size than the input [2, 4]',
    );
  });
});

describe('targets of a rectifier', () => {
  it('are none that it cannot reach', () => {
    const outputs = (positive: boolean) => [{ elements: new Float32Array(200), shape: [200, 1], positive }];
    const slopes = (positive: boolean) =>
      LOSSES.mse(outputs(positive), { framework: 'keras', input: null, random: new Random(1) }).gradients[0] ?? [];
    // At an output of zero the slope is minus twice the target.
    expect(Math.max(...slopes(true))).toBeLessThanOrEqual(0);
    expect(Math.max(...slopes(false))).toBeGreaterThan(0);
  });
});
