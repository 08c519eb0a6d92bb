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

/** A place where the source says something, and nothing more of it. */
export interface Place {
  span: SourceSpan;
}

/** Cross-entropy of single probabilities, or of a distribution over classes. */
export type LossName = 'binary' | 'categorical';

/** What to change in the model, without a word on how a language writes it. A language that cannot say it leaves it out. */
export type Change =
  | { kind: 'activation'; to: ActivationName; places: readonly ActivationPlace[] }
  | { kind: 'initialiser'; to: InitialiserName; layers: readonly LayerPlace[] }
  /** A normalisation by activation: before it where the layer stands apart, behind it where it is part of the layer. */
  | { kind: 'normalise'; places: readonly ActivationPlace[] }
  /** Blocks with their norm in front of the branch instead of behind the sum. */
  | { kind: 'normFirst'; layers: readonly LayerPlace[] }
  /** The initialiser of a bias (0) or of a scale (1) that the file sets otherwise. */
  | { kind: 'constantStart'; value: 0 | 1; places: readonly Place[] }
  /** A sigmoid for a softmax over one unit. */
  | { kind: 'sigmoidForSoftmax'; places: readonly ActivationPlace[] }
  /** Another loss where the file names it. */
  | { kind: 'loss'; to: LossName; places: readonly Place[] }
  /** The value itself where the file detaches it. */
  | { kind: 'attach'; places: readonly Place[] }
  /** Another recurrent cell, its results unpacked as it gives them. */
  | { kind: 'recurrentCell'; to: 'lstm' | 'gru'; layers: readonly LayerPlace[] }
  /** The bias of the gate that keeps the state at the logarithm of the sequence's length (chrono, Tallec and Ollivier 2018). */
  | { kind: 'gateBias'; steps: number; layers: readonly LayerPlace[] }
  /** The mean over all steps where the model reads the last one. */
  | { kind: 'readAllSteps'; layers: readonly LayerPlace[]; reads: readonly Place[] }
  /** Branches of equal shape added to what they are fed. */
  | { kind: 'shortcut' };

/** One way to cure: changes that are made together. */
export interface Idea {
  /** Stable, e.g. `swap-activation/relu+he`. */
  id: string;
  changes: readonly Change[];
}
