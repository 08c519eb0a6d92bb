import { CONVOLUTION_KERNELS } from './convolutions';
import { ELEMENT_KERNELS } from './elements';
import { POOLING_KERNELS } from './pooling';
import { PRODUCT_KERNELS } from './products';
import { type OwnKernel, register } from './rowKernel';

/** All that we register: what tfjs' WASM backend lacks, gets wrong or does slowly. */
export const OWN_KERNELS: readonly OwnKernel[] = [
  ...CONVOLUTION_KERNELS,
  ...POOLING_KERNELS,
  ...PRODUCT_KERNELS,
  ...ELEMENT_KERNELS,
];

/**
 * Makes plain tfjs code (`conv2d`, `matMul`, `grad`, tfjs-layers) run on our kernels. Call it once the backend is set, so that
 * tfjs' own kernels are set up: they go on serving dtypes other than float32.
 */
export function registerKernels(): void {
  for (const kernel of OWN_KERNELS) register(kernel);
}
