import type { Problem } from '../graph/reading';
import type { SourceRange } from '../graph/source';

/**
 * A comment that silences findings: on the line that is underlined, or on a line of its own above it,
 *
 *     self.gate = nn.Linear(8, 1)  # gradient-lens: ignore[degenerate-gradient] the gate is frozen later
 *
 * or, as `ignore-file[...]`, anywhere for its whole file. Without brackets it silences every rule.
 */
export interface SilencingComment {
  /** Zero-based line of the file, or of the notebook's text. */
  line: number;
  /** Where its list of rules ends: the place before `]`; null where it has no list. */
  listEnd: number | null;
  scope: 'line' | 'file';
  /** Whether nothing else stands on its line, so that it is about the line below. */
  alone: boolean;
  /** null: all rules. */
  rules: readonly string[] | null;
}

export interface SilencingComments {
  all: SilencingComment[];
  /** One for each comment that is misspelt: it silences nothing. */
  problems: Problem[];
}

const COMMENT = /gradient-lens\s*:\s*ignore(?<file>-file)?(?![\w-])(?<rest>.*)$/i;
/** A list of rules with room for a reason behind it, or nothing but such room behind `--`. */
const RULES = /^(?<open>\s*\[)(?<list>[^\]]*)\]/;
const NOTHING = /^\s*(--.*|\*\/.*)?$/;

const openings: readonly { files: RegExp; opening: RegExp; write: string }[] = [
  { files: /\.(py|pyi|ipynb|ya?ml)$/i, opening: /#\s*$/, write: '#' },
  { files: /\.[cm]?[jt]sx?$/i, opening: /(\/\/|\/\*+)\s*$/, write: '//' },
];

/** How a comment begins in this file; null where a file of its kind has none (JSON). */
export const commentOpening = (path: string): string | null =>
  openings.find(({ files }) => files.test(path))?.write ?? null;

/** All silencing comments of a text; rules that are not in `known` are misspelt. */
export function silencingComments(path: string, text: string, known: readonly string[]): SilencingComments {
  const found: SilencingComments = { all: [], problems: [] };
  const style = openings.find(({ files }) => files.test(path));
  if (style === undefined || !/gradient-lens/i.test(text)) return found;
  for (const [line, content] of text.split(/\r?\n/).entries()) {
    const comment = COMMENT.exec(content);
    const before = comment === null ? '' : content.slice(0, comment.index);
    if (comment?.groups === undefined || !style.opening.test(before)) continue;
    const rest = comment.groups['rest'] ?? '';
    const list = RULES.exec(rest)?.groups;
    const rules = list === undefined ? null : (list['list'] ?? '').split(',').map((rule) => rule.trim());
    const unknown = rules?.find((rule) => !known.includes(rule));
    if (unknown !== undefined || (rules === null && !NOTHING.test(rest.trimEnd()))) {
      const range = { start: { line, character: before.length }, end: { line, character: content.trimEnd().length } };
      found.problems.push(misspelt(path, range, unknown, known));
      continue;
    }
    const opened = content.length - rest.length + (list?.['open']?.length ?? 0);
    found.all.push({
      line,
      listEnd: list === undefined ? null : opened + (list['list']?.length ?? 0),
      scope: comment.groups['file'] === undefined ? 'line' : 'file',
      alone: before.replace(style.opening, '').trim() === '',
      rules,
    });
  }
  return found;
}

function misspelt(path: string, range: SourceRange, unknown: string | undefined, known: readonly string[]): Problem {
  const why = unknown ? `there is no rule \`${unknown}\`` : 'it names no rule in brackets';
  const message = `This comment silences nothing: ${why}. Write \`gradient-lens: ignore[${known[0] ?? ''}]\`; the rules are ${known.join(', ')}.`;
  return { code: 'bad-comment', message, span: { path, range }, related: [] };
}

/** The comment that silences `rule` for what is underlined from `first` to `last`; the whole file's where no line's own does. */
export function commentAbout(
  comments: readonly SilencingComment[],
  rule: string,
  first: number,
  last: number,
): SilencingComment | null {
  const about = comments.filter(({ rules }) => rules?.includes(rule) ?? true);
  const near = ({ scope, line, alone }: SilencingComment) =>
    scope === 'line' && (alone ? isAbove(line, first, comments) : line === first || line === last);
  return about.find(near) ?? about.find(({ scope }) => scope === 'file') ?? null;
}

/** Several such comments may stand above one another. */
function isAbove(line: number, first: number, comments: readonly SilencingComment[]): boolean {
  for (let between = line + 1; between < first; between++)
    if (!comments.some((other) => other.line === between && other.alone)) return false;
  return line < first;
}
