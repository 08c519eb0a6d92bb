import { argumentsOf } from './python/pythonSource';
import { FileEdits } from './python/fileEdits';
import { initialiseAfterMaking, initialiseInConstructor } from './python/initialiserSite';
import { INITIALISERS, type InitialiserName } from './initialisers';
import { flaggedLayerTypes, makerOf, type RemedyScope } from './scope';

/** The edits of each file that a remedy touches, made on demand. */
export type EditsOf = (path: string) => FileEdits | null;

/**
 * Sets the initialiser of all flagged layers: changes the call by which the file sets it already, else adds a loop at the end of the
 * model's `__init__`, else behind the statement that makes the model. False where no place fits.
 */
export function setInitialiser(scope: RemedyScope, name: InitialiserName, editsOf: EditsOf): boolean {
  return changeExisting(scope, name, editsOf) || addLoop(scope, name, editsOf);
}

/** `nn.init.normal_(m.weight, std=0.01)` becomes `nn.init.kaiming_normal_(m.weight, nonlinearity='relu')`. */
function changeExisting({ finding, graph }: RemedyScope, name: InitialiserName, editsOf: EditsOf): boolean {
  const spans = finding.parameters.map((parameter) => graph.parameters[parameter]?.initialiserSpan ?? null);
  const known = spans.filter((span) => span !== null);
  // Layers initialised partly by the file, partly by default, want the loop, which covers both.
  if (known.length === 0 || known.length < spans.length) return false;
  const initialiser = INITIALISERS[name];
  const unique = [...new Map(known.map((span) => [JSON.stringify(span), span])).values()];
  return unique.every((span) => {
    const edits = editsOf(span.path);
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

function addLoop(scope: RemedyScope, name: InitialiserName, editsOf: EditsOf): boolean {
  const layers = flaggedLayerTypes(scope);
  if (layers.length === 0) return false;
  const maker = makerOf(scope);
  if (maker) {
    const edits = editsOf(maker.source.path);
    return edits !== null && initialiseInConstructor(maker.constructor, layers, INITIALISERS[name], edits);
  }
  const span = scope.graph.modules[0]?.span;
  const edits = span ? editsOf(span.path) : null;
  return Boolean(span && edits && initialiseAfterMaking(span.range, layers, INITIALISERS[name], edits));
}
