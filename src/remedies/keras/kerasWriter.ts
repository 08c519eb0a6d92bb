import type { TextEdit } from '../../report/report';
import type { SourceSpan } from '../../graph/source';
import type { ActivationName, ActivationPlace, Change } from '../idea';
import type { FileEdits } from '../python/fileEdits';
import { PythonDrafts } from '../python/pythonDrafts';
import { ValueFinder } from '../python/values';
import type { RemedyScope } from '../scope';
import { quoted, type Writer } from '../writer';
import { swapActivation } from './activationSites';
import { setInitialiser } from './initialiserSites';
import { KERAS_ROOTS } from './names';
import { normalise } from './normaliseSite';

/** Writes changes into Python files that use Keras. */
export class KerasWriter implements Writer {
  readonly #drafts: PythonDrafts;

  constructor(scope: RemedyScope) {
    this.#drafts = new PythonDrafts(scope.files, KERAS_ROOTS);
  }

  write(change: Change): string | null {
    switch (change.kind) {
      case 'activation':
        return this.#swap(change.to, change.places);
      case 'initialiser':
        return this.#everywhere(change.layers, (layer, edits, values) =>
          setInitialiser(layer, change.to, edits, values) ? [''] : [],
        ) === null
          ? null
          : '';
      case 'normalise': {
        const sides = this.#everywhere(change.places, (place, edits) => normalise(place, edits) ?? []);
        return (
          sides &&
          `Put \`BatchNormalization\` ${sides.includes('before') ? 'before' : 'behind'} ${quoted(change.places.map(({ name }) => name))}`
        );
      }
    }
  }

  finish(): TextEdit[] {
    return this.#drafts.finish();
  }

  #swap(to: ActivationName, places: readonly ActivationPlace[]): string | null {
    const made = this.#everywhere(places, (place, edits, values) => swapActivation(place, to, edits, values));
    return made && `Replace ${quoted(made.map((swap) => swap.from))} by ${quoted(made.map((swap) => swap.to))}`;
  }

  /** Results at all places; null where one gives none, or there is none. */
  #everywhere<P extends { span: SourceSpan }, R>(
    places: readonly P[],
    write: (place: P, edits: FileEdits, values: ValueFinder) => R | R[],
  ): R[] | null {
    const results: R[] = [];
    for (const place of places) {
      const edits = this.#drafts.editsOf(place.span.path);
      if (!edits) return null;
      const values = new ValueFinder(edits.source, (name) => edits.names.canonical(name) !== null);
      const made = [write(place, edits, values)].flat() as R[];
      if (made.length === 0) return null;
      results.push(...made);
    }
    return results.length === 0 ? null : results;
  }
}
