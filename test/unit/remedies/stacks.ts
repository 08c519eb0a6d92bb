import { diagnose } from '../../../src/diagnosis/diagnose';
import type { OpName } from '../../../src/graph/ops';
import type { SourceSpan } from '../../../src/graph/source';
import { LineIndex } from '../../../src/remedies/applyEdits';
import { GraphBuilder, traceOf, type ParameterFigures, type ValueFigures } from '../diagnosis/builder';

/** The place of a piece of text in a file; `nth` counts its occurrences from 0. */
export function spanOf(text: string, piece: string, nth = 0, path = 'net.py'): SourceSpan {
  let at = -1;
  for (let i = 0; i <= nth; i++) at = text.indexOf(piece, at + 1);
  if (at < 0) throw new Error(`"${piece}" is not in the text.`);
  const lines = new LineIndex(text);
  return { path, range: { start: lines.positionOf(at), end: lines.positionOf(at + piece.length) } };
}

export interface StackOptions {
  depth?: number;
  /** Piece of text that makes the layers and the activations; a functional call has no layer of its own. */
  layer: string;
  activation: string;
  op?: OpName;
  /** The class of the activation's layer; null for a call in `forward`. */
  activationType?: string | null;
  rootType?: string;
  /** Piece of text that makes the root, where it is no class of the file. */
  root?: string;
  layerType?: string;
  /** Decades that one activation and one layer take. */
  loss?: [number, number];
  std?: number;
  /** Piece of text that sets the layers' initialiser. */
  initialiser?: string;
  path?: string;
}

/** A stack of layers and activations as a reader would hand it over, made of the places that `text` shows. */
export function stack(text: string, options: StackOptions) {
  const { depth = 20, op = 'sigmoid', activationType = 'Sigmoid', layerType = 'Linear', loss = [0.57, 0.2] } = options;
  const path = options.path ?? 'net.py';
  const builder = new GraphBuilder();
  const root = builder.graph.modules[0]!;
  root.type = options.rootType ?? 'Net';
  root.span = options.root ? spanOf(text, options.root, 0, path) : null;
  const initialiserSpan = options.initialiser ? spanOf(text, options.initialiser, 0, path) : null;
  const layerSpan = spanOf(text, options.layer, 0, path);
  const activationSpan = spanOf(text, options.activation, 0, path);
  let x = builder.input([4, 32]);
  const figures: ParameterFigures[] = [];
  const values: ValueFigures[] = [];
  let lost = depth * (loss[0] + loss[1]);
  for (let i = 0; i <= depth; i++) {
    const module = builder.module(`body.${2 * i}`, layerType, layerSpan);
    const weight = builder.parameter(
      `body.${2 * i}.weight`,
      [32, 32],
      { kind: 'normal', mean: 0, std: options.std ?? 0.102 },
      { module, span: layerSpan, initialiserSpan, initialiserOrigin: initialiserSpan ? 'file' : 'default' },
    );
    figures.push({ start: -0.5 - lost, late: -0.5 - lost });
    x = builder.node('linear', { weightLayout: 'outIn' }, [x, weight], [4, 32], { module, span: layerSpan });
    values[x] = { gradient: -1 - lost };
    if (i === depth) break;
    lost -= loss[0];
    const own = activationType === null ? null : builder.module(`body.${2 * i + 1}`, activationType, activationSpan);
    x = builder.node(op as 'sigmoid', {}, [x], [4, 32], { module: own, span: activationSpan });
    values[x] = { gradient: -1 - lost };
    lost -= loss[1];
  }
  builder.output(x);
  const trace = traceOf(builder.graph, figures, values);
  return { graph: builder.graph, trace, diagnosis: diagnose(builder.graph, trace) };
}
