import type { FlowReport, ShapeNode } from '../report/flow';
import type { DiagnosisContext } from './context';
import type { Layer } from './layers';
import { labelOf, roleOf } from './opLabels';
import { finite } from './parameterReports';

/**
 * The model's shape in few nodes: one a layer, and one a place where branches meet. Ops that only move data about are part of the
 * edges.
 */
export function shapeReport(context: DiagnosisContext, layers: readonly Layer[]): Pick<FlowReport, 'nodes' | 'edges'> {
  const drawing = new Drawing(context, layers);
  return { nodes: drawing.nodes, edges: drawing.edges };
}

class Drawing {
  readonly nodes: ShapeNode[] = [];
  readonly edges: [number, number][] = [];
  readonly #joined = new Set<string>();
  /** By value, the drawn nodes that it comes from without another drawn one between. */
  readonly #sources = new Map<number, ReadonlySet<number>>();

  constructor(context: DiagnosisContext, layers: readonly Layer[]) {
    const { graph, index } = context;
    const layerOf = new Map(layers.flatMap(({ nodes }, number) => nodes.map((node) => [node, number] as const)));
    const drawn = new Map<number, number>();
    for (const node of graph.nodes) {
      const layer = layerOf.get(node);
      const from = this.#from(node.inputs);
      if (node.op === 'input') {
        const input = graph.inputs[node.attributes.index];
        this.#set(node.outputs, new Set([this.#add('input', input?.name ?? 'input', '', null, null, NaN)]));
      } else if (layer !== undefined) {
        const known = drawn.get(layer);
        const { path, nodes } = layers[layer] ?? { path: '', nodes: [] };
        const main = nodes.find((each) => roleOf(each) !== 'other') ?? node;
        const label = labelOf(main, index);
        const last = nodes.at(-1)?.outputs[0] ?? -1;
        const place = known ?? this.#add('layer', label.name, path, label.span, layer, context.gradient(last));
        drawn.set(layer, place);
        this.#join(from, place);
        this.#set(node.outputs, new Set([place]));
      } else if (from.size > 1) {
        const label = labelOf(node, index);
        const path = index.module(node.module)?.path ?? '';
        const place = this.#add('merge', label.name, path, label.span, null, context.gradient(node.outputs[0] ?? -1));
        this.#join(from, place);
        this.#set(node.outputs, new Set([place]));
      } else this.#set(node.outputs, from);
    }
    const read = this.#from(context.read);
    if (read.size > 0) this.#join(read, this.#add('loss', 'loss', '', null, null, NaN));
  }

  #from(values: readonly number[]): ReadonlySet<number> {
    return new Set(values.flatMap((value) => [...(this.#sources.get(value) ?? [])]));
  }

  #set(values: readonly number[], sources: ReadonlySet<number>): void {
    for (const value of values) this.#sources.set(value, sources);
  }

  #join(from: ReadonlySet<number>, to: number): void {
    for (const node of from) {
      const key = `${node}>${to}`;
      if (node === to || this.#joined.has(key)) continue;
      this.#joined.add(key);
      this.edges.push([node, to]);
    }
  }

  #add(
    kind: ShapeNode['kind'],
    label: string,
    path: string,
    span: ShapeNode['span'],
    layer: number | null,
    gradient: number,
  ): number {
    return this.nodes.push({ kind, layer, label, path, span, logGradient: finite(gradient) }) - 1;
  }
}
