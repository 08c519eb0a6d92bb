import type { LayerPlace } from '../idea';
import { argumentsOf, type PythonSource } from '../python/pythonSource';
import type { FileEdits } from '../python/fileEdits';
import type { RemedyScope } from '../scope';
import { initialiseAfterMaking, initialiseInConstructor } from './initialiserLoop';
import type { InitialiserCall } from './initialisers';
import { flaggedLayerTypes, makerOf } from './maker';

/** The edits of each file that a remedy touches, made on demand. */
export interface Drafts {
  sources: readonly PythonSource[];
  editsOf(path: string): FileEdits | null;
}

/**
 * Sets the initialiser of all flagged layers: changes the call by which the file sets it already, else adds a loop at the end of the
 * model's `__init__`, else behind the statement that makes the model. False where no place fits.
 */
export function setInitialiser(
  layers: readonly LayerPlace[],
  call: InitialiserCall,
  scope: RemedyScope,
  drafts: Drafts,
): boolean {
  return changeExisting(layers, call, drafts) || addLoop(call, scope, drafts);
}

/** `nn.init.normal_(m.weight, std=0.01)` becomes `nn.init.kaiming_normal_(m.weight, nonlinearity='relu')`. */
function changeExisting(layers: readonly LayerPlace[], initialiser: InitialiserCall, drafts: Drafts): boolean {
  const known = layers.flatMap((layer) => layer.initialiser ?? []);
  // Layers initialised partly by the file, partly by default, want the loop, which covers both.
  if (known.length === 0 || known.length < layers.length) return false;
  const unique = [...new Map(known.map((span) => [JSON.stringify(span), span])).values()];
  return unique.every((span) => {
    const edits = drafts.editsOf(span.path);
    const call = edits?.source.callAt(span.range);
    const callee = call?.firstChild;
    if (!edits || !call || !callee) return false;
    const path = edits.names.canonical(edits.source.textOf(callee));
    const [weight] = argumentsOf(call, edits.source).positional;
    if (path?.startsWith('torch.nn.init.') !== true || !weight) return false;
    const written = edits.source.textOf(callee);
    const spelt = edits.spell(`torch.nn.init.${initialiser.function}`, written);
    edits.replace(
      call.from,
      call.to,
      `${spelt}(${edits.source.textOf(weight)}, ${initialiser.arguments(edits.source.quote)})`,
    );
    return true;
  });
}

function addLoop(call: InitialiserCall, scope: RemedyScope, drafts: Drafts): boolean {
  const layers = flaggedLayerTypes(scope);
  if (layers.length === 0) return false;
  const maker = makerOf(scope, drafts.sources);
  if (maker) {
    const edits = drafts.editsOf(maker.source.path);
    return edits !== null && initialiseInConstructor(maker.constructor, layers, call, edits);
  }
  const span = scope.graph.modules[0]?.span;
  const edits = span ? drafts.editsOf(span.path) : null;
  return Boolean(span && edits && initialiseAfterMaking(span.range, layers, call, edits));
}
