import type { ModelGraph } from '../../src/graph/graph';
import type { Problem, ReadModel } from '../../src/graph/reading';
import type { Definition } from './definition';
import type { Scanned } from './scan';

/** How a definition came out, best first; `missed` is one that the reader says nothing of. */
export const STANDINGS = ['read', 'guessed', 'unread', 'missed'] as const;

export interface Outcome {
  standing: (typeof STANDINGS)[number];
  reason: string;
}

/** What reading one file gave; spans carry paths of the repository, and cells for a notebook. */
export interface FileRead {
  models: ReadModel[];
  problems: Problem[];
}

/** The best that any file of the repository says about a definition: a call site in another file is no help asked for. */
export function outcomeOf(definition: Definition, file: Scanned, reads: ReadonlyMap<string, FileRead>): Outcome {
  const outcomes: Outcome[] = [];
  for (const [from, { models }] of reads) {
    for (const read of models) if (isOf(definition, file, read, from)) outcomes.push(standingOf(read));
  }
  const problems = reads.get(file.path)?.problems ?? [];
  outcomes.push({ standing: 'missed', reason: problems.map(tell).join(' | ') || 'no model was found for it' });
  outcomes.sort((a, b) => STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing));
  return outcomes[0] ?? { standing: 'missed', reason: '' };
}

function standingOf(read: ReadModel): Outcome {
  if (read.unread) return { standing: 'unread', reason: tell(read.unread) };
  const [guess] = read.guesses;
  return guess ? { standing: 'guessed', reason: guess.message } : { standing: 'read', reason: read.entry };
}

function isOf(definition: Definition, file: Scanned, read: ReadModel, from: string): boolean {
  const { path, name, kind } = definition;
  if (kind === 'file') return from === path;
  const place = read.span?.path ?? from;
  if (place === path && stands(definition, file, read)) return true;
  // Names say which is meant where they stand for one thing; the cells of a notebook use them over and over.
  if (file.kind === 'notebook' || kind === 'variable' || (place !== path && from !== path)) return false;
  if (read.name === name || calls(read.entry, name)) return true;
  if (kind === 'builder' && file.kind === 'javascript' && read.graph) return isPart(definition, read.graph);
  return kind === 'class' && read.graph?.modules.some(({ type }) => type === name) === true;
}

/** Whether the layers that a definition makes are read as part of a larger model: an encoder inside its autoencoder. */
function isPart({ path, from, to }: Definition, graph: ModelGraph): boolean {
  return graph.modules.some(
    ({ span }) => span?.path === path && span.range.start.line >= from && span.range.start.line <= to,
  );
}

/** Whether the place that the reader gives lies inside the definition. */
function stands({ from, to }: Definition, { first }: Scanned, read: ReadModel): boolean {
  if (!read.span) return false;
  const { cell, range } = read.span;
  const before = first === null ? 0 : cell === undefined ? undefined : first.get(cell);
  return before !== undefined && before + range.start.line >= from && before + range.start.line <= to;
}

const calls = (entry: string, name: string) => entry === name || entry.startsWith(`${name}(`);

export const tell = ({ code, message, span }: Problem) =>
  `[${code}] ${message.slice(0, 260)}${span ? ` (${span.path}${span.cell === undefined ? '' : `#${span.cell}`}:${span.range.start.line + 1})` : ''}`;
