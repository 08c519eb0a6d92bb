import type { SourceSpan } from '../../graph/source';
import type { CellModule } from './cellModule';

/** Places in the cells of several notebooks, each of which is read as one module. */
export class NotebookPlaces {
  readonly #modules: CellModule[] = [];

  add(module: CellModule): void {
    this.#modules.push(module);
  }

  inCell(span: SourceSpan): SourceSpan {
    return this.#modules.reduce((held, module) => module.inCell(held), span);
  }

  /** The reverse of `inCell`. */
  inModule(span: SourceSpan): SourceSpan {
    return this.#modules.reduce((held, module) => module.inModule(held), span);
  }
}
