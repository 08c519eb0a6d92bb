import type { InputRequest, Problem } from '../../../graph/reading';
import type { Tree } from './tree';

/**
 * A comment by which a file says what its models are fed with, or built with:
 *
 *     // gradient-lens: input=[28, 28, 1] args=[10]
 *     // gradient-lens: input=[24]:int<60, [24]:int<60
 *
 * It stands above or inside the function, class or variable that it is about; elsewhere it counts for the whole file.
 */
export interface Directive {
  start: number;
  end: number;
  /** Shapes without the batch. */
  inputs: InputRequest[] | null;
  /** Arguments as code, `(...)` included. */
  given: string | null;
}

const SHAPE = /^\s*[[(]([\d\s,_]*)[\])]\s*(?::\s*(int|float)\s*(?:<\s*([\d_]+))?)?\s*/;
const HOW = 'Write `// gradient-lens: input=[28, 28, 1]`, with `:int<60` behind the shape for integers below 60.';

export interface Directives {
  all: Directive[];
  problems: Problem[];
}

/** All such comments of a file, and a problem for each that is misspelt. */
export function directivesOf(tree: Tree): Directives {
  const found: Directives = { all: [], problems: [] };
  for (const comment of tree.file.comments ?? []) {
    const body = /^[\s*]*gradient-lens\s*:\s*([^]*)$/i.exec(comment.value)?.[1];
    // `ignore` silences findings: that is no business of the reader.
    if (body === undefined || /^ignore/i.test(body)) continue;
    const place = { start: comment.start ?? 0, end: comment.end ?? 0 };
    const parts = partsOf(body);
    if (parts) found.all.push({ ...place, ...parts });
    else
      found.problems.push({
        code: 'bad-comment',
        message: `This comment is not understood. ${HOW}`,
        span: tree.span(place),
        related: [],
      });
  }
  return found;
}

/** The comment about what stands from `start` to `end`; else the first one that is about nothing else. */
export function directiveFor(
  { all }: Directives,
  tree: Tree,
  { start, end }: { start: number; end: number },
): Directive | null {
  const own = all.find(
    (directive) =>
      (directive.start >= start && directive.end <= end) ||
      (directive.end <= start && /^(\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*$/.test(tree.text.slice(directive.end, start))),
  );
  return own ?? null;
}

/** Comments that no declaration takes for its own. */
export const forAll = ({ all }: Directives, taken: ReadonlySet<Directive>): Directive | null =>
  all.find((directive) => !taken.has(directive)) ?? null;

function partsOf(body: string): Pick<Directive, 'inputs' | 'given'> | null {
  let text = body.trim();
  let inputs: InputRequest[] | null = null;
  let given: string | null = null;
  while (text !== '') {
    const name = /^(inputs?|args)\s*=\s*/.exec(text);
    if (!name) return null;
    text = text.slice(name[0].length);
    if (name[1] === 'args') {
      const held = balanced(text);
      if (held === null) return null;
      given = `(${held.slice(1, -1).trim().replace(/,$/, '')})`;
      text = text.slice(held.length).trim();
      continue;
    }
    const read = shapesOf(text);
    if (!read) return null;
    inputs = [...(inputs ?? []), ...read.inputs];
    text = read.rest.trim();
  }
  return inputs === null && given === null ? null : { inputs, given };
}

function shapesOf(text: string): { inputs: InputRequest[]; rest: string } | null {
  const inputs: InputRequest[] = [];
  for (let rest = text; ;) {
    const match = SHAPE.exec(rest);
    if (!match) return null;
    const shape = (match[1]?.match(/[\d_]+/g) ?? []).map((size) => Number(size.replaceAll('_', '')));
    const kind = match[2] === 'int' ? 'int' : 'float';
    inputs.push({ shape, kind, ...(match[3] === undefined ? {} : { high: Number(match[3].replaceAll('_', '')) }) });
    rest = rest.slice(match[0].length);
    if (!/^,\s*[[(]/.test(rest)) return { inputs, rest };
    rest = rest.slice(1);
  }
}

/** The bracket that `text` begins with, up to its end. */
function balanced(text: string): string | null {
  if (!/^[[(]/.test(text)) return null;
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (quote !== '') {
      if (letter === '\\') i++;
      else if (letter === quote) quote = '';
    } else if ('"\'`'.includes(letter)) quote = letter;
    else if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter) && --depth === 0) return text.slice(0, i + 1);
  }
  return null;
}

/** Inputs that a comment gives, with the batch in front. */
export const withBatch = (directive: Directive | null, batch: number): InputRequest[] | undefined =>
  directive?.inputs?.map((input) => ({ ...input, shape: [batch, ...input.shape] }));
