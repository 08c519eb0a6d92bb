import type { TextEdit } from '../../report/report';
import type { ActivationName, ActivationPlace, Change } from '../idea';
import { PythonDrafts } from '../python/pythonDrafts';
import type { RemedyScope } from '../scope';
import { quoted, type Writer } from '../writer';
import { findActivationSites, swapActivation } from './activationSites';
import { INITIALISERS } from './initialisers';
import { makerOf } from './maker';
import { normaliseBefore } from './normaliseSite';
import { setInitialiser } from './setInitialiser';

/** Writes changes into Python files that use PyTorch. */
export class TorchWriter implements Writer {
  readonly #drafts: PythonDrafts;

  constructor(private readonly scope: RemedyScope) {
    this.#drafts = new PythonDrafts(scope.files, ['torch']);
  }

  write(change: Change): string | null {
    switch (change.kind) {
      case 'activation':
        return this.#swap(change.to, change.places);
      case 'initialiser':
        return setInitialiser(change.layers, INITIALISERS[change.to], this.scope, this.#drafts) ? '' : null;
      case 'normalise':
        return this.#normalise(change.places);
    }
  }

  finish(): TextEdit[] {
    return this.#drafts.finish();
  }

  #swap(to: ActivationName, places: readonly ActivationPlace[]): string | null {
    const owner = makerOf(this.scope, this.#drafts.sources);
    const swaps = places.flatMap(({ span }) => {
      const edits = this.#drafts.editsOf(span.path);
      if (!edits) return [null];
      const around = owner?.source.path === span.path ? owner.definition : null;
      const sites = findActivationSites(span, edits.source, around);
      return sites.length === 0 ? [null] : sites.map((site) => swapActivation(site, to, edits));
    });
    const made = swaps.filter((swap) => swap !== null);
    if (made.length === 0 || made.length < swaps.length) return null;
    return `Replace ${quoted(made.map((swap) => swap.from))} by ${quoted(made.map((swap) => swap.to))}`;
  }

  /** Puts a batch norm before each activation. */
  #normalise(places: readonly ActivationPlace[]): string | null {
    const norms = places.map(({ span }) => {
      const edits = this.#drafts.editsOf(span.path);
      return edits && normaliseBefore(span, edits);
    });
    const made = norms.filter((norm) => norm !== null);
    if (made.length === 0 || made.length < norms.length) return null;
    return `Put ${quoted(made)} before ${quoted(places.map(({ name }) => name))}`;
  }
}
