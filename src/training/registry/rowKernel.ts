import {
  getKernel,
  type KernelConfig,
  registerKernel,
  Tensor,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { GraphValue } from '../../graph/graph';
import type { OpAttributes, OpName } from '../../graph/ops';
import type { BackwardArguments, OpRow, RowContext } from '../ops/row';
import { alias } from '../ops/tensors';
import { operand, scoped } from '../kernels/rows';

/** The inputs of a tfjs kernel by name. */
export class KernelInputs {
  constructor(private readonly named: Partial<Record<string, TensorInfo>>) {}

  /** The input as a tensor. It stays the caller's: nothing counts it. */
  get(name: string): Tensor {
    const given = this.named[name];
    if (given === undefined) throw new RangeError(`The kernel has no input "${name}".`);
    return seen(given, given.shape);
  }

  /** "dy", if there is one, then the inputs that are named by number. */
  all(): Tensor[] {
    const numbered = Object.keys(this.named).filter((name) => name !== 'dy');
    return [...('dy' in this.named ? ['dy'] : []), ...numbered].map((name) => this.get(name));
  }
}

/** Number of the tensors that tfjs does not count. */
const UNCOUNTED = -1;

/** The elements of a tensor under a shape of equal size, for as long as the tensor lives. */
export const seen = ({ dataId, dtype }: TensorInfo, shape: readonly number[]): Tensor =>
  new Tensor([...shape], dtype, dataId, UNCOUNTED);

/** One of tfjs' kernels made of our op rows and kernels. */
export interface OwnKernel {
  kernelName: string;
  /** Inputs that hold int32; all the others are float32. */
  indices?: readonly string[];
  /** `attributes` are tfjs' own for the kernel. The tensor returned must be new; whatever else is made is disposed of. */
  run(inputs: KernelInputs, attributes: object): Tensor;
}

/** What tfjs registered under the name before; its `setupFunc` must still run, because it serves the dtypes that ours does not. */
interface Registered extends KernelConfig {
  stock: KernelConfig | undefined;
}

/**
 * Registers `kernel` for the backend 'wasm' in place of tfjs' own, which goes on serving other dtypes. tfjs keeps one registry
 * a process; a second call changes nothing.
 */
export function register(kernel: OwnKernel): void {
  const { kernelName, indices = [] } = kernel;
  const stock = getKernel(kernelName, 'wasm') as KernelConfig | undefined;
  if (stock !== undefined) {
    if ('stock' in stock) return;
    unregisterKernel(kernelName, 'wasm');
  }
  const config: Registered = {
    kernelName,
    backendName: 'wasm',
    stock,
    kernelFunc: (given) => {
      const named: Partial<Record<string, TensorInfo>> = given.inputs;
      const wanted = (name: string) => (indices.includes(name) ? 'int32' : 'float32');
      const other = Object.entries(named).find(([name, input]) => input !== undefined && input.dtype !== wanted(name));
      if (other !== undefined) {
        if (stock !== undefined) return stock.kernelFunc(given);
        throw new TypeError(
          `${kernelName}: "${other[0]}" must be ${wanted(other[0])}, not ${String(other[1]?.dtype)}.`,
        );
      }
      return scoped(
        () => kernel.run(new KernelInputs(named), given.attrs ?? {}),
        (result) => [result],
      );
    },
    ...(stock?.setupFunc === undefined ? {} : { setupFunc: stock.setupFunc }),
    ...(stock?.disposeFunc === undefined ? {} : { disposeFunc: stock.disposeFunc }),
  };
  registerKernel(config);
}

/** A row with its op's name, and the attributes and output shape of one call. */
export interface RowCall<O extends OpName> {
  op: O;
  row: OpRow<O>;
  attributes: OpAttributes<O>;
  output: readonly number[];
}

/** Dropout and sources have no kernel in tfjs. */
const NO_DRAWS = {
  draw: (): never => {
    throw new Error('No kernel of tfjs draws.');
  },
  keep: () => null,
};

function contextOf<O extends OpName>({ op, attributes, output }: RowCall<O>, inputs: readonly Tensor[]): RowContext<O> {
  const value = (shape: readonly number[], dtype: string): GraphValue => ({
    shape: [...shape],
    dtype: dtype === 'int32' ? 'int' : 'float',
  });
  return {
    node: { op, attributes, inputs: inputs.map((_, i) => i), outputs: [inputs.length], module: null, span: null },
    inputValues: inputs.map(({ shape, dtype }) => value(shape, dtype)),
    outputValues: [value(output, 'float32')],
    draws: NO_DRAWS,
  };
}

/** The row's forward rule. */
export function forward<O extends OpName>(call: RowCall<O>, inputs: readonly Tensor[]): Tensor {
  return operand(call.row.forward(inputs, contextOf(call, inputs)).outputs, 0);
}

/** The row's gradient of input number `index`. Inputs and outputs that the rule does not read may hold anything. */
export function backward<O extends OpName>(
  call: RowCall<O>,
  { inputs, outputs = [], saved = [], dy }: { inputs: readonly Tensor[]; dy: Tensor } & Partial<BackwardArguments>,
  index: number,
): Tensor {
  const wanted = inputs.map((_, i) => i === index);
  const given = { inputs, outputs, saved, outputGradients: [dy], wanted };
  return operand(call.row.backward?.(given, contextOf(call, inputs)) ?? [], index);
}

/** The forward rule with what it saves for its gradient. */
export function forwardSaving<O extends OpName>(
  call: RowCall<O>,
  inputs: readonly Tensor[],
): { output: Tensor; saved: readonly Tensor[] } {
  const { outputs, saved = [] } = call.row.forward(inputs, contextOf(call, inputs));
  return { output: operand(outputs, 0), saved };
}

/** The tensor under another shape, as a new handle. */
export const reshaped = (tensor: Tensor, shape: readonly number[]): Tensor => alias(tensor, shape);
