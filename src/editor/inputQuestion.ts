import type { SourceRange } from '../graph/source';

/** A question that the reader could not answer from the file, and the comment that answers it. */
export interface InputQuestion {
  title: string;
  /** In the editor's snippet syntax: what the user is to fill in is a placeholder. */
  snippet: string;
}

const questions: Readonly<Record<string, InputQuestion>> = {
  'needs-input': {
    title: 'Say the input shape (without the batch) in a comment',
    snippet: '# gradient-lens: input=(${1:3, 32, 32})\n',
  },
  'needs-arguments': {
    title: "Say the constructor's arguments in a comment",
    snippet: '# gradient-lens: args=(${1})\n',
  },
};

/** The question that a problem with this code asks; null for problems that no comment can solve. */
export function questionOf(code: string): InputQuestion | null {
  return questions[code] ?? null;
}

/** Where the comment goes: on a line of its own above the line of `range`, as far to the right as that line. */
export function commentPlace(range: SourceRange, lineText: string): { line: number; indent: string } {
  return { line: range.start.line, indent: /^[ \t]*/.exec(lineText)?.[0] ?? '' };
}
