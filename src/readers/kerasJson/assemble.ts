import type { ModelGraph } from '../../graph/graph';
import type { ReadRequest } from '../../graph/reading';
import type { SourceSpan } from '../../graph/source';
import { GraphBuilder, type Tensor } from '../graphBuilder';
import { Config } from '../layers/config';
import { type Dialect, frameworkOf } from '../layers/dialect';
import { Layer, type LayerRow, type LayerSpec } from '../layers/layer';
import { refusalOf } from '../layers/refusals';
import { rowOf } from '../layers/table';
import { Unreadable } from '../unreadable';
import { isReference, type Reference } from './inbound';
import { declaredShape, embeddingOf, innermostShape, inputOf } from './inputs';
import { operationOf } from './operations';
import type { LayerEntry, Topology } from './topology';

/** Lowers a layer whose class is the user's own, by the names of the models around it and its own name. */
export type OwnLayerRow = (path: readonly string[]) => LayerRow;

/** Builds the graph of one model file. */
export class Assembler {
  readonly #b: GraphBuilder;
  readonly #layers = new Map<LayerEntry, { layer: Layer | null; module: number }>();

  constructor(
    private readonly dialect: Dialect,
    private readonly request: Pick<ReadRequest, 'inputs' | 'batch'>,
    private readonly own: OwnLayerRow | null = null,
    /** Where the weights come from, if they are not drawn. */
    private readonly checkpoint: string | null = null,
  ) {
    this.#b = new GraphBuilder(frameworkOf(dialect));
  }

  /** @throws Unreadable at the layer that cannot be read. */
  assemble(topology: Topology): ModelGraph {
    return this.#b.module('', topology.kind === 'sequential' ? 'Sequential' : 'Functional', topology.span, () => {
      this.#declare(topology, []);
      const inputs = this.#inputs(topology);
      return this.#b.finish(this.#run(topology, inputs));
    });
  }

  /** Modules in the file's order, whatever order they run in. */
  #declare(topology: Topology, above: readonly string[]): void {
    const prefix = above.map((name) => `${name}/`).join('');
    for (const entry of topology.layers) {
      if (entry.className === 'InputLayer') continue;
      const path = prefix + entry.name;
      const module = this.#b.declare(path, entry.className, entry.span);
      this.#layers.set(entry, {
        module,
        layer:
          entry.nested || entry.operation !== null
            ? null
            : new Layer(
                this.#b,
                this.dialect,
                specOf(entry, prefix, this.#rowOf(entry, above), this.checkpoint),
                innerSpec,
              ),
      });
      const { nested } = entry;
      if (nested) this.#b.within(module, () => this.#declare(nested, [...above, entry.name]));
    }
  }

  #rowOf(entry: LayerEntry, above: readonly string[]): LayerRow {
    const isOwn = entry.place.get('__own')?.value === true;
    return isOwn && this.own ? this.own([...above, entry.name]) : rowOrRefusal(entry.className, entry.name, entry.span);
  }

  #inputs(topology: Topology): Tensor[] {
    const { inputs, batch } = this.request;
    const wanted =
      topology.kind === 'sequential'
        ? [topology.layers[0]]
        : topology.inputs.map(({ layer }) => topology.layers.find(({ name }) => name === layer));
    return wanted.map((entry, index) => {
      const declared = declaredShape(entry) ?? topology.builtShape ?? innermostShape(entry);
      const name = entry?.className === 'InputLayer' ? entry.name : 'input';
      const dtype = entry?.config.raw('dtype');
      const made = located(entry?.span ?? topology.span, () =>
        inputOf(
          {
            name,
            declared,
            dtype: entry?.className === 'InputLayer' && typeof dtype === 'string' ? dtype : '',
            ...embeddingOf(topology, entry?.name ?? null),
          },
          index,
          inputs,
          batch,
        ),
      );
      if (made.origin === 'guessed')
        this.#b.guess(
          `\`${name}\` leaves a size open; [${made.shape.join(', ')}] was taken.`,
          entry?.span ?? topology.span,
        );
      return this.#b.input(made);
    });
  }

  /** @returns the model's outputs for these inputs; called once for each call of a nested model. */
  #run(topology: Topology, inputs: readonly Tensor[]): Tensor[] {
    if (topology.kind === 'sequential')
      return topology.layers
        .filter(({ className }) => className !== 'InputLayer')
        .reduce((values: Tensor[], entry) => this.#call(entry, values, {}), [...inputs]);
    return this.#runFunctional(topology, inputs);
  }

  #runFunctional(topology: Topology, inputs: readonly Tensor[]): Tensor[] {
    const done = new Map<string, Tensor[]>();
    const names = new Map(topology.layers.map((entry) => [entry.name, entry]));
    topology.inputs.forEach(({ layer }, i) => {
      const given = inputs[i];
      if (given) done.set(`${layer}\n0`, [given]);
    });
    const offsets = callOffsets(topology);
    const keyOf = ({ layer, node }: Reference) => `${layer}\n${node - (offsets.get(layer) ?? 0)}`;
    const find = (reference: Reference) => done.get(keyOf(reference))?.[reference.tensor];
    let pending = topology.layers.flatMap((entry) => entry.calls.map((call, number) => ({ entry, call, number })));
    while (pending.length > 0) {
      const waiting = pending.filter(({ entry, call, number }) => {
        const references = [...call.arguments, ...Object.values(call.named).flat()].filter(isReference);
        for (const reference of references) {
          if (!names.has(reference.layer))
            throw new Unreadable(
              'malformed',
              `\`${entry.name}\` reads \`${reference.layer}\`, which is not a layer of this model.`,
              entry.span,
            );
          if (!find(reference)) return true;
        }
        const tensor = (item: unknown): unknown =>
          isReference(item) ? find(item) : Array.isArray(item) ? item.map(tensor) : item;
        const named = Object.fromEntries(Object.entries(call.named).map(([name, item]) => [name, tensor(item)]));
        if (entry.operation !== null) {
          done.set(`${entry.name}\n${number}`, this.#operate(entry, call.raw.map(tensor), named));
          return false;
        }
        const positional = call.arguments.flatMap((item) =>
          typeof item === 'number' ? this.#b.constant([item], []) : (find(item) ?? []),
        );
        done.set(`${entry.name}\n${number}`, this.#call(entry, positional, named));
        return false;
      });
      if (waiting.length === pending.length) throw cycle(waiting.map(({ entry }) => entry));
      pending = waiting;
    }
    return topology.outputs.map((reference) => {
      const output = find(reference);
      if (!output)
        throw new Unreadable('malformed', `The output \`${reference.layer}\` is never computed.`, topology.span);
      return output;
    });
  }

  #operate(entry: LayerEntry, args: unknown[], named: Record<string, unknown>): Tensor[] {
    const known = this.#layers.get(entry);
    const name = entry.operation ?? '';
    return located(entry.span, () => {
      const run = operationOf(name);
      const all = entry.config.with(named);
      return this.#b.within(known?.module ?? 0, () => [run({ b: this.#b, args, named: all })]);
    });
  }

  #call(entry: LayerEntry, inputs: readonly Tensor[], named: Record<string, unknown>): Tensor[] {
    const known = this.#layers.get(entry);
    if (!known) return [...inputs];
    const { nested } = entry;
    return located(entry.span, () =>
      this.#b.within(known.module, () =>
        nested ? this.#run(nested, inputs) : (known.layer?.call(inputs, named) ?? []),
      ),
    );
  }
}

/** Keras counts the calls of a nested model from one: its own making was the first. */
function callOffsets(topology: Topology): Map<string, number> {
  const references = [
    ...topology.outputs,
    ...topology.layers.flatMap(({ calls }) =>
      calls.flatMap((call) => [...call.arguments, ...Object.values(call.named).flat()].filter(isReference)),
    ),
  ];
  const nested = topology.layers.filter((entry) => entry.nested !== null);
  return new Map(
    nested.map(({ name }) => {
      const nodes = references.filter(({ layer }) => layer === name).map(({ node }) => node);
      return [name, nodes.length > 0 ? Math.min(...nodes) : 0];
    }),
  );
}

function cycle(entries: readonly LayerEntry[]): Unreadable {
  const names = [...new Set(entries.map(({ name }) => `\`${name}\``))].slice(0, 6).join(', ');
  return new Unreadable(
    'cycle',
    `These layers wait for each other, or for an output that no layer gives: ${names}.`,
    entries[0]?.span ?? null,
  );
}

function located<T>(span: LayerEntry['span'], body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof Unreadable && error.span === null) throw new Unreadable(error.code, error.message, span);
    throw error;
  }
}

function specOf(entry: LayerEntry, prefix: string, row: LayerRow, checkpoint: string | null): LayerSpec {
  return {
    className: entry.className,
    name: prefix + entry.name,
    config: entry.config,
    row,
    trainable: entry.trainable,
    rank: entry.rank,
    checkpoint,
    spanOf: (name) => entry.place.get('config', name)?.span ?? null,
  };
}

function rowOrRefusal(className: string, name: string, span: SourceSpan | null): LayerRow {
  const row = rowOf(className);
  if (row !== null) return row;
  const reason = refusalOf(className);
  throw reason === null
    ? new Unreadable(
        'unknown-layer',
        `\`${name}\` is a \`${className}\`, which is no layer of the framework's own: its code is not in this file. Open the code that builds the model instead.`,
        span,
      )
    : new Unreadable('unsupported', `\`${name}\` (${className}) ${reason}`, span);
}

/** The layer inside a wrapper; it is shown at the wrapper's place, and counted there. */
function innerSpec(serialised: Record<string, unknown>, of: LayerSpec): LayerSpec {
  const given = Config.of(serialised);
  const config = Config.of(given.raw('config'));
  const written = given.text('class_name');
  const className = written.split('>').at(-1) ?? written;
  const row = rowOrRefusal(className, config.text('name', of.name), null);
  const trainable = of.trainable && config.flag('trainable', true);
  return { ...of, className, name: config.text('name', of.name), config, row, trainable };
}
