import { hasSmallInitialiser } from '../diagnosis/causes/classify';
import type { DiagnosedFinding, Diagnosis } from '../diagnosis/diagnosis';
import type { ModelGraph } from '../graph/graph';
import type { ActivationName } from './activations';
import type { Candidate } from './candidate';
import { INITIALISERS, type InitialiserName } from './initialisers';
import { findActivationSites, swapActivation, type Swap } from './python/activationSites';
import { FileEdits } from './python/fileEdits';
import { normaliseBefore } from './python/normaliseSite';
import { activationPlaces, saturationOf, type Saturation } from './saturation';
import { makerOf, scopeOf, type RemedyScope } from './scope';
import { setInitialiser, type EditsOf } from './setInitialiser';

/** One way to cure: another activation, another initialiser, both, or a normalisation between layer and activation. */
interface Variant {
  id: string;
  activation: ActivationName | null;
  initialiser: InitialiserName | null;
  normalise?: true;
}

const SWAPS: readonly Variant[] = [
  { id: 'swap-activation/relu+he', activation: 'relu', initialiser: 'he' },
  { id: 'swap-activation/leaky-relu+he', activation: 'leakyRelu', initialiser: 'heLeaky' },
  { id: 'swap-activation/gelu+he', activation: 'gelu', initialiser: 'he' },
  { id: 'swap-activation/silu+he', activation: 'silu', initialiser: 'he' },
  { id: 'swap-activation/selu+lecun', activation: 'selu', initialiser: 'lecun' },
];

const RECTIFIER_INITIALISERS: readonly Variant[] = [
  { id: 'initialiser/he', activation: null, initialiser: 'he' },
  { id: 'initialiser/he-uniform', activation: null, initialiser: 'heUniform' },
  { id: 'initialiser/orthogonal', activation: null, initialiser: 'orthogonal' },
];

const ACTIVATION_ALONE: Variant = { id: 'swap-activation/relu', activation: 'relu', initialiser: null };
const GLOROT_TANH: Variant = { id: 'initialiser/glorot-tanh', activation: null, initialiser: 'glorotTanh' };
const GLOROT_SIGMOID: Variant = { id: 'initialiser/glorot-sigmoid', activation: null, initialiser: 'glorotSigmoid' };

const BATCH_NORM: Variant = { id: 'normalise/batch-norm', activation: null, initialiser: null, normalise: true };

/** Flagged layers up to which ReLU under PyTorch's own initialiser (x0.41 a layer) can lose less than three decades. */
const SHALLOW = 5;

/**
 * Text edits that may cure a finding, likely best first. What is offered is decided by proof (`prove.ts`), so a candidate may well turn out wrong;
 * it must only be a sound edit that leaves the meaning of gates and outputs alone. `others` are the file's further models.
 */
export function propose(
  finding: DiagnosedFinding,
  diagnosis: Diagnosis,
  graph: ModelGraph,
  sources: readonly { path: string; text: string }[],
  others: readonly ModelGraph[] = [],
): Candidate[] {
  if (graph.framework !== 'pytorch' || diagnosis.verdict !== 'vanishing' || finding.code !== 'vanishing-gradient')
    return [];
  const scope = scopeOf(finding, graph, sources, others);
  const saturation = saturationOf(scope);
  const seen = new Set<string>();
  return variantsFor(scope, saturation).flatMap((variant) => {
    const candidate = build(variant, scope, saturation);
    const key = JSON.stringify(candidate?.edits);
    if (!candidate || seen.has(key)) return [];
    seen.add(key);
    return [candidate];
  });
}

function variantsFor(scope: RemedyScope, saturation: Saturation | null): readonly Variant[] {
  if (!saturation) return hasSmallStart(scope) ? [...RECTIFIER_INITIALISERS, BATCH_NORM] : [BATCH_NORM];
  const alone = scope.finding.parameters.length <= SHALLOW ? [ACTIVATION_ALONE] : [];
  // tanh keeps the signal's scale at zero, so its own initialiser is the smallest cure; sigmoid's slope of 1/4 seldom allows one.
  return saturation.ops.has('tanh') && saturation.ops.size === 1
    ? [...alone, GLOROT_TANH, ...SWAPS, BATCH_NORM]
    : [...alone, ...SWAPS, BATCH_NORM, GLOROT_SIGMOID];
}

function hasSmallStart({ finding, index }: RemedyScope): boolean {
  const context = { graph: index.graph, index };
  return finding.parameters.some((parameter) =>
    index.usersOf(parameter).some((user) => hasSmallInitialiser(user, context)),
  );
}

function build(variant: Variant, scope: RemedyScope, saturation: Saturation | null): Candidate | null {
  const files = new Map<string, FileEdits>();
  const editsOf: EditsOf = (path) => {
    const source = scope.sources.find((candidate) => candidate.path === path);
    if (!source) return null;
    const edits = files.get(path) ?? new FileEdits(source);
    files.set(path, edits);
    return edits;
  };
  const swaps = variant.activation && saturation ? swapAll(variant.activation, saturation, scope, editsOf) : null;
  if (variant.activation && !swaps) return null;
  if (variant.initialiser && !setInitialiser(scope, variant.initialiser, editsOf)) return null;
  const norms = variant.normalise ? normaliseAll(scope, editsOf) : null;
  if (variant.normalise && !norms) return null;
  const edits = [...files.values()].flatMap((file) => file.finish());
  return edits.length === 0 ? null : { id: variant.id, title: norms ?? titleOf(variant, swaps, saturation), edits };
}

/** Puts a batch norm before each activation behind a flagged layer; returns the title, or null where one place does not allow it. */
function normaliseAll(scope: RemedyScope, editsOf: EditsOf): string | null {
  const { spans, names } = activationPlaces(scope);
  const norms = spans.map((span) => {
    const edits = editsOf(span.path);
    return edits && normaliseBefore(span, edits);
  });
  if (norms.length === 0 || norms.includes(null)) return null;
  return `Put ${quoted(norms.filter((norm) => norm !== null))} before ${quoted(names)}`;
}

/** Swaps at every place; null where one cannot take it, since a half-swapped stack proves nothing. */
function swapAll(
  activation: ActivationName,
  saturation: Saturation,
  scope: RemedyScope,
  editsOf: EditsOf,
): Swap[] | null {
  const owner = makerOf(scope);
  const swaps = saturation.spans.flatMap((span) => {
    const edits = editsOf(span.path);
    if (!edits) return [null];
    const around = owner?.source.path === span.path ? owner.definition : null;
    const sites = findActivationSites(span, edits.source, around);
    return sites.length === 0 ? [null] : sites.map((site) => swapActivation(site, activation, edits));
  });
  const made = swaps.filter((swap) => swap !== null);
  return made.length === swaps.length ? made : null;
}

function titleOf({ initialiser }: Variant, swaps: readonly Swap[] | null, saturation: Saturation | null): string {
  const init = initialiser ? `${INITIALISERS[initialiser].title} initialisation` : '';
  if (!swaps) return `Set ${init}${saturation ? ` and keep ${quoted(saturation.names)}` : ''}`;
  const swap = `Replace ${quoted(swaps.map(({ from }) => from))} by ${quoted(swaps.map(({ to }) => to))}`;
  return init ? `${swap} with ${init}` : swap;
}

/** "`a` and `b`", each once. */
function quoted(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `\`${name}\``).join(' and ');
}
