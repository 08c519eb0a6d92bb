import type { Evidence, ModelReport, Remedy } from '../../src/report/report';
import { factor } from './ribbon';
import { figure, percent, printable } from './figures';
import type { Row } from './rows';

/** What the verdict rests on, in one line. */
export function evidenceSentence({
  seeds,
  steps,
  batch,
  optimiser,
  learningRate,
  loss,
  data,
  partial,
}: Evidence): string {
  const runs = `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} × ${steps} ${steps === 1 ? 'step' : 'steps'}`;
  return `${runs}, batch ${batch}, ${optimiser} ${learningRate}, ${loss}, ${data}${partial ? ', cut short by the time budget' : ''}`;
}

/** Each input with where its shape comes from. */
export function inputSentences(model: ModelReport): { text: string; reason: string }[] {
  return model.inputs.map(({ name, shape, high, origin, reason }) => ({
    text: `${name} [${shape.join(', ')}]${high === undefined ? '' : `, integers below ${high}`} (${origin})`,
    reason,
  }));
}

/** What was assumed to read the model; each thing once. */
export const guessSentences = (model: ModelReport): string[] => [
  ...new Set(model.guesses.map(({ message }) => message)),
];

/** A sentence cut at its backticks: every second part is code. */
export const codeParts = (sentence: string): { text: string; code: boolean }[] =>
  sentence.split('`').flatMap((text, i) => (text === '' ? [] : [{ text, code: i % 2 === 1 }]));

/** The row in words, for screen readers and tooltips. */
export function rowSentence(row: Row): string {
  const { leaf, group, span } = row;
  const line = span && !group ? `, line ${span.range.start.line + 1}` : '';
  const effects = [
    row.lost !== null && row.lost >= 0.01 ? `Passes ${factor(row.lost)} of the gradient back.` : '',
    row.saturated !== null && row.saturated > 0 ? `Saturated ${percent(row.saturated)}.` : '',
    row.dead !== null && row.dead > 0 ? `Dead units ${percent(row.dead)}.` : '',
  ].filter(Boolean);
  if (group) {
    const count = `${row.weights} ${row.weights === 1 ? 'weight' : 'weights'}`;
    const flagged = row.flaggedWeights > 0 ? `, ${row.flaggedWeights} flagged` : '';
    const weakest =
      row.late === undefined
        ? ''
        : ` Relative gradient from ${figure(row.late)}${row.high === null ? '' : ` to ${figure(row.high)}`}.`;
    return [`${printable(group.id)}: ${count}${flagged}.${weakest}`, ...effects].join(' ');
  }
  if (!leaf?.weight) return [`${nameOf(row)}, ${leaf?.type ?? ''}${line}.`, ...effects].join(' ');
  const { shape, weight } = leaf;
  return [
    `${nameOf(row)} (${shape}): ${weight.verdict}. Relative gradient ${figure(weight.late)}, at the start ${figure(weight.start)}${line}.`,
    ...(weight.note ? [weight.note] : []),
    ...effects,
  ].join(' ');
}

/** The whole name of a row. */
export const nameOf = ({ leaf, group, label }: Row): string =>
  printable(leaf?.weight?.name ?? (leaf ? [...leaf.path, leaf.label].join('.') : (group?.id ?? label)));

/** The measured effect of a remedy. */
export function remedySentence({ measured: { before, after }, status, reason }: Remedy): string {
  if (!before || !after) return reason ?? 'not tried';
  const change = `weakest layer ${figure(before.logRelativeGradient)} → ${figure(after.logRelativeGradient)}`;
  const why = status === 'refuted' && reason !== null ? `. ${reason}` : '';
  return `${change}, then ${after.verdict}${status === 'improves' ? ' (helps, does not cure)' : ''}${why}`;
}
