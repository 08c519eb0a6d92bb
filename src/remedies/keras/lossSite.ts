import type { LossName, Place } from '../idea';
import { argumentAt } from '../python/arguments';
import type { FileEdits } from '../python/fileEdits';
import { stringOf, type ValueFinder } from '../python/values';

const STRINGS: Record<LossName, string> = { binary: 'binary_crossentropy', categorical: 'categorical_crossentropy' };

/** Losses that take the same targets as the cross-entropy that replaces them: one number a unit. */
const REPLACEABLE: ReadonlySet<string> = new Set([
  ...['mse', 'MSE', 'mean_squared_error', 'mae', 'MAE', 'mean_absolute_error', 'categorical_crossentropy'],
]);

/** Writes another loss where the `compile` call names it; null where it names it in another form. */
export function swapLoss(
  { span }: Place,
  to: LossName,
  edits: FileEdits,
  values: ValueFinder,
): { from: string; to: string } | null {
  const { source } = edits;
  const call = source.callAt(span.range);
  const value = call && argumentAt(call, 'loss', 1, source, values);
  const leaves = value ? values.leaves(value) : [];
  const [leaf] = leaves;
  const from = leaf ? stringOf(leaf, source) : null;
  if (!leaf || leaves.length > 1 || from === null || !REPLACEABLE.has(from) || from === STRINGS[to]) return null;
  const quote = source.textOf(leaf).charAt(0);
  edits.replace(leaf.from, leaf.to, `${quote}${STRINGS[to]}${quote}`);
  return { from, to: STRINGS[to] };
}
