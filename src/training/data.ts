import type { GraphInput } from '../graph/graph';
import { Random } from './random';

const DATA_STREAM = 2;
const TARGET_STREAM = 3;
const DRAW_STREAM = 4;

/**
 * Synthetic inputs of one step: standard normal, or whole numbers spread evenly over [0, high). Fresh in every step, so
 * that nothing can be learnt by heart and gradients are those of the whole distribution.
 */
export function stepInputs(inputs: readonly GraphInput[], seed: number, step: number): (Float32Array | Int32Array)[] {
  return inputs.map((input, number) => {
    const random = new Random(seed, DATA_STREAM, step, number);
    const length = input.shape.reduce((size, n) => size * n, 1);
    if (input.kind === 'int') return Int32Array.from({ length }, () => random.integer(input.high ?? 1));
    const elements = new Float32Array(length);
    for (let i = 0; i < length; i++) elements[i] = random.normal();
    return elements;
  });
}

/** Where the random targets of one step come from. */
export function targetRandom(seed: number, step: number): Random {
  return new Random(seed, TARGET_STREAM, step);
}

/** Where forward draw or dropout mask number `draw` of one step comes from. */
export function drawRandom(seed: number, step: number, draw: number): Random {
  return new Random(seed, DRAW_STREAM, step, draw);
}
