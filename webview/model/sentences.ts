import type { Evidence, ModelReport, Remedy } from '../../src/report/report';
import { figure, type Row } from './chart';

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
export function rowSentence({ name, shape, verdict, late, start, note, span }: Row): string {
  const line = span ? `, line ${span.range.start.line + 1}` : '';
  return `${name} (${shape}): ${verdict}. Relative gradient ${figure(late)}, at the start ${figure(start)}${line}.${note ? ` ${note}` : ''}`;
}

/** The measured effect of a remedy. */
export function remedySentence({ measured: { before, after }, status, reason }: Remedy): string {
  if (!before || !after) return reason ?? 'not tried';
  const change = `weakest layer ${figure(before.logRelativeGradient)} → ${figure(after.logRelativeGradient)}`;
  return `${change}, then ${after.verdict}${status === 'improves' ? ' (helps, does not cure)' : ''}`;
}
