import type { DiagnosedFinding } from '../diagnosis/diagnosis';
import { GraphIndex } from '../diagnosis/graphIndex';
import type { ModelGraph } from '../graph/graph';

/** Everything that a remedy looks at: the finding, the model that has it, the file's other models, and the texts. */
export interface RemedyScope {
  finding: DiagnosedFinding;
  graph: ModelGraph;
  index: GraphIndex;
  /** All models read from the file, this one included: what one edit changes, it may change in several. */
  graphs: readonly ModelGraph[];
  files: readonly { path: string; text: string }[];
}

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
    files,
  };
}
