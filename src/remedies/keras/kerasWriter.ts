import type { TextEdit } from '../../report/report';
import { everywhere } from '../everywhere';
import type { Change } from '../idea';
import type { FileEdits } from '../python/fileEdits';
import { PythonDrafts } from '../python/pythonDrafts';
import { ValueFinder } from '../python/values';
import type { RemedyScope } from '../scope';
import { quoted, SIGMOID_FOR_SOFTMAX, type Writer } from '../writer';
import { swapActivation } from './activationSites';
import { swapLoss } from './lossSite';
import { setInitialiser } from './initialiserSites';
import { ACTIVATION_STRINGS, KERAS_ROOTS } from './names';
import { normalise } from './normaliseSite';
import { putNormFirst } from '../python/normFirst';
import { readAllSteps, swapCell } from './recurrent';

/** Writes changes into Python files that use Keras. */
export class KerasWriter implements Writer {
  readonly #drafts: PythonDrafts;

  constructor(scope: RemedyScope) {
    this.#drafts = new PythonDrafts(scope.files, KERAS_ROOTS);
  }

  write(change: Change): string | null {
    const draftOf = (path: string) => this.#draftOf(path);
    switch (change.kind) {
      case 'activation': {
        const made = everywhere(change.places, draftOf, (place, { edits, values }) =>
          swapActivation(place, ACTIVATION_STRINGS[change.to], edits, values),
        );
        return made && `Replace ${quoted(made.map((swap) => swap.from))} by ${quoted(made.map((swap) => swap.to))}`;
      }
      case 'sigmoidForSoftmax': {
        const made = everywhere(change.places, draftOf, (place, { edits, values }) =>
          swapActivation(place, 'sigmoid', edits, values),
        );
        return made && SIGMOID_FOR_SOFTMAX;
      }
      case 'loss': {
        const made = everywhere(change.places, draftOf, (place, { edits, values }) => {
          const swap = swapLoss(place, change.to, edits, values);
          return swap ? [swap] : [];
        });
        return made && `Train on \`${made[0]?.to ?? ''}\` instead of \`${made[0]?.from ?? ''}\``;
      }
      case 'initialiser': {
        const made = everywhere(change.layers, draftOf, (layer, { edits, values }) =>
          setInitialiser(layer, change.to, edits, values) ? [''] : [],
        );
        return made && '';
      }
      case 'normalise': {
        const sides = everywhere(change.places, draftOf, (place, { edits }) => {
          const side = normalise(place, edits);
          return side ? [side] : [];
        });
        const names = change.places.map(({ name }) => name);
        return sides && `Put \`BatchNormalization\` ${sides.includes('before') ? 'before' : 'behind'} ${quoted(names)}`;
      }
      case 'normFirst': {
        const made = everywhere(change.layers, draftOf, (layer, { edits, values }) =>
          putNormFirst(layer, edits, values) ? [''] : [],
        );
        return made && 'Put the normalisation first in each block (pre-norm)';
      }
      case 'recurrentCell': {
        const made = everywhere(change.layers, draftOf, (layer, { edits, values }) =>
          swapCell(layer, change.to, edits, values) ? [''] : [],
        );
        return made && `Replace \`SimpleRNN\` by \`${change.to.toUpperCase()}\``;
      }
      case 'readAllSteps': {
        const made = everywhere(change.layers, draftOf, (layer, { edits, values }) =>
          readAllSteps(layer, edits, values) ? [''] : [],
        );
        return made && 'Average all steps instead of reading the last';
      }
      default:
        return null;
    }
  }

  finish(): TextEdit[] {
    return this.#drafts.finish();
  }

  #draftOf(path: string): Draft | null {
    const edits = this.#drafts.editsOf(path);
    if (!edits) return null;
    return { edits, values: new ValueFinder(edits.source, (name) => edits.names.canonical(name) !== null) };
  }
}

interface Draft {
  edits: FileEdits;
  values: ValueFinder;
}
