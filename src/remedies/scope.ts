import type { DiagnosedFinding } from '../diagnosis/diagnosis';
import { GraphIndex } from '../diagnosis/graphIndex';
import type { ModelGraph } from '../graph/graph';
import { findClass, findConstructor } from './python/initialiserSite';
import { PythonSource } from './python/pythonSource';
import type { SyntaxNode } from '@lezer/common';

/** Everything that a remedy looks at: the finding, the model that has it, the file's other models, and the texts. */
export interface RemedyScope {
  finding: DiagnosedFinding;
  graph: ModelGraph;
  index: GraphIndex;
  /** All models read from the file, this one included: what one edit changes, it may change in several. */
  graphs: readonly ModelGraph[];
  sources: readonly PythonSource[];
}

/** Files whose text is Python as it is handed here; that of a notebook is its cells as one module. */
const PYTHON = /\.(?:py|ipynb)$/;

export function scopeOf(
  finding: DiagnosedFinding,
  graph: ModelGraph,
  files: readonly { path: string; text: string }[],
  others: readonly ModelGraph[],
): RemedyScope {
  return {
    finding,
    graph,
    index: new GraphIndex(graph),
    graphs: [graph, ...others.filter((other) => other !== graph)],
    sources: files.filter(({ path }) => PYTHON.test(path)).map((file) => new PythonSource(file.path, file.text)),
  };
}

/** A class of the user's whose `__init__` makes all flagged layers, directly or through others. */
export interface Maker {
  source: PythonSource;
  definition: SyntaxNode;
  constructor: SyntaxNode;
}

/** The smallest class around all flagged layers that the sources define; null for a model without a class of its own. */
export function makerOf({ finding, graph, index, sources }: RemedyScope): Maker | null {
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
