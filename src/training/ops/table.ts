import { ACTIVATION_ROWS } from './activations';
import { ATTENTION_ROWS } from './attention';
import { CONVOLUTION_ROWS } from './convolutions';
import { DROPOUT_ROWS } from './dropout';
import { ELEMENTWISE_ROWS } from './elementwise';
import { INDEXING_ROWS } from './indexing';
import { NORMALISATION_ROWS } from './normalisation';
import { ORDERING_ROWS } from './ordering';
import { PAIR_ROWS } from './pairs';
import { POOLING_ROWS } from './pooling';
import { PRODUCT_ROWS } from './products';
import { RECURRENT_ROWS } from './recurrent';
import { REDUCTION_ROWS } from './reductions';
import { RESIZE_ROWS } from './resize';
import type { OpRows } from './row';
import { SCAN_ROWS } from './scans';
import { SHAPE_ROWS } from './shapes';
import { SOFTMAX_ROWS } from './softmax';
import { SOURCE_ROWS } from './sources';
import { STATISTIC_ROWS } from './statistics';

/** Every op that the trainer can run. */
export const OP_TABLE: OpRows = {
  ...SOURCE_ROWS,
  ...ACTIVATION_ROWS,
  ...ELEMENTWISE_ROWS,
  ...DROPOUT_ROWS,
  ...PAIR_ROWS,
  ...REDUCTION_ROWS,
  ...STATISTIC_ROWS,
  ...SCAN_ROWS,
  ...SHAPE_ROWS,
  ...INDEXING_ROWS,
  ...ORDERING_ROWS,
  ...PRODUCT_ROWS,
  ...CONVOLUTION_ROWS,
  ...POOLING_ROWS,
  ...NORMALISATION_ROWS,
  ...SOFTMAX_ROWS,
  ...RESIZE_ROWS,
  ...ATTENTION_ROWS,
  ...RECURRENT_ROWS,
};
