import type { InputRequest } from '../graph/reading';
import type { RuleLevels } from '../silencing/rules';

/** What a caller may ask of one diagnosis; everything left off is chosen by the product. */
export interface DiagnoseOptions {
  /** Optimiser steps a seed (default 31: steps 0 to 30). */
  steps?: number | undefined;
  /** First seed (default 0); further seeds follow it where the verdict is near a limit. */
  seed?: number | undefined;
  /** Seconds that training one model may take (default 3). */
  budget?: number | undefined;
  /** Read this expression alone instead of finding models. */
  entry?: string | undefined;
  inputs?: InputRequest[] | undefined;
  /** Whether remedies are tried (default true). */
  prove?: boolean | undefined;
  /** Severities that the user gives to rules, or `off`. */
  rules?: RuleLevels | undefined;
}

export interface DiagnoseRequest {
  path: string;
  text: string;
  /** Unsaved texts of other files; they win over the disk. */
  overlays: { path: string; text: string }[];
  options: DiagnoseOptions;
}

/** Where a diagnosis stands; `fraction` runs from 0 to 1 within the stage. */
export interface Progress {
  stage: 'reading' | 'training' | 'proving';
  /** Name of the model at hand, where there is one. */
  model: string | null;
  /** "step 12 of 31, seed 0", "remedy 2 of 5". */
  detail: string;
  fraction: number;
}
