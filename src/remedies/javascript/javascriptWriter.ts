import type { TextEdit } from '../../report/report';
import { everywhere } from '../everywhere';
import type { Change } from '../idea';
import type { RemedyScope } from '../scope';
import { TextEdits } from '../textEdits';
import { quoted, SIGMOID_FOR_SOFTMAX, type Writer } from '../writer';
import { JavascriptSource } from './javascriptSource';
import { ACTIVATIONS } from './names';
import { normalise } from './normaliseSite';
import { readAllSteps, swapCell } from './recurrent';
import { type Draft, setInitialiser, swapActivation } from './sites';
import { ValueFinder } from './values';

/** Writes changes into JavaScript and TypeScript files that use TensorFlow.js. */
export class JavascriptWriter implements Writer {
  readonly #drafts = new Map<string, Draft | null>();

  constructor(private readonly scope: RemedyScope) {}

  write(change: Change): string | null {
    const draftOf = (path: string) => this.#draftOf(path);
    switch (change.kind) {
      case 'activation': {
        const made = everywhere(change.places, draftOf, (place, draft) =>
          swapActivation(place, ACTIVATIONS[change.to], draft),
        );
        return made && `Replace ${quoted(made.map((swap) => swap.from))} by ${quoted(made.map((swap) => swap.to))}`;
      }
      case 'sigmoidForSoftmax': {
        const made = everywhere(change.places, draftOf, (place, draft) => swapActivation(place, 'sigmoid', draft));
        return made && SIGMOID_FOR_SOFTMAX;
      }
      case 'initialiser': {
        const write = (layer: (typeof change.layers)[number], draft: Draft) =>
          setInitialiser(layer, change.to, draft) ? [''] : [];
        return everywhere(change.layers, draftOf, write) && '';
      }
      case 'normalise': {
        const sides = everywhere(change.places, draftOf, (place, draft) => {
          const side = normalise(place, draft);
          return side ? [side] : [];
        });
        const names = change.places.map(({ name }) => name);
        return sides && `Put \`batchNormalization\` ${sides.includes('before') ? 'before' : 'behind'} ${quoted(names)}`;
      }
      case 'recurrentCell': {
        const made = everywhere(change.layers, draftOf, (layer, draft) =>
          swapCell(layer, change.to, draft) ? [''] : [],
        );
        return made && `Replace \`simpleRNN\` by \`${change.to}\``;
      }
      case 'readAllSteps': {
        const made = everywhere(change.layers, draftOf, (layer, draft) => (readAllSteps(layer, draft) ? [''] : []));
        return made && 'Average all steps instead of reading the last';
      }
      default:
        return null;
    }
  }

  finish(): TextEdit[] {
    return [...this.#drafts.values()].flatMap((draft) => draft?.edits.finish() ?? []);
  }

  #draftOf(path: string): Draft | null {
    const known = this.#drafts.get(path);
    if (known !== undefined) return known;
    const file = this.scope.files.find((candidate) => candidate.path === path);
    const draft = file ? draftFor(file) : null;
    this.#drafts.set(path, draft);
    return draft;
  }
}

function draftFor({ path, text }: { path: string; text: string }): Draft | null {
  try {
    const source = new JavascriptSource(path, text);
    return { source, values: new ValueFinder(source), edits: new TextEdits(path, text) };
  } catch (error) {
    // The reader reads around a statement that cannot be parsed; nothing is written into such a file.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
