import type { LayerRow } from './layer';
import { ACTIVATING_ROWS } from './rows/activating';
import { ATTENTION_ROWS } from './rows/attention';
import { CONVOLUTIONAL_RECURRENT_ROWS } from './rows/convolutionalRecurrent';
import { CONVOLUTION_ROWS } from './rows/convolutions';
import { DENSE_ROWS } from './rows/dense';
import { MERGING_ROWS } from './rows/merging';
import { NORMALISATION_ROWS } from './rows/normalisation';
import { POOLING_ROWS } from './rows/pooling';
import { RECURRENT_ROWS } from './rows/recurrent';
import { REGULARISATION_ROWS } from './rows/regularisation';
import { SHAPING_ROWS } from './rows/shaping';
import { WRAPPING_ROWS } from './rows/wrapping';

const ROWS: Readonly<Record<string, LayerRow>> = {
  ...DENSE_ROWS,
  ...CONVOLUTION_ROWS,
  ...POOLING_ROWS,
  ...NORMALISATION_ROWS,
  ...RECURRENT_ROWS,
  ...CONVOLUTIONAL_RECURRENT_ROWS,
  ...ATTENTION_ROWS,
  ...MERGING_ROWS,
  ...SHAPING_ROWS,
  ...ACTIVATING_ROWS,
  ...REGULARISATION_ROWS,
  ...WRAPPING_ROWS,
};

/** How a layer of the frameworks' own is lowered; null for a class that is not one of them, or not supported. */
export function rowOf(className: string): LayerRow | null {
  return Object.hasOwn(ROWS, className) ? (ROWS[className] ?? null) : null;
}
