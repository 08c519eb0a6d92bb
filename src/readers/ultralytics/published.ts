import type { ModelGraph } from '../../graph/graph';

/** The number in `12,345 parameters` or `12345 parameters`. */
const FIGURE = /(\d[\d,_]*)\s+parameters/i;

/**
 * What a comment of the file says of the number of parameters, at the row of the scale or, in a file without scales, anywhere; null where
 * nothing is said.
 */
export function publishedParameters(text: string, scale: string | null): number | null {
  const comments = text.split('\n').flatMap((line) => {
    const [, key = '', comment] = /^\s*["']?([\w-]*)["']?\s*(?::[^#]*)?#(.*)$/.exec(line) ?? [];
    return comment === undefined ? [] : [{ key, comment }];
  });
  const own = comments.filter(({ key, comment }) => FIGURE.test(comment) && (scale === null || key === scale));
  const [figure] = own.map(({ comment }) => FIGURE.exec(comment)?.[1]);
  return figure === undefined ? null : Number(figure.replace(/[,_]/g, ''));
}

export const countParameters = ({ parameters }: ModelGraph): number =>
  parameters.reduce((sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1), 0);
