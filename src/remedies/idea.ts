import type { OpName } from '../graph/ops';
import type { SourceSpan } from '../graph/source';

/** Activations that a remedy may put in place of another. */
export type ActivationName = 'relu' | 'leakyRelu' | 'elu' | 'gelu' | 'silu' | 'selu';

/** Initialisers on offer; each language knows how it spells them. */
export type InitialiserName = 'he' | 'heLeaky' | 'heUniform' | 'lecun' | 'orthogonal' | 'glorotTanh' | 'glorotSigmoid';

/** Names of initialisers in titles. */
export const INITIALISER_TITLES: Record<InitialiserName, string> = {
  he: 'He',
  heLeaky: 'He',
  heUniform: 'uniform He',
  lecun: 'LeCun normal',
  orthogonal: 'orthogonal',
  glorotTanh: 'Glorot',
  glorotSigmoid: 'Glorot',
};

/** Where the source decides on an activation: the constructor call that holds it, or the call of the function. */
export interface ActivationPlace {
  span: SourceSpan;
  op: OpName;
  /** As the report calls it. */
  name: string;
}

/** The constructor call of a layer with weights. */
export interface LayerPlace {
  span: SourceSpan;
  /** Its class. */
  type: string;
  /** Where the file sets its initialiser, if it does. */
  initialiser: SourceSpan | null;
}

/** What to change in the model, without a word on how a language writes it. */
export type Change =
  | { kind: 'activation'; to: ActivationName; places: readonly ActivationPlace[] }
  | { kind: 'initialiser'; to: InitialiserName; layers: readonly LayerPlace[] }
  /** A normalisation by activation: before it where the layer stands apart, behind it where it is part of the layer. */
  | { kind: 'normalise'; places: readonly ActivationPlace[] };

/** One way to cure: changes that are made together. */
export interface Idea {
  /** Stable, e.g. `swap-activation/relu+he`. */
  id: string;
  changes: readonly Change[];
}
