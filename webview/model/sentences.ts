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

/** Where an input's shape comes from; a guess is called a guess. */
export function inputSentences(model: ModelReport): { text: string; guess: boolean; reason: string }[] {
  return model.inputs.map(({ name, shape, high, origin, reason }) => ({
    text: `${name} [${shape.join(', ')}]${high === undefined ? '' : `, integers below ${high}`} (${origin})`,
    guess: origin === 'guessed',
    reason,
  }));
}

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
