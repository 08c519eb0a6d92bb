import type { DiagnosedFinding, Diagnosis } from '../diagnosis/diagnosis';
import type { ModelGraph } from '../graph/graph';
import type { Candidate } from './candidate';
import { INITIALISER_TITLES, type Change, type Idea } from './idea';
import { ideasForExploding, withLargeLayers } from './ideas/exploding';
import { ideasForTime } from './ideas/time';
import { ideasForVanishing } from './ideas/vanishing';
import { ideasForZero } from './ideas/zero';
import { writerFor } from './languages';
import { scopeOf, type RemedyScope } from './scope';
import { quoted } from './writer';
import { saturatingPlaces } from './ideas/places';

/**
 * Text edits that may cure a finding, likely best first. What is offered is decided by proof (`prove.ts`), so a candidate may well turn out wrong;
 * it must only be a sound edit that leaves the meaning of gates and outputs alone. `others` are the file's further models.
 */
export function propose(
  finding: DiagnosedFinding,
  diagnosis: Diagnosis,
  graph: ModelGraph,
  files: readonly { path: string; text: string }[],
  others: readonly ModelGraph[] = [],
): Candidate[] {
  const plain = scopeOf(finding, graph, files, others);
  const scope = diagnosis.verdict === 'exploding' ? withLargeLayers(plain) : plain;
  const seen = new Set<string>();
  return ideasFor(scope, diagnosis).flatMap((idea) => {
    const candidate = build(idea, scope);
    const key = JSON.stringify(candidate?.edits);
    if (!candidate || seen.has(key)) return [];
    seen.add(key);
    return [candidate];
  });
}

function ideasFor(scope: RemedyScope, diagnosis: Diagnosis): Idea[] {
  switch (scope.finding.code) {
    case 'vanishing-gradient':
      return diagnosis.verdict === 'vanishing' ? ideasForVanishing(scope) : [];
    case 'dead-units':
    case 'degenerate-gradient':
      return ideasForZero(scope);
    case 'exploding-gradient':
    case 'non-finite':
      return ideasForExploding(scope);
    case 'vanishing-in-time':
      return ideasForTime(scope);
    default:
      return [];
  }
}

function build({ id, changes }: Idea, scope: RemedyScope): Candidate | null {
  const writer = writerFor(scope);
  if (!writer) return null;
  const phrases: string[] = [];
  for (const change of changes) {
    const phrase = writer.write(change);
    if (phrase === null) return null;
    phrases.push(phrase === '' ? initialiserPhrase(change, phrases.length === 0, scope) : phrase);
  }
  const edits = writer.finish();
  return edits.length === 0 ? null : { id, title: joined(phrases), edits };
}

/** "with He initialisation" behind another change, "Set Glorot initialisation and keep `Tanh`" alone. */
function initialiserPhrase(change: Change, alone: boolean, scope: RemedyScope): string {
  if (change.kind !== 'initialiser') return '';
  const what = `${INITIALISER_TITLES[change.to]} initialisation`;
  if (!alone) return `with ${what}`;
  const kept = saturatingPlaces(scope).map(({ name }) => name);
  return `Set ${what}${kept.length > 0 ? ` and keep ${quoted(kept)}` : ''}`;
}

/** "Replace `a` by `b` with He initialisation", "Replace `a` by `b`, put `c` before it". */
function joined(phrases: readonly string[]): string {
  return phrases.reduce((title, phrase) =>
    phrase.startsWith('with ') ? `${title} ${phrase}` : `${title}, ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}`,
  );
}
