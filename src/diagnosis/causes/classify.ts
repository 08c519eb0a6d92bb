import type { AttributedGroup, GradientPath } from '../attribution';
import type { DiagnosisContext } from '../context';
import type { CauseKind } from '../diagnosis';
import { initialGain } from '../initialScale';
import { roleOf, type OpRole } from '../opLabels';
import { neededGain } from './neededGain';

export interface Cause {
  kind: CauseKind;
  /** The groups that the cause names, the greatest loss first. */
  groups: AttributedGroup[];
}

/** Share of all lost decades that ops of one role must have taken to be called the cause. */
const MAJORITY = 0.5;
/** Initial gain, as a share of what the activation needs, under which an initialiser counts as too small. */
const TOO_SMALL = 0.75;

/** Names the cause of a vanishing gradient from the shares that the ops on its way took. */
export function classify(path: GradientPath, groups: readonly AttributedGroup[], context: DiagnosisContext): Cause {
  const losing = groups.filter((group) => group.decades > 0);
  const lost = losing.reduce((sum, group) => sum + group.decades, 0);
  // Where the layers' own scale explains more than the ops, no op may be blamed.
  if (lost <= 0 || path.rest > lost) return { kind: smallInput(path, context) ?? 'unknown', groups: [] };
  const taken = (...roles: OpRole[]) => losing.filter((group) => roles.includes(group.role));
  const isMost = (part: readonly AttributedGroup[]) =>
    part.reduce((sum, group) => sum + group.decades, 0) >= MAJORITY * lost;
  const first = (kind: CauseKind, part: AttributedGroup[]): Cause | null =>
    isMost(part) ? { kind, groups: part } : null;
  return (
    first('saturating-activation', taken('saturating')) ??
    first('pooling', taken('pooling')) ??
    first('recurrence', taken('recurrence')) ??
    first('attention', taken('attention')) ??
    normalisation(taken('normalisation'), isMost, context) ??
    products(taken('product', 'rectifier'), isMost, context) ?? { kind: 'unknown', groups: losing.slice(0, 2) }
  );
}

function products(
  part: AttributedGroup[],
  isMost: (part: readonly AttributedGroup[]) => boolean,
  context: DiagnosisContext,
): Cause | null {
  const weighted = part.filter((group) => group.role === 'product');
  if (!isMost(part) || weighted.length === 0) return null;
  const numbers = weighted.flatMap((group) => group.nodes);
  const small = numbers.filter((number) => hasSmallInitialiser(number, context));
  return { kind: small.length >= numbers.length / 2 ? 'small-initialiser' : 'depth', groups: part };
}

/** True where a layer's initial gain (std * sqrt(fan_in)) is well under what the activation behind it needs. */
export function hasSmallInitialiser(number: number, context: Pick<DiagnosisContext, 'graph' | 'index'>): boolean {
  const node = context.graph.nodes[number];
  const weight = node?.inputs[1] === undefined ? null : context.index.parameterOf(node.inputs[1]);
  const described = weight === null ? undefined : context.graph.parameters[weight];
  if (!described || described.initialiserOrigin === 'checkpoint') return false;
  const gain = initialGain(described.initialiser, described.shape, context.graph.framework);
  return gain < TOO_SMALL * neededGain(number, context.index);
}

/** A norm that follows the sum of a residual block scales the shortcut too (Xiong et al. 2020). */
function normalisation(
  part: AttributedGroup[],
  isMost: (part: readonly AttributedGroup[]) => boolean,
  context: DiagnosisContext,
): Cause | null {
  if (!isMost(part)) return null;
  const afterSum = part
    .flatMap((group) => group.nodes)
    .every((number) => {
      const input = context.graph.nodes[number]?.inputs[0] ?? -1;
      const producer = context.index.producer(input);
      return producer !== undefined && roleOf(producer) === 'sum';
    });
  return afterSum ? { kind: 'post-normalisation', groups: part } : null;
}

/** Forward collapse: most layers start too small, so that what reaches the flagged layer is tiny. */
function smallInput(path: GradientPath, context: DiagnosisContext): CauseKind | null {
  return path.rest > 0 && mostStartSmall(context) ? 'small-initialiser' : null;
}

/** True where more than half of the layers have an initialiser that is too small for the activation behind them. */
export function mostStartSmall(context: DiagnosisContext): boolean {
  const layers = context.graph.nodes.flatMap((node, number) => (roleOf(node) === 'product' ? [number] : []));
  const small = layers.filter((number) => hasSmallInitialiser(number, context));
  return small.length > layers.length / 2;
}
