import type { TextEdit } from '../report/report';
import type { Change } from './idea';

/** Turns changes into edits of the texts of one language; made anew for each idea. */
export interface Writer {
  /**
   * Writes one change at all its places, or at none: null where one place has a form that the language's writer does not know, since
   * a half-changed stack proves nothing. Else what was done, imperative and without figures, for the title: "Replace `nn.Sigmoid` by
   * `nn.ReLU`"; of initialisers the title is made by the caller and the text is empty.
   */
  write(change: Change): string | null;
  finish(): TextEdit[];
}

/** Title of a change that all languages make alike. */
export const SIGMOID_FOR_SOFTMAX = 'Replace the softmax over one unit by a sigmoid';

/** "`a` and `b`", each once. */
export function quoted(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `\`${name}\``).join(' and ');
}
