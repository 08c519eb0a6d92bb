import type { SyntaxNode } from '@lezer/common';
import type { GraphIndex } from '../../diagnosis/graphIndex';
import { findClass, findConstructor } from '../python/classes';
import type { PythonSource } from '../python/pythonSource';
import type { RemedyScope } from '../scope';

/** A class of the user's whose `__init__` makes all flagged layers, directly or through others. */
export interface Maker {
  source: PythonSource;
  definition: SyntaxNode;
  constructor: SyntaxNode;
}

/** The smallest class around all flagged layers that the sources define; null for a model without a class of its own. */
export function makerOf({ finding, graph, index }: RemedyScope, sources: readonly PythonSource[]): Maker | null {
  const chains = finding.parameters.map((parameter) => ancestry(graph.parameters[parameter]?.module ?? null, index));
  const [first = [], ...others] = chains;
  // A layer's own module is left out: what it is made by is the question.
  for (const number of first.slice(1)) {
    if (!others.every((chain) => chain.slice(1).includes(number))) continue;
    const type = graph.modules[number]?.type ?? '';
    for (const source of sources) {
      const definition = findClass(type, source);
      const constructor = definition && findConstructor(definition, source);
      if (definition && constructor) return { source, definition, constructor };
    }
  }
  return null;
}

/** Module numbers from a module up to the model itself. */
function ancestry(module: number | null, index: GraphIndex): number[] {
  const chain: number[] = [];
  for (let number = module; number !== null; number = index.module(number)?.parent ?? null) chain.push(number);
  return chain;
}

/** Layers that a loop over `modules()` can find by their class. */
const LAYERS_WITH_WEIGHT: ReadonlySet<string> = new Set([
  ...['Linear', 'Conv1d', 'Conv2d', 'Conv3d', 'ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'],
]);

/** Classes of the flagged layers, as far as they are PyTorch's own. */
export function flaggedLayerTypes({ finding, graph, index }: RemedyScope): string[] {
  const types = finding.parameters.map(
    (parameter) => index.module(graph.parameters[parameter]?.module ?? null)?.type ?? '',
  );
  return [...new Set(types)].filter((type) => LAYERS_WITH_WEIGHT.has(type)).sort();
}
