import type { SourceRange } from '../graph/source';
import type { ModelReport } from '../report/report';

/** A question that the reader could not answer from the file, and the comment that answers it. */
export interface InputQuestion {
  title: string;
  /** In the editor's snippet syntax: what the user is to fill in is a placeholder. */
  snippet: string;
}

const titles: Readonly<Record<string, string>> = {
  'needs-input': 'Say the input shape in a comment',
  guess: 'Say the input shape in a comment',
  'needs-arguments': "Say the constructor's arguments in a comment",
};

/**
 * The question that a problem asks; null for problems that no comment can solve. The problem's message holds the comment
 * in backticks, `# gradient-lens: input=(3, 32, 32)`; what stands in its brackets is for the user to replace.
 */
export function questionOf(code: string, message: string): InputQuestion | null {
  const title = titles[code];
  const comment = /`((?:#|\/\/) gradient-lens: [^`]+)`/.exec(message)?.[1];
  if (title === undefined || comment === undefined) return null;
  const escaped = comment.replace(/[\\$}]/g, '\\$&');
  let place = 0;
  const snippet = escaped.replace(/=\(([^()]*)\)/g, (_, inside: string) => `=(\${${++place}:${inside}})`);
  return { title, snippet: `${snippet}\n` };
}

/** Where the comment goes: on a line of its own above the line of `range`, as far to the right as that line. */
export function commentPlace(range: SourceRange, lineText: string): { line: number; indent: string } {
  return { line: range.start.line, indent: /^[ \t]*/.exec(lineText)?.[0] ?? '' };
}

/** The comment that states the inputs of a model as they were guessed; null where none was, and where a file can hold no such comment. */
export function inputComment(file: string, inputs: ModelReport['inputs']): string | null {
  if (!/\.(py|ipynb|ya?ml)$/i.test(file) || !inputs.some(({ origin }) => origin === 'guessed')) return null;
  const shapes = inputs.map(({ shape, high }) => {
    const sizes = shape.slice(1);
    const tuple = sizes.length === 1 ? `(${sizes[0] ?? ''},)` : `(${sizes.join(', ')})`;
    return high === undefined ? tuple : `${tuple}:int<${high}`;
  });
  return `# gradient-lens: input=${shapes.join(', ')}`;
}
