import type { ModelGraph } from '../../../../src/graph/graph';
import { filled, GraphBuilder, uniform } from './graphs';

export const BATCH = 4;

export interface DeepNet {
  graph: ModelGraph;
  input: Float32Array;
  /** Weight and bias of each layer in turn. */
  parameters: Float32Array[];
  outputGradient: Float32Array;
}

/** `depth` linear layers of `width` units, a sigmoid after each but the last; PyTorch's default spread of weights. */
export function sigmoidNet(depth: number, width: number, scale = 1 / Math.sqrt(width)): DeepNet {
  const builder = new GraphBuilder();
  const next = uniform(depth);
  let value = builder.input([BATCH, width]);
  const parameters: Float32Array[] = [];
  for (let layer = 0; layer < depth; layer++) {
    value = builder.linear(value, BATCH, width, width);
    if (layer < depth - 1) value = builder.node('sigmoid', {}, [value], [BATCH, width]);
    parameters.push(filled(width * width, next, scale), filled(width, next, scale));
  }
  return {
    graph: builder.build(value),
    input: filled(BATCH * width, next, 1.7),
    parameters,
    outputGradient: filled(BATCH * width, next, 0.1),
  };
}

/** log2 of the gradient norms of `sigmoidNet`'s parameters, in float64 with the exponent carried by hand. */
export function referenceNorms({ input, parameters, outputGradient }: DeepNet, width: number): number[] {
  const depth = parameters.length / 2;
  const activations: number[][] = [[...input]];
  for (let layer = 0; layer < depth; layer++) {
    const [w, b, x] = [parameters[2 * layer]!, parameters[2 * layer + 1]!, activations[layer]!];
    const z = rows(width, (n, o) => b[o]! + dot(width, (i) => x[n * width + i]! * w[o * width + i]!));
    activations.push(layer < depth - 1 ? z.map((v) => 1 / (1 + Math.exp(-v))) : z);
  }
  const norms: number[] = [];
  let gradient = [...outputGradient];
  let exponent = 0;
  for (let layer = depth - 1; layer >= 0; layer--) {
    const [w, x, y] = [parameters[2 * layer]!, activations[layer]!, activations[layer + 1]!];
    const dz = layer < depth - 1 ? gradient.map((g, i) => g * y[i]! * (1 - y[i]!)) : gradient;
    const dw = Array.from({ length: width * width }, (_, k) =>
      dot(BATCH, (n) => dz[n * width + Math.floor(k / width)]! * x[n * width + (k % width)]!),
    );
    const db = Array.from({ length: width }, (_, o) => dot(BATCH, (n) => dz[n * width + o]!));
    norms.unshift(log2Norm(dw) + exponent, log2Norm(db) + exponent);
    const dx = rows(width, (n, i) => dot(width, (o) => dz[n * width + o]! * w[o * width + i]!));
    const shift = Math.round(log2Norm(dx));
    exponent += shift;
    gradient = dx.map((v) => v * 2 ** -shift);
  }
  return norms;
}

const rows = (width: number, cell: (n: number, i: number) => number): number[] =>
  Array.from({ length: BATCH * width }, (_, k) => cell(Math.floor(k / width), k % width));

function dot(size: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < size; i++) total += term(i);
  return total;
}

export const log2Norm = (x: ArrayLike<number>): number => Math.log2(dot(x.length, (i) => x[i]! * x[i]!)) / 2;
