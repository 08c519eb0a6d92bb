import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../kernels/heap';
import { allocateFloats, isSoleOwner } from '../ops/tensors';

/** A gradient that may lie far outside float32's range: `tensor * 2^exponent`, `exponent` a whole number. */
export interface Scaled {
  tensor: Tensor;
  exponent: number;
}

/** A gradient with its size. */
export interface MeasuredGradient extends Scaled {
  /** Sum of squares of `tensor`'s elements in float64, without the exponent. 0 exactly where every element is zero. */
  squaredNorm: number;
}

/** log2 of the L2 norm, exponent included: -Infinity for exactly zero, NaN or Infinity where elements are. */
export const log2NormOf = ({ squaredNorm, exponent }: MeasuredGradient): number =>
  Math.log2(squaredNorm) / 2 + exponent;

/**
 * Gradients that travel on are kept at L2 norms in [2^8, 2^64] and set to about 2^40 when they leave it. Float32 ends at
 * 2^128 above and loses precision under 2^-126: so a gradient's own elements may spread over 160 octaves before the
 * smallest turn denormal (which costs precision, and a factor of 200 in speed), a layer may still multiply them by
 * 2^60 without overflow, and one rescale lasts for some 30 octaves of decay.
 */
export const WINDOW = { low: 8, high: 64, target: 40 } as const;

export function measured(scaled: Scaled): MeasuredGradient {
  const backend = heap();
  const squaredNorm = backend.kernels.sumOfSquares(backend.address(scaled.tensor), scaled.tensor.size);
  return { ...scaled, squaredNorm };
}

/** The power of two to multiply by so that the norm is at 2^target; 0 for zero and non-finite gradients. */
export function stepsTo(target: number, { squaredNorm }: MeasuredGradient): number {
  const norm = Math.log2(squaredNorm) / 2;
  return Number.isFinite(norm) ? Math.round(target - norm) : 0;
}

/** The same value with `steps` moved from the exponent into the elements. Takes `gradient` over; in place where it may. */
export function moved(gradient: MeasuredGradient, steps: number): MeasuredGradient {
  if (steps === 0) return gradient;
  const tensor = multiplied(gradient.tensor, steps);
  if (tensor !== gradient.tensor) gradient.tensor.dispose();
  return {
    tensor,
    exponent: gradient.exponent - steps,
    squaredNorm: gradient.squaredNorm * 2 ** (2 * steps),
  };
}

/** `moved` that leaves `gradient` as it is. */
export function copyMoved(gradient: Scaled, steps: number): Scaled {
  const tensor = allocateFloats(gradient.tensor.shape);
  scaleInto(gradient.tensor, tensor, steps);
  return { tensor, exponent: gradient.exponent - steps };
}

/** Brings the norm back into the window. Takes `gradient` over. */
export function normalised(gradient: MeasuredGradient): MeasuredGradient {
  const norm = Math.log2(gradient.squaredNorm) / 2;
  if (!Number.isFinite(norm) || (norm >= WINDOW.low && norm <= WINDOW.high)) return gradient;
  return moved(gradient, stepsTo(WINDOW.target, gradient));
}

/** Sum of two gradients of one value, at the larger exponent. Takes both over; both must be normalised. */
export function sum(a: MeasuredGradient, b: MeasuredGradient): MeasuredGradient {
  if (b.squaredNorm === 0) return kept(a, b);
  if (a.squaredNorm === 0) return kept(b, a);
  const [large, other] = a.exponent >= b.exponent ? [a, b] : [b, a];
  // A factor of 2^-126 is the last that float32 has; what lies lower is moved first.
  const small = moved(other, Math.min(0, other.exponent - large.exponent + 126));
  const tensor =
    [large.tensor, small.tensor].find((operand) => isSoleOwner(operand)) ?? allocateFloats(large.tensor.shape);
  const backend = heap();
  const [left, right] = [backend.address(large.tensor), backend.address(small.tensor)];
  const factor = 2 ** (small.exponent - large.exponent);
  backend.kernels.combine(left, right, backend.address(tensor), tensor.size, 1, factor);
  for (const operand of [large.tensor, small.tensor]) if (operand !== tensor) operand.dispose();
  return normalised(measured({ tensor, exponent: large.exponent }));
}

function kept(result: MeasuredGradient, dropped: MeasuredGradient): MeasuredGradient {
  dropped.tensor.dispose();
  return result;
}

function multiplied(tensor: Tensor, steps: number): Tensor {
  const target = isSoleOwner(tensor) ? tensor : allocateFloats(tensor.shape);
  scaleInto(tensor, target, steps);
  return target;
}

/** Float32 factors end at 2^±126, so longer ways are gone in several exact steps. */
function scaleInto(source: Tensor, target: Tensor, steps: number): void {
  const backend = heap();
  let from = backend.address(source);
  const to = backend.address(target);
  // 400 steps down empty every float32; further ones change nothing.
  let left = Math.max(-400, steps);
  do {
    const step = Math.max(-126, Math.min(126, left));
    backend.kernels.scale(from, to, source.size, 2 ** step);
    left -= step;
    from = to;
  } while (left !== 0);
}
