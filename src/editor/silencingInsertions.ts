import type { SourceRange } from '../graph/source';
import { commentOpening, silencingComments, type SilencingComment } from '../silencing/comments';
import { RULES } from '../silencing/rules';

/** Text to insert so that a rule is silent; zero-based places in the text as it stands. */
export interface Insertion {
  title: string;
  line: number;
  character: number;
  text: string;
}

/**
 * The comments that silence `rule` for what `range` underlines: on its line, and for the whole file. A list that stands
 * there already grows by the rule. None where the file's format has no comments.
 */
export function silencingInsertions(path: string, text: string, range: SourceRange, rule: string): Insertion[] {
  const opening = commentOpening(path);
  if (opening === null) return [];
  const comments = silencingComments(path, text, RULES).all;
  const lines = text.split(/\r?\n/);
  const whole = path.endsWith('.ipynb') ? 'notebook' : 'file';
  const onLine = onItsLine(lines, comments, range.end.line, `${opening} gradient-lens: ignore[${rule}]`, rule);
  const inFile = onTop(lines, comments, `${opening} gradient-lens: ignore-file[${rule}]\n`, rule);
  return [
    ...(onLine === null ? [] : [{ title: `Silence ${rule} on this line`, ...onLine }]),
    { title: `Silence ${rule} in this ${whole}`, ...inFile },
  ];
}

type Place = Omit<Insertion, 'title'>;

function onItsLine(
  lines: readonly string[],
  comments: readonly SilencingComment[],
  line: number,
  comment: string,
  rule: string,
): Place | null {
  const content = lines[line]?.trimEnd();
  // A comment behind a backslash would break the statement.
  if (content === undefined || content.endsWith('\\')) return null;
  const held = comments.find((other) => other.line === line && other.scope === 'line' && !other.alone);
  return grown(held, rule) ?? { line, character: content.length, text: `  ${comment}` };
}

function onTop(lines: readonly string[], comments: readonly SilencingComment[], comment: string, rule: string): Place {
  const held = comments.find(({ scope }) => scope === 'file');
  // Above the first line, unless that must stay first: a shebang, an encoding, a cell's `%%` magic.
  const first = lines.findIndex((content) => !/^(#!|#.*coding[:=]|%%)/.test(content));
  return grown(held, rule) ?? { line: Math.max(0, first), character: 0, text: comment };
}

const grown = (held: SilencingComment | undefined, rule: string): Place | null =>
  held?.listEnd == null ? null : { line: held.line, character: held.listEnd, text: `, ${rule}` };
