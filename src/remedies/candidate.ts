import type { TextEdit } from '../report/report';

/** A remedy not yet tried: text edits against the sources that the reader read. */
export interface Candidate {
  /** Stable within a report, e.g. `swap-activation/relu+he`. */
  id: string;
  title: string;
  edits: TextEdit[];
}
