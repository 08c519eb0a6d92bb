import type { Framework, GraphNode, ModelGraph } from '../../../src/graph/graph';
import type { Initialiser } from '../../../src/graph/initialiser';

export interface StackSpec {
  /** Features of the input and of each layer, e.g. [20, 32, 32, 5]. */
  sizes: number[];
  batch: number;
  activation: 'sigmoid' | 'tanh' | 'relu';
  framework?: Framework;
  /** Initialiser of a weight or bias with this fan-in; PyTorch's default for `nn.Linear` if left off. */
  initialiser?: (fanIn: number, kind: 'weight' | 'bias') => Initialiser;
  /** Dropout rate after each activation. */
  dropout?: number;
}

const torchDefault = (fanIn: number): Initialiser => ({
  kind: 'uniform',
  low: -1 / Math.sqrt(fanIn),
  high: 1 / Math.sqrt(fanIn),
});

/** A plain stack of linear layers with an activation after each but the last, built by hand. */
export function stack(spec: StackSpec): ModelGraph {
  const { sizes, batch, activation, framework = 'pytorch', initialiser = torchDefault, dropout = 0 } = spec;
  const graph: ModelGraph = {
    schema: 1,
    framework,
    inputs: [{ name: 'x', shape: [batch, sizes[0]!], kind: 'float', origin: 'declared', reason: 'test' }],
    values: [],
    parameters: [],
    modules: [],
    nodes: [],
    outputs: [],
    recipe: { loss: null, optimiser: null },
    guesses: [],
  };
  const add = (node: Pick<GraphNode, 'op' | 'attributes'>, inputs: number[], shape: number[]): number => {
    const value = graph.values.push({ shape, dtype: 'float' }) - 1;
    graph.nodes.push({ ...node, inputs, outputs: [value], module: null, span: null } as GraphNode);
    return value;
  };
  const parameter = (name: string, shape: number[], fanIn: number): number => {
    const index =
      graph.parameters.push({
        name,
        shape,
        trainable: true,
        initialiser: initialiser(fanIn, shape.length > 1 ? 'weight' : 'bias'),
        initialiserOrigin: 'default',
        initialiserSpan: null,
        module: null,
        span: null,
      }) - 1;
    return add({ op: 'parameter', attributes: { index } }, [], shape);
  };
  let x = add({ op: 'input', attributes: { index: 0 } }, [], [batch, sizes[0]!]);
  for (let layer = 1; layer < sizes.length; layer++) {
    const [fanIn, width] = [sizes[layer - 1]!, sizes[layer]!];
    const keras = framework === 'keras';
    const weight = parameter(`layers.${layer - 1}.weight`, keras ? [fanIn, width] : [width, fanIn], fanIn);
    const bias = parameter(`layers.${layer - 1}.bias`, [width], fanIn);
    x = add(
      { op: 'linear', attributes: { weightLayout: keras ? 'inOut' : 'outIn' } },
      [x, weight, bias],
      [batch, width],
    );
    if (layer === sizes.length - 1) break;
    x = add({ op: activation, attributes: {} }, [x], [batch, width]);
    if (dropout > 0) {
      const attributes = { rate: dropout, sharedAxes: [], alpha: false, draw: layer - 1 };
      x = add({ op: 'dropout', attributes }, [x], [batch, width]);
    }
  }
  graph.outputs.push(x);
  return graph;
}
