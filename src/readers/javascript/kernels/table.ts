import { ELEMENTWISE_KERNELS } from './elementwise';
import type { KernelRow } from './kernelCall';
import { PRODUCT_KERNELS } from './products';
import { REDUCING_KERNELS } from './reducing';
import { SHAPING_KERNELS } from './shaping';

const ROWS: Readonly<Record<string, KernelRow>> = {
  ...ELEMENTWISE_KERNELS,
  ...SHAPING_KERNELS,
  ...REDUCING_KERNELS,
  ...PRODUCT_KERNELS,
};

/** How a kernel of TensorFlow.js is lowered; null for one that cannot be followed. */
export function kernelRowOf(kernel: string): KernelRow | null {
  return Object.hasOwn(ROWS, kernel) ? (ROWS[kernel] ?? null) : null;
}
