import type { GraphModule, GraphNode, ModelGraph } from '../graph/graph';

/** Look-ups that the rules need of a model graph, made once. */
export class GraphIndex {
  /** Node number that produces each value. */
  readonly producers: readonly number[];
  /** Node numbers that read each value, in topological order. */
  readonly consumers: readonly (readonly number[])[];
  /** Value number of each parameter; -1 where no `parameter` node names it. */
  readonly parameterValues: readonly number[];

  constructor(readonly graph: ModelGraph) {
    const producers = graph.values.map(() => -1);
    const consumers = graph.values.map((): number[] => []);
    const parameterValues = graph.parameters.map(() => -1);
    graph.nodes.forEach((node, number) => {
      for (const value of node.outputs) producers[value] = number;
      for (const value of new Set(node.inputs)) consumers[value]?.push(number);
      if (node.op === 'parameter') parameterValues[node.attributes.index] = node.outputs[0] ?? -1;
    });
    this.producers = producers;
    this.consumers = consumers;
    this.parameterValues = parameterValues;
  }

  producer(value: number): GraphNode | undefined {
    return this.graph.nodes[this.producers[value] ?? -1];
  }

  readers(value: number): readonly number[] {
    return this.consumers[value] ?? [];
  }

  /** Nodes that use a parameter itself or a mere view of it (reshaped, transposed, cast). */
  usersOf(parameter: number): number[] {
    const users: number[] = [];
    const pending = [this.parameterValues[parameter] ?? -1];
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      for (const reader of this.readers(value)) {
        const node = this.graph.nodes[reader];
        if (!node) continue;
        if (isView(node)) pending.push(...node.outputs);
        else users.push(reader);
      }
    }
    return users.sort((a, b) => a - b);
  }

  /** The parameter that a value is, or is a view of. */
  parameterOf(value: number): number | null {
    for (let node = this.producer(value); node; node = this.producer(node.inputs[0] ?? -1)) {
      if (node.op === 'parameter') return node.attributes.index;
      if (!isView(node)) return null;
    }
    return null;
  }

  /** Values from which some of `targets` can be reached, themselves included; edges that `cut` names are not taken. */
  ancestors(targets: readonly number[], cut: (node: GraphNode, input: number) => boolean = () => false): Set<number> {
    const found = new Set(targets);
    const pending = [...targets];
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      const node = this.producer(value);
      node?.inputs.forEach((input, place) => {
        if (found.has(input) || cut(node, place)) return;
        found.add(input);
        pending.push(input);
      });
    }
    return found;
  }

  module(number: number | null): GraphModule | undefined {
    return number === null ? undefined : this.graph.modules[number];
  }
}

/** Ops that show a parameter in another form without computing with it. */
export function isView(node: GraphNode): boolean {
  return ['reshape', 'permute', 'broadcast', 'cast', 'identity', 'slice', 'tile'].includes(node.op);
}

/** Ops that let no gradient through to their inputs. */
export function stopsGradient(node: GraphNode, index: GraphIndex): boolean {
  if (node.op === 'detach') return true;
  return node.outputs.every((value) => index.graph.values[value]?.dtype !== 'float') || STEPS.has(node.op);
}

/** Piecewise constant ops: their slope is zero wherever it exists. */
const STEPS: ReadonlySet<string> = new Set(['sign', 'floor', 'ceil', 'round', 'floorDiv', 'oneHot']);
