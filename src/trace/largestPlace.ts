import type { ModelGraph } from '../graph/graph';
import type { SourceSpan } from '../graph/source';

const product = (numbers: readonly number[]) => numbers.reduce((size, n) => size * n, 1);

/** A parameter comes with its gradient and the optimiser's two slots. */
const COPIES = 4;

/** Where the largest thing that a training step keeps is made: a parameter or a layer's output; null where the graph does not say. */
export function largestPlace(graph: ModelGraph): SourceSpan | null {
  let largest = 0;
  let place: SourceSpan | null = null;
  const consider = (elements: number, span: SourceSpan | null) => {
    if (elements <= largest || span === null) return;
    largest = elements;
    place = span;
  };
  for (const { shape, span } of graph.parameters) consider(COPIES * product(shape), span);
  for (const { op, outputs, span } of graph.nodes)
    if (op !== 'parameter') for (const output of outputs) consider(product(graph.values[output]?.shape ?? [0]), span);
  return place;
}
