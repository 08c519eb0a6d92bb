import { ACTIVATION_ROWS } from './activations';
import { DROPOUT_ROWS } from './dropout';
import { ELEMENTWISE_ROWS } from './elementwise';
import { PAIR_ROWS } from './pairs';
import type { OpRows } from './row';
import { SOURCE_ROWS } from './sources';

/** Every op that the trainer can run. */
export const OP_TABLE: OpRows = {
  ...SOURCE_ROWS,
  ...ACTIVATION_ROWS,
  ...ELEMENTWISE_ROWS,
  ...DROPOUT_ROWS,
  ...PAIR_ROWS,
};
