import type { GraphInput } from '../graph/graph';
import { Random } from './random';

const DATA_STREAM = 2;
const TARGET_STREAM = 3;
const DRAW_STREAM = 4;

/**
 * Synthetic inputs of one step: standard normal, or spread evenly over [low, high): whole numbers, and floating-point inputs with an
 * upper end, such as pixels. Fresh in every step, so that nothing can be learnt by heart and gradients are those of the whole
 * distribution.
 */
export function stepInputs(inputs: readonly GraphInput[], seed: number, step: number): (Float32Array | Int32Array)[] {
  return inputs.map((input, number) => {
    const random = new Random(seed, DATA_STREAM, step, number);
    const length = input.shape.reduce((size, n) => size * n, 1);
    const { kind, low = 0, high } = input;
    if (kind === 'int') return Int32Array.from({ length }, () => low + random.integer(Math.max(1, (high ?? 1) - low)));
    const draw = high === undefined ? () => random.normal() : () => low + (high - low) * random.uniform();
    const elements = new Float32Array(length);
    for (let i = 0; i < length; i++) elements[i] = draw();
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
