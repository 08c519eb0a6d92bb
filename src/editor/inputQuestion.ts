import type { SourceRange } from '../graph/source';
import type { ModelReport } from '../report/report';

/** A question that the reader could not answer from the file, and the comment that answers it. */
export interface InputQuestion {
  title: string;
  /** In the editor's snippet syntax: what the user is to fill in is a placeholder. */
  snippet: string;
}

const titles = {
  input: 'Say the input shape in a comment',
  args: "Say the constructor's arguments in a comment",
};

/** Mistakes in the text: the comment in their message is an example, and answers nothing. */
const mistakes: ReadonlySet<string> = new Set(['bad-comment', 'syntax-error']);

/**
 * The question that a problem asks; null for problems that no comment can solve. The problem's message holds the comment
 * in backticks, `# gradient-lens: input=(3, 32, 32)`; what stands in its brackets is for the user to replace.
 */
export function questionOf(code: string, message: string): InputQuestion | null {
  const comment = /`((?:#|\/\/) gradient-lens: [^`]+)`/.exec(message)?.[1];
  if (comment === undefined || mistakes.has(code)) return null;
  const title = /\binput=/.test(comment) ? titles.input : titles.args;
  const escaped = comment.replace(/[\\$}]/g, '\\$&');
  let place = 0;
  const snippet = escaped.replace(
    /=([([])([^()[\]]*)([)\]])/g,
    (_, open: string, inside: string, close: string) => `=${open}\${${++place}:${inside}}${close}`,
  );
  return { title, snippet: `${snippet}\n` };
}

/** Where the comment goes: on a line of its own above the line of `range`, as far to the right as that line. */
export function commentPlace(range: SourceRange, lineText: string): { line: number; indent: string } {
  return { line: range.start.line, indent: /^[ \t]*/.exec(lineText)?.[0] ?? '' };
}

interface CommentStyle {
  files: RegExp;
  opening: string;
  shape: (sizes: readonly number[]) => string;
}

/** How files say an input's shape. JSON has no comments. */
const styles: readonly CommentStyle[] = [
  {
    files: /\.(py|ipynb|ya?ml)$/i,
    opening: '#',
    shape: (sizes) => (sizes.length === 1 ? `(${sizes.join()},)` : `(${sizes.join(', ')})`),
  },
  { files: /\.[cm]?[jt]sx?$/i, opening: '//', shape: (sizes) => `[${sizes.join(', ')}]` },
];

/** The comment that states the inputs of a model as they were guessed; null where none was, and where a file can hold no such comment. */
export function inputComment(file: string, inputs: ModelReport['inputs']): string | null {
  const style = styles.find(({ files }) => files.test(file));
  if (style === undefined || !inputs.some(({ origin }) => origin === 'guessed')) return null;
  const shapes = inputs.map(
    ({ shape, high }) => style.shape(shape.slice(1)) + (high === undefined ? '' : `:int<${high}`),
  );
  return `${style.opening} gradient-lens: input=${shapes.join(', ')}`;
}
