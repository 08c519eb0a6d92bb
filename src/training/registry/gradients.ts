import {
  backend,
  backend_util,
  BatchMatMul,
  Conv2D,
  type Conv2DAttrs,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  type DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  Einsum,
  type EinsumAttrs,
  engine,
  getGradient,
  type GradConfig,
  type NamedTensorMap,
  registerGradient,
  reshape,
  sum,
  Tensor,
  unregisterGradient,
} from '@tensorflow/tfjs-core';
import { HeapBackend } from '../kernels/heap';
import { EINSUM_GRADIENT } from './products';

const one = (result: Tensor | Tensor[]): Tensor => {
  const first = Array.isArray(result) ? result[0] : result;
  if (first === undefined) throw new RangeError('The kernel gave no tensor.');
  return first;
};

/** Runs a kernel; tfjs types its inputs and attributes more narrowly than it uses them. */
const run = (name: string, inputs: object, attributes: object): Tensor =>
  one(engine().runKernel(name, inputs as NamedTensorMap, attributes as Record<string, never>));

/** The gradient of a repeated operand is the sum over what it was repeated along. */
function summedTo(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = backend_util.getReductionAxes([...shape], gradient.shape);
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, [...shape]);
}

const pair = (saved: readonly Tensor[]): [Tensor, Tensor] => {
  const [a, b] = saved;
  if (a === undefined || b === undefined) throw new RangeError('The tape kept too few tensors.');
  return [a, b];
};

/** tfjs refuses where the convolution is dilated; our kernels do not. */
const convolution =
  (input: string, kernel: string) =>
  (stock: GradConfig): GradConfig => ({
    ...stock,
    gradFunc: (dy, saved, given) => {
      const attributes = given as unknown as Conv2DAttrs | DepthwiseConv2dNativeAttrs;
      const dilations = attributes.dilations as unknown as number | number[];
      const plain = [dilations].flat().every((dilation) => dilation === 1);
      if (plain || !(backend() instanceof HeapBackend)) return stock.gradFunc(dy, saved, given);
      const [x, filter] = pair(saved);
      const from = one(dy);
      return {
        x: () => run(input, { dy: from, filter }, { ...attributes, inputShape: x.shape }),
        filter: () => run(kernel, { x, dy: from }, { ...attributes, filterShape: filter.shape }),
      };
    },
  });

/** tfjs' own has the wrong shape where leading dims broadcast. */
const product = (stock: GradConfig): GradConfig => ({
  ...stock,
  gradFunc: (dy, saved, given) => {
    const [a, b] = pair(saved);
    const gradients = stock.gradFunc(dy, saved, given);
    return {
      a: () => summedTo(gradients['a']?.() ?? a, a.shape),
      b: () => summedTo(gradients['b']?.() ?? b, b.shape),
    };
  },
});

/** tfjs has none. Serves on our backend alone, for the gradient may need what no equation of tfjs says: repeats and diagonals. */
const EINSUM: GradConfig = {
  kernelName: Einsum,
  saveAllInputs: true,
  gradFunc: (dy, saved, given) => {
    const { equation } = given as unknown as EinsumAttrs;
    const from = one(dy);
    const gradient = (index: number) => () =>
      run(EINSUM_GRADIENT, { dy: from, ...Object.fromEntries(saved.entries()) }, { equation, index });
    return Object.fromEntries(saved.map((_, index) => [String(index), gradient(index)]));
  },
};

/**
 * Gradients that tfjs refuses or gets wrong, on top of its own (`@tensorflow/tfjs-core/dist/register_all_gradients`), which must
 * be registered first. On another backend than ours they do as tfjs' own. A second call changes nothing.
 */
export function registerGradients(): void {
  if ((getGradient(Einsum) as GradConfig | undefined) !== undefined) return;
  const replace = (name: string, make: (stock: GradConfig) => GradConfig): void => {
    const stock = getGradient(name) as GradConfig | undefined;
    if (stock === undefined) throw new Error("tfjs' own gradients are not registered.");
    unregisterGradient(name);
    registerGradient(make(stock));
  };
  replace(Conv2D, convolution(Conv2DBackpropInput, Conv2DBackpropFilter));
  replace(DepthwiseConv2dNative, convolution(DepthwiseConv2dNativeBackpropInput, DepthwiseConv2dNativeBackpropFilter));
  replace(BatchMatMul, product);
  registerGradient(EINSUM);
}
