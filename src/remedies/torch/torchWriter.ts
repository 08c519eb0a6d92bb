import type { TextEdit } from '../../report/report';
import type { ActivationName, ActivationPlace, Change } from '../idea';
import { everywhere } from '../everywhere';
import type { SourceSpan } from '../../graph/source';
import type { FileEdits } from '../python/fileEdits';
import { PythonDrafts } from '../python/pythonDrafts';
import { ValueFinder } from '../python/values';
import type { RemedyScope } from '../scope';
import { quoted, SIGMOID_FOR_SOFTMAX, type Writer } from '../writer';
import { findActivationSites, swapActivation } from './activationSites';
import { startConstant } from './constantStart';
import { INITIALISERS } from './initialisers';
import { makerOf } from './maker';
import { putNormFirst } from '../python/normFirst';
import { normaliseBefore } from './normaliseSite';
import { readAllSteps, setGateBias, swapCell } from './recurrent';
import { setInitialiser } from './setInitialiser';
import { addShortcuts } from './shortcut';
import { attach, sigmoidForSoftmax } from './zeroCauses';

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
      case 'normFirst':
        return (
          this.#everywhere(change.layers, (layer, { edits, values }) => putNormFirst(layer, edits, values)) &&
          'Put the normalisation first in each block (pre-norm)'
        );
      case 'constantStart': {
        const what = change.value === 0 ? 'the biases at 0' : 'the scale at 1';
        return (
          this.#everywhere(change.places, ({ span }, { edits }) => startConstant(span, change.value, edits) !== null) &&
          `Start ${what}`
        );
      }
      case 'sigmoidForSoftmax':
        return (
          this.#everywhere(change.places, (place, { edits }) => sigmoidForSoftmax(place, edits) !== null) &&
          SIGMOID_FOR_SOFTMAX
        );
      case 'attach':
        return this.#everywhere(change.places, ({ span }, { edits }) => attach(span, edits)) && 'Remove the `detach`';
      case 'recurrentCell':
        return (
          this.#everywhere(change.layers, (layer, { edits, values }) => swapCell(layer, change.to, edits, values)) &&
          `Replace \`nn.RNN\` by \`nn.${change.to.toUpperCase()}\``
        );
      case 'gateBias':
        return (
          this.#everywhere(change.layers, (layer, { edits }) => setGateBias(layer, change.steps, edits)) &&
          'Set the gate bias to the length of the sequence'
        );
      case 'readAllSteps':
        return (
          this.#everywhere(change.reads, ({ span }, { edits }) => readAllSteps(span, edits)) &&
          'Average all steps instead of reading the last'
        );
      case 'loss':
        // The targets of PyTorch's losses differ in type and shape, and are made elsewhere in the file.
        return null;
      case 'shortcut':
        return this.#shortcut();
    }
  }

  finish(): TextEdit[] {
    return this.#drafts.finish();
  }

  /** True where all places take the change. */
  #everywhere<P extends { span: SourceSpan }>(
    places: readonly P[],
    write: (place: P, draft: { edits: FileEdits; values: ValueFinder }) => boolean,
  ): true | null {
    const draftOf = (path: string) => {
      const edits = this.#drafts.editsOf(path);
      return edits && { edits, values: new ValueFinder(edits.source, (name) => edits.names.canonical(name) !== null) };
    };
    return everywhere(places, draftOf, (place, draft) => (write(place, draft) ? [true] : [])) && true;
  }

  #shortcut(): string | null {
    const owner = makerOf(this.scope, this.#drafts.sources);
    const edits = owner && this.#drafts.editsOf(owner.source.path);
    return edits && addShortcuts(owner.definition, edits) > 0 ? 'Add a shortcut around each layer of the loop' : null;
  }

  #swap(to: ActivationName, places: readonly ActivationPlace[]): string | null {
    const owner = makerOf(this.scope, this.#drafts.sources);
    const swaps = places.flatMap((place) => {
      const { path } = place.span;
      const edits = this.#drafts.editsOf(path);
      if (!edits) return [null];
      const around = owner?.source.path === path ? owner.definition : null;
      const sites = findActivationSites(place, edits.source, around);
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
