/** What is still open at the end of a physical line. */
export interface OpenState {
  /** Brackets not yet closed. */
  depth: number;
  /** The quotes of a string over several lines, else null. */
  quotes: string | null;
  /** The line ends with a backslash. */
  continued: boolean;
}

export const NOTHING_OPEN: OpenState = { depth: 0, quotes: null, continued: false };

/** Whether the next physical line begins a logical line of its own, so that its first character may mark a magic. */
export const beginsStatement = ({ depth, quotes, continued }: OpenState) =>
  depth === 0 && quotes === null && !continued;

/** Follows strings, brackets, comments and continuations through one physical line of Python, without its line end. */
export function afterLine(line: string, before: OpenState): OpenState {
  let { depth, quotes } = before;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quotes !== null) {
      if (char === '\\') i++;
      else if (line.startsWith(quotes, i)) {
        i += quotes.length - 1;
        quotes = null;
      }
    } else if (char === '#') {
      return { depth, quotes: null, continued: false };
    } else if (char === '"' || char === "'") {
      quotes = line.startsWith(char.repeat(3), i) ? char.repeat(3) : char;
      i += quotes.length - 1;
    } else if ('([{'.includes(char)) {
      depth++;
    } else if (')]}'.includes(char)) {
      depth = Math.max(0, depth - 1);
    }
  }
  const continued = line.endsWith('\\');
  // A string in single quotes ends with its line, unless the line is continued.
  if (quotes?.length === 1 && !continued) quotes = null;
  return { depth, quotes, continued: continued && quotes?.length !== 3 };
}
