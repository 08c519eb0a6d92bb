import type { Tensor } from '@tensorflow/tfjs-core';
import { stridesOf } from '../ops/strides';
import { alias, floats, zeros } from '../ops/tensors';
import { batchedProduct } from './batches';
import { heap } from './heap';
import { permuted } from './layout';
import { product } from './rows';

type Labels = readonly string[];
type LabelSizes = ReadonlyMap<string, number>;

/** A tensor whose axes carry labels. */
interface Labelled {
  labels: Labels;
  tensor: Tensor;
}

const shapeOf = (labels: Labels, sizes: LabelSizes): number[] => labels.map((label) => sizes.get(label) ?? 1);
const sizeOf = (labels: Labels, sizes: LabelSizes): number => product(shapeOf(labels, sizes));
const distinct = (labels: Labels): string[] => [...new Set(labels)];
const same = (a: Labels, b: Labels): boolean => a.join() === b.join();

/** Places in a tensor with axes `labels` as the axes `order` run in C order; axes with the same label run together. */
function places({ labels, tensor: { shape } }: Labelled, order: Labels, sizes: LabelSizes): number[] {
  const strides = stridesOf(shape);
  let result = [0];
  for (const label of order) {
    const step = labels.reduce((sum, own, axis) => (own === label ? sum + (strides[axis] ?? 0) : sum), 0);
    const steps = Array.from({ length: sizes.get(label) ?? 1 }, (_, i) => i * step);
    result = result.flatMap((start) => steps.map((offset) => start + offset));
  }
  return result;
}

/** The same operand with each label once: the diagonal where a label repeats. */
function diagonal(operand: Labelled, sizes: LabelSizes): Labelled {
  const labels = distinct(operand.labels);
  if (labels.length === operand.labels.length) return operand;
  const tensor = heap().allocate(shapeOf(labels, sizes));
  const [from, to] = [floats(operand.tensor), floats(tensor)];
  places(operand, labels, sizes).forEach((place, i) => (to[i] = from[place] ?? NaN));
  return { labels, tensor };
}

const reordered = ({ labels, tensor }: Labelled, order: Labels): Tensor =>
  same(labels, order)
    ? tensor
    : permuted(
        tensor,
        order.map((label) => labels.indexOf(label)),
      );

/** Sums out, in float64, the labels that are not in `keep`. */
function summed(operand: Labelled, keep: Labels, sizes: LabelSizes): Labelled {
  const labels = operand.labels.filter((label) => keep.includes(label));
  const gone = operand.labels.filter((label) => !keep.includes(label));
  if (gone.length === 0) return operand;
  const ordered = reordered(operand, [...labels, ...gone]);
  const tensor = heap().allocate(shapeOf(labels, sizes));
  const inner = sizeOf(gone, sizes);
  const [from, to] = [floats(ordered), floats(tensor)];
  for (let i = 0; i < to.length; i++) {
    let sum = 0;
    for (let j = 0; j < inner; j++) sum += from[i * inner + j] ?? NaN;
    to[i] = sum;
  }
  return { labels, tensor };
}

/** Two operands as one batched matrix product: shared labels that are kept are the batch, the other shared ones are summed over. */
function contracted(a: Labelled, b: Labelled, keep: Labels, sizes: LabelSizes): Labelled {
  const left = summed(a, [...keep, ...b.labels], sizes);
  const right = summed(b, [...keep, ...a.labels], sizes);
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => keep.includes(label));
  const inner = shared.filter((label) => !keep.includes(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const matrices = (operand: Labelled, from: Labels, to: Labels): Tensor =>
    alias(
      reordered(operand, [...batch, ...from, ...to]),
      [batch, from, to].map((labels) => sizeOf(labels, sizes)),
    );
  const result = batchedProduct(
    { tensor: matrices(left, rows, inner), transpose: false },
    { tensor: matrices(right, inner, columns), transpose: false },
  );
  const labels = [...batch, ...rows, ...columns];
  return { labels, tensor: alias(result, shapeOf(labels, sizes)) };
}

/** Repeats along labels that the operand lacks, and puts repeated labels on the diagonal of a zero tensor. */
function spread(operand: Labelled, output: Labels, sizes: LabelSizes): Tensor {
  const tensor = zeros(shapeOf(output, sizes));
  const order = distinct(output);
  const sources = places(operand, order, sizes);
  const [from, to] = [floats(operand.tensor), floats(tensor)];
  places({ labels: output, tensor }, order, sizes).forEach((place, i) => (to[place] = from[sources[i] ?? 0] ?? NaN));
  return tensor;
}

const labelsOf = (text: string): string[] => Array.from(text);

/**
 * NumPy's einsum for an equation with an arrow, operands contracted from left to right. `shape` gives the sizes of labels that
 * only the result has (it is constant along them); a label that the result repeats puts the values on its diagonal: so
 * gradients are einsums too. Temporaries belong to the caller's scope.
 */
export function einsum(equation: string, operands: readonly Tensor[], shape: readonly number[] = []): Tensor {
  const [left = '', right = ''] = equation.replaceAll(' ', '').split('->');
  const names = left.split(',').map(labelsOf);
  const output = labelsOf(right);
  if (names.length !== operands.length) throw new RangeError(`${equation} does not name ${operands.length} operands.`);
  const sizes = new Map<string, number>(output.map((label, axis) => [label, shape[axis] ?? 1]));
  const named = operands.map((tensor, i): Labelled => ({ labels: names[i] ?? [], tensor }));
  for (const { labels, tensor } of named) labels.forEach((label, axis) => sizes.set(label, tensor.shape[axis] ?? 1));
  const all = named.map((operand) => diagonal(operand, sizes));
  const joined = all.reduce((result, next, i) => {
    const later = all.slice(i + 1).flatMap(({ labels }) => labels);
    return contracted(result, next, [...output, ...later], sizes);
  });
  const result = summed(joined, output, sizes);
  if (same(result.labels, output)) return alias(result.tensor);
  const permutes = result.labels.length === output.length && distinct(output).length === output.length;
  return permutes ? reordered(result, output) : spread(result, output, sizes);
}
