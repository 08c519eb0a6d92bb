import type { InputRequest } from '../../graph/reading';
import { TextPositions } from '../textPositions';
import { Unreadable } from '../unreadable';

const COMMENT = /^[^\n]*?#[ \t]*gradient-lens[ \t]*:(?![ \t]*ignore)([^\n]*)$/im;
const PICTURES = /^\s*input\s*=\s*\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,?\s*\)\s*$/;

/**
 * What the file says its pictures are, in a comment `# gradient-lens: input=(3, 640, 640)`; undefined where it says nothing.
 * @throws Unreadable where the comment is misspelt
 */
export function commentedInputs(path: string, text: string, batch: number): InputRequest[] | undefined {
  const comment = COMMENT.exec(text);
  if (comment === null) return undefined;
  const sizes = PICTURES.exec(comment[1] ?? '')
    ?.slice(1)
    .map(Number);
  if (sizes?.every((size) => size > 0)) return [{ shape: [batch, ...sizes], kind: 'float' }];
  const start = comment.index + comment[0].indexOf('#');
  throw new Unreadable(
    'bad-comment',
    'This comment is not understood. Write `# gradient-lens: input=(3, 640, 640)`: channels, height and width.',
    { path, range: new TextPositions(text).range(start, comment.index + comment[0].trimEnd().length) },
  );
}
