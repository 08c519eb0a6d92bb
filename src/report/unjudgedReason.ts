import type { ModelReport } from './report';

/** The note of a weight that is not trained. */
export const FROZEN_NOTE = 'Frozen: it is not trained.';

/**
 * Why a model has no verdict: the notes of its weights, the most frequent first, with how many weights each is about. null
 * where it has one.
 */
export function unjudgedReason({ verdict, parameters }: Pick<ModelReport, 'verdict' | 'parameters'>): string | null {
  if (verdict !== 'unjudged') return null;
  if (parameters.length === 0) return 'It has no weights to judge.';
  if (parameters.every(({ note }) => note === FROZEN_NOTE))
    return 'All its weights are frozen, so that nothing of it is trained.';
  const counts = new Map<string, number>();
  for (const { note } of parameters) if (note !== null) counts.set(note, (counts.get(note) ?? 0) + 1);
  const reasons = [...counts].sort(([, a], [, b]) => b - a).map(([note, count]) => `${count} × ${note}`);
  return ['No weight of it could be judged.', ...reasons].join(' ');
}
