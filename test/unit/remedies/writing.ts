import { GraphIndex } from '../../../src/diagnosis/graphIndex';
import type { Framework } from '../../../src/graph/graph';
import { applyToFiles } from '../../../src/remedies/applyEdits';
import type { ActivationPlace, Change, LayerPlace } from '../../../src/remedies/idea';
import { writerFor } from '../../../src/remedies/languages';
import type { RemedyScope } from '../../../src/remedies/scope';
import { GraphBuilder } from '../diagnosis/builder';
import { spanOf } from './stacks';

/** What one writer makes of changes to a text; null where it writes nothing at all. */
export function write(text: string, changes: readonly Change[], framework: Framework = 'keras', path = 'net.py') {
  const { graph } = new GraphBuilder(framework);
  const files = [{ path, text }];
  const span = spanOf(text, text.slice(0, 1), 0, path);
  const finding = {
    code: 'vanishing-gradient',
    severity: 'warning',
    message: '',
    span,
    parameters: [],
    cause: '',
    causeKind: 'unknown',
    attribution: [],
    causeNodes: [],
    related: [],
  } as const;
  const scope: RemedyScope = {
    finding: { ...finding, parameters: [], attribution: [], causeNodes: [], related: [] },
    graph,
    index: new GraphIndex(graph),
    graphs: [graph],
    files,
  };
  const writer = writerFor(scope);
  const titles = changes.map((change) => writer?.write(change) ?? null);
  if (!writer || titles.includes(null)) return null;
  const edits = writer.finish();
  return { text: applyToFiles(files, edits)[0]?.text ?? '', title: titles.join(', '), edits };
}

/** The places that pieces of a text name. */
export const activations = (text: string, path: string, ...pieces: string[]): ActivationPlace[] =>
  pieces.map((piece) => ({ span: spanOf(text, piece, 0, path), op: 'sigmoid', name: 'Sigmoid' }));
export const layers = (text: string, path: string, type: string, ...pieces: string[]): LayerPlace[] =>
  pieces.map((piece) => ({ span: spanOf(text, piece, 0, path), type, initialiser: null }));
