import { fill, Tensor } from '@tensorflow/tfjs-core';
import { LayersModel, type layers } from '@tensorflow/tfjs-layers';
import type { TraceAnswer, TracedNode, TracedWeight, WeightStart } from './records';
import { type Datum, datumOf, type Shaped } from './tensors/datum';
import { isUnknown } from './unknowns';
import { UnknownValue } from './unknownValue';

/** Elements of a constant that are handed out one by one. */
const LARGEST_CONSTANT = 1 << 18;

/** The layer at a path of names through models inside models. */
export function layerAt(model: LayersModel, path: readonly string[]): layers.Layer | null {
  const [name, ...rest] = path;
  const found = model.layers.find((layer) => layer.name === name);
  if (!found || rest.length === 0) return found ?? null;
  return found instanceof LayersModel ? layerAt(found, rest) : null;
}

/** Runs a layer's own `call` on tensors of these shapes, and hands out the operations that its result comes from. */
export class LayerTrace {
  readonly #weights = new Map<Datum, number>();

  /** @throws UnknownValue where the result hangs on something that is not known */
  of(layer: layers.Layer, given: readonly Shaped[], named: Record<string, unknown>): TraceAnswer {
    const tensors = given.map(({ shape, dtype }) => {
      const tensor = fill(shape, 0, dtype as 'float32');
      const datum = datumOf(tensor);
      if (datum) datum.producer = null;
      return tensor;
    });
    const result: unknown = layer.call(tensors, { training: true, ...named });
    const outputs = (Array.isArray(result) ? result : [result]).map((value: unknown) => datumIn(value, layer));
    return this.#collect(
      tensors.map((tensor) => datumIn(tensor, layer)),
      outputs,
    );
  }

  #collect(inputs: readonly Datum[], outputs: readonly Datum[]): TraceAnswer {
    const values: TraceAnswer['values'] = [];
    const numbers = new Map<Datum, number>();
    const nodes: { order: number; node: TracedNode }[] = [];
    const weights: { order: number; weight: TracedWeight }[] = [];
    const constants: TraceAnswer['constants'] = [];
    const numberOf = (datum: Datum): number => {
      const known = numbers.get(datum);
      if (known !== undefined) return known;
      const number = values.push({ shape: datum.shape, dtype: datum.dtype }) - 1;
      numbers.set(datum, number);
      return number;
    };
    inputs.forEach(numberOf);
    const pending = [...outputs];
    const seen = new Set<unknown>(inputs);
    for (let datum = pending.pop(); datum !== undefined; datum = pending.pop()) {
      if (seen.has(datum)) continue;
      seen.add(datum);
      const value = numberOf(datum);
      const { producer } = datum;
      if (datum.weight)
        weights.push({
          order: producer?.order ?? 0,
          weight: { value, key: this.#key(datum), ...datum.weight, start: startOf(datum) },
        });
      else if (datum.values) constants.push({ value, values: elements(datum.values) });
      else if (!producer) throw new UnknownValue('The layer counts with a tensor whose values are not known here.');
      else if (!seen.has(producer)) {
        seen.add(producer);
        nodes.push({
          order: producer.order,
          node: {
            kernel: producer.kernel,
            inputs: producer.inputs.map(({ name, datum: input }) => ({ name, value: numberOf(input) })),
            attributes: producer.attributes,
            outputs: producer.outputs.map(numberOf),
            site: producer.site,
          },
        });
        pending.push(...producer.inputs.map((input) => input.datum));
      }
    }
    nodes.sort((a, b) => a.order - b.order);
    // In the order in which they were made, which is that of the framework.
    weights.sort((a, b) => a.order - b.order);
    return {
      values,
      inputs: inputs.map(numberOf),
      outputs: outputs.map(numberOf),
      nodes: nodes.map(({ node }) => node),
      weights: weights.map(({ weight }) => weight),
      constants,
    };
  }

  /** The same weight gets the same number in every call. */
  #key(datum: Datum): number {
    const known = this.#weights.get(datum);
    if (known !== undefined) return known;
    this.#weights.set(datum, this.#weights.size);
    return this.#weights.size - 1;
  }
}

function datumIn(value: unknown, layer: layers.Layer): Datum {
  const datum = value instanceof Tensor ? datumOf(value) : null;
  if (datum) return datum;
  const what = isUnknown(value) ? 'something that is not known here' : 'no tensor';
  throw new UnknownValue(`\`call\` of \`${layer.constructor.name}\` gives ${what}.`);
}

function elements(values: ArrayLike<number>): number[] {
  if (values.length > LARGEST_CONSTANT)
    throw new UnknownValue(
      `The layer counts with a table of ${values.length} numbers, which is more than can be kept.`,
    );
  return Array.from(values);
}

/** How a variable of the file's own starts: it is a copy of the tensor that it was made from. */
function startOf({ weight, producer }: Datum): WeightStart | null {
  if (weight?.initialiser !== null) return null;
  const source = producer?.inputs[0]?.datum;
  if (!source) return null;
  if (source.values) return { kind: 'values', values: elements(source.values) };
  const { kernel, attributes } = source.producer ?? { kernel: '', attributes: {} };
  return kernel === 'Draw' || kernel === 'Fill' ? { kind: 'drawn', attributes } : null;
}
