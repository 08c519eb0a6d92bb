import type { DType } from '../../graph/graph';
import type { Initialiser } from '../../graph/initialiser';
import type { Scalar } from '../../graph/scalar';
import type { GraphBuilder, Tensor } from '../graphBuilder';
import type { OwnLayerRow } from '../kerasJson/assemble';
import { Config } from '../layers/config';
import { initialiserOf } from '../layers/initialisers';
import type { CallArguments, Layer } from '../layers/layer';
import { Unreadable } from '../unreadable';
import { KernelCall } from './kernels/kernelCall';
import { kernelRowOf } from './kernels/table';
import type { TraceAnswer, TracedNode, TracedWeight, WeightStart } from './sandbox/records';
import type { CallSite } from './source/callSites';
import type { Tracing } from './tracing';

const MOST_NODES = 20_000;

/** Lowers layers of the file's own: their `call` is run inside the seal, and every kernel call in it becomes nodes. */
export class OwnLayers {
  readonly #weights = new Map<number, Tensor>();

  constructor(
    private readonly tracing: Tracing,
    /** Under which the sandbox knows the model. */
    private readonly model: number,
    private readonly sites: readonly CallSite[],
  ) {}

  readonly rowOf: OwnLayerRow = (path) => (inputs, layer, call) => this.#lower(path, inputs, layer, call);

  #lower(path: readonly string[], inputs: readonly Tensor[], layer: Layer, call: CallArguments): Tensor[] {
    const given = inputs.map(({ shape, dtype }) => ({ shape, dtype: DTYPES[dtype] }));
    const { trace, failure } = this.tracing.trace(this.model, path, given, plain(call));
    if (!trace) {
      const span = failure?.site == null ? null : (this.sites[failure.site]?.span ?? null);
      const message = failure?.message ?? `\`${layer.spec.className}\` could not be run.`;
      throw new Unreadable(failure?.code ?? 'unsupported', message, span);
    }
    if (trace.nodes.length > MOST_NODES)
      throw new Unreadable('too-large', `\`${layer.spec.className}\` makes more than ${MOST_NODES} operations.`);
    return this.#build(trace, inputs, layer);
  }

  #build(trace: TraceAnswer, inputs: readonly Tensor[], layer: Layer): Tensor[] {
    const { b } = layer;
    const made = new Map<number, Tensor>();
    trace.inputs.forEach((value, i) => {
      const input = inputs[i];
      if (input) made.set(value, input);
    });
    for (const { value, values } of trace.constants) {
      const { shape, dtype } = valueOf(trace, value);
      made.set(value, b.constant(values.map(scalarOf), shape, dtype));
    }
    for (const weight of trace.weights) made.set(weight.value, this.#weight(trace, weight, layer));
    const get = (value: number): Tensor => {
      const found = made.get(value);
      if (!found) throw new Unreadable('malformed', `\`${layer.spec.className}\` changes TensorFlow.js itself.`);
      return found;
    };
    for (const node of trace.nodes) {
      const outputs = this.#node(trace, node, get, b);
      node.outputs.forEach((value, i) => {
        const output = outputs[i];
        if (output) made.set(value, output);
      });
    }
    return trace.outputs.map(get);
  }

  #node(trace: TraceAnswer, node: TracedNode, get: (value: number) => Tensor, b: GraphBuilder): Tensor[] {
    const span = node.site === null ? null : (this.sites[node.site]?.span ?? null);
    const row = kernelRowOf(node.kernel);
    if (!row)
      throw new Unreadable(
        'unsupported',
        `\`${node.kernel}\` of TensorFlow.js cannot be followed, so the model cannot be diagnosed.`,
        span,
      );
    const named = node.inputs.map(({ name, value }) => ({ name, tensor: get(value) }));
    const shapes = node.outputs.map((value) => valueOf(trace, value));
    const call = new KernelCall(b, node.kernel, named, node.attributes, shapes);
    try {
      const outputs = b.at(span, () => row(call));
      outputs.forEach(({ shape }, i) => {
        if (shape.join() !== shapes[i]?.shape.join()) throw call.refusal();
      });
      return outputs;
    } catch (error) {
      if (error instanceof Unreadable && error.span === null) throw new Unreadable(error.code, error.message, span);
      throw error;
    }
  }

  #weight(trace: TraceAnswer, weight: TracedWeight, layer: Layer): Tensor {
    const known = this.#weights.get(weight.key);
    if (known) return known;
    const { shape } = valueOf(trace, weight.value);
    const made = layer.b.parameter({
      name: weight.name,
      shape,
      initialiser: startOf(weight, shape),
      initialiserOrigin: 'file',
      trainable: weight.trainable && layer.spec.trainable,
      rank: layer.spec.rank,
    });
    this.#weights.set(weight.key, made);
    return made;
  }
}

const DTYPES: Readonly<Record<DType, string>> = { float: 'float32', int: 'int32', bool: 'bool' };

function valueOf(trace: TraceAnswer, value: number): { shape: number[]; dtype: DType } {
  const found = trace.values[value];
  const dtype = (Object.keys(DTYPES) as DType[]).find((name) => DTYPES[name] === found?.dtype);
  if (!found || dtype === undefined)
    throw new Unreadable('unsupported', `Tensors of type ${found?.dtype ?? 'none'} cannot be followed.`);
  return { shape: found.shape, dtype };
}

/** JSON holds the numbers that it does not know as text. */
function scalarOf(value: unknown): Scalar {
  if (typeof value === 'number') return value;
  return value === 'Infinity' ? 'inf' : value === '-Infinity' ? '-inf' : 'nan';
}

function startOf({ initialiser, start }: TracedWeight, shape: readonly number[]): Initialiser {
  if (initialiser !== null) return initialiserOf(initialiser, shape, 'tfjs');
  return start ? drawnAs(start) : { kind: 'unknown', reason: 'The variable is computed.', assumed: ZEROS };
}

const ZEROS: Initialiser = { kind: 'constant', value: 0 };

function drawnAs(start: WeightStart): Initialiser {
  if (start.kind === 'values') return { kind: 'values', values: start.values.map(scalarOf) };
  const config = new Config(start.attributes);
  const [mean, std] = [config.number('mean', 0), config.number('std', 1)];
  switch (config.text('distribution', '')) {
    case 'normal':
      return { kind: 'normal', mean, std };
    case 'truncatedNormal':
      return { kind: 'truncatedNormal', mean, std, low: mean - 2 * std, high: mean + 2 * std };
    case 'uniform':
      return { kind: 'uniform', low: config.number('low', 0), high: config.number('high', 1) };
    default:
      return { kind: 'constant', value: config.number('value', 0) };
  }
}

/** Arguments of a call that are no tensors. */
function plain(call: CallArguments): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(call).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  );
}
