import {
  BatchMatMul,
  type BatchMatMulAttrs,
  Einsum,
  type EinsumAttrs,
  Identity,
  type Tensor,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { batchedProduct } from '../kernels/batches';
import { einsum } from '../kernels/einsum';
import { heap } from '../kernels/heap';
import { operand, product } from '../kernels/rows';
import { alias, zeros } from '../ops/tensors';
import type { OwnKernel } from './rowKernel';

/** Slices of x by their segment, summed in float64. Segments outside [0, n) are left out, as in TensorFlow. */
function segmentSum(x: Tensor, segments: Tensor, count: number): Tensor {
  const rest = x.shape.slice(segments.shape.length);
  const inner = product(rest);
  const sums = new Float64Array(count * inner);
  const from = heap().floats(x);
  heap()
    .ints(segments)
    .forEach((segment, i) => {
      if (segment < 0 || segment >= count) return;
      for (let k = 0; k < inner; k++)
        sums[segment * inner + k] = (sums[segment * inner + k] ?? 0) + (from[i * inner + k] ?? NaN);
    });
  const result = zeros([count, ...rest]);
  heap().floats(result).set(sums);
  return result;
}

/** Gradient of einsum with respect to operand `index`; inputs are dy, then all operands. */
export const EINSUM_GRADIENT = 'EinsumGrad';

interface EinsumGradientAttributes extends EinsumAttrs {
  index: number;
}

/** Linear in each operand: the sum of dy times the other operands over its labels. */
function einsumGradient([dy, ...operands]: readonly Tensor[], { equation, index }: EinsumGradientAttributes): Tensor {
  const [left = '', output = ''] = equation.replaceAll(' ', '').split('->');
  const labels = left.split(',');
  const other = <T>(list: readonly T[]): T[] => list.filter((_, i) => i !== index);
  const reversed = `${[output, ...other(labels)].join()}->${labels[index] ?? ''}`;
  return einsum(reversed, [operand([dy ?? null], 0), ...other(operands)], operand(operands, index).shape);
}

/** Products, sums of slices and the copy that tfjs' tape makes of each tensor it keeps. */
export const PRODUCT_KERNELS: readonly OwnKernel[] = [
  {
    kernelName: BatchMatMul,
    run: (inputs, given) => {
      const { transposeA, transposeB } = given as BatchMatMulAttrs;
      const a = { tensor: inputs.get('a'), transpose: transposeA };
      return batchedProduct(a, { tensor: inputs.get('b'), transpose: transposeB });
    },
  },
  { kernelName: Einsum, run: (inputs, given) => einsum((given as EinsumAttrs).equation, inputs.all()) },
  {
    kernelName: EINSUM_GRADIENT,
    run: (inputs, given) => einsumGradient(inputs.all(), given as EinsumGradientAttributes),
  },
  {
    kernelName: UnsortedSegmentSum,
    indices: ['segmentIds'],
    run: (inputs, given) => {
      const { numSegments } = given as UnsortedSegmentSumAttrs;
      return segmentSum(inputs.get('x'), inputs.get('segmentIds'), numSegments);
    },
  },
  // Tensors never change, so a second handle on the elements is as good as a copy.
  { kernelName: Identity, run: (inputs) => alias(inputs.get('x')) },
];
