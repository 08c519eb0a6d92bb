import { parse, type ParserOptions } from '@babel/parser';
import type { File } from '@babel/types';

/** Where a text cannot be parsed, and the parser's words for it. */
export interface SyntaxFault {
  at: number;
  message: string;
  /** The code that was left out for it. */
  lost: string;
}

export interface Recovered {
  file: File;
  /** The text with broken statements blanked out; every place is where it was. */
  text: string;
  faults: SyntaxFault[];
}

const MOST_FAULTS = 8;
const MOST_TRIES = 60;
/** What may stand at the start of a line where a statement begins; ends of blocks and chained calls do not. */
const STARTS = /^[A-Za-z_$@'"`([{/+!-]/;

/**
 * Parses a script; where that fails, the top-level statement that is broken is left out, so that it does not hide the others.
 * Statements are told by the lines that begin without indentation.
 * @throws SyntaxError, RangeError where nothing helps
 */
export function parseRecovering(text: string, options: ParserOptions): Recovered {
  const faults: SyntaxFault[] = [];
  let current = text;
  for (let tries = 0; ;) {
    try {
      return { file: parse(current, options), text: current, faults };
    } catch (error) {
      const fault = faultOf(error);
      if (!fault || faults.length >= MOST_FAULTS) throw error;
      let best: { text: string; lost: string } | null = null;
      for (const cut of cuts(current, fault.at)) {
        if (++tries > MOST_TRIES) break;
        const rest = blanked(current, cut.start, cut.end);
        const next = firstFault(rest, options);
        // The broken statement is out when the next fault, if any, lies behind it.
        if (next === null || next > cut.end) {
          best = { text: rest, lost: current.slice(cut.start, cut.end) };
          break;
        }
      }
      if (best === null) throw error;
      faults.push({ ...fault, lost: best.lost });
      current = best.text;
    }
  }
}

function faultOf(error: unknown): Omit<SyntaxFault, 'lost'> | null {
  if (!(error instanceof SyntaxError)) return null;
  const at = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
  return { at, message: error.message.replace(/\s*\(\d+:\d+\)$/, '') };
}

function firstFault(text: string, options: ParserOptions): number | null {
  try {
    parse(text, options);
    return null;
  } catch (error) {
    return faultOf(error)?.at ?? 0;
  }
}

/** Pieces of the text around a place, from a line that may begin a statement to the next one; nearest first. */
function cuts(text: string, at: number): { start: number; end: number }[] {
  const lines: number[] = [];
  for (let start = 0; start <= text.length;) {
    if (STARTS.test(text.slice(start, start + 1))) lines.push(start);
    const next = text.indexOf('\n', start);
    if (next === -1) break;
    start = next + 1;
  }
  const before = lines.filter((start) => start <= at).toReversed();
  const after = lines.filter((start) => start > at);
  return before.slice(0, 12).flatMap((start, i) => {
    const ends = [
      ...(i === 0 ? after.slice(0, 2) : after.slice(0, 1)),
      ...(i > 0 ? [before[0] ?? at] : []),
      text.length,
    ];
    return ends.filter((end) => end > start).map((end) => ({ start, end }));
  });
}

/** Spaces in place of a piece; line ends stay. */
function blanked(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n\r]/g, ' ') + text.slice(end);
}
