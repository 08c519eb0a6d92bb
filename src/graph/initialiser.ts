import { type Static, Type } from '@sinclair/typebox';
import { Scalar } from './scalar';

/**
 * How a parameter's elements are drawn. Readers reduce every named scheme (Kaiming, Glorot, LeCun, ...) to one of
 * these, with the figures already computed from fan-in, fan-out and gain, so the trainer needs no framework knowledge.
 */
export const Initialiser = Type.Recursive(
  (Self) =>
    Type.Union([
      /** U(low, high) */
      Type.Object({ kind: Type.Literal('uniform'), low: Type.Number(), high: Type.Number() }),
      /** N(mean, std^2) */
      Type.Object({ kind: Type.Literal('normal'), mean: Type.Number(), std: Type.Number() }),
      /** N(mean, std^2) with draws outside [low, high] redrawn; `std` is that of the normal before the cut. */
      Type.Object({
        kind: Type.Literal('truncatedNormal'),
        mean: Type.Number(),
        std: Type.Number(),
        low: Type.Number(),
        high: Type.Number(),
      }),
      Type.Object({ kind: Type.Literal('constant'), value: Scalar }),
      /**
       * Saxe et al. 2014: QR of a Gaussian matrix, times `gain`. The matrix has `rows` rows: the leading dim(s) in
       * PyTorch (`rows = shape[0]`), all dims but the last in Keras.
       */
      Type.Object({ kind: Type.Literal('orthogonal'), gain: Type.Number(), rows: Type.Integer({ minimum: 1 }) }),
      /** Identity on the last two dims times `gain` (Keras `identity`, `nn.init.eye_`). */
      Type.Object({ kind: Type.Literal('identity'), gain: Type.Number() }),
      /** `nn.init.dirac_`: convolution that passes its channels through. */
      Type.Object({ kind: Type.Literal('dirac'), groups: Type.Integer({ minimum: 1 }) }),
      /** `nn.init.sparse_`: N(0, std^2), `sparsity` of each column zero. */
      Type.Object({ kind: Type.Literal('sparse'), sparsity: Type.Number(), std: Type.Number() }),
      /** Exact elements in C order of the parameter's own layout (small tensors computed by the file). */
      Type.Object({ kind: Type.Literal('values'), values: Type.Array(Scalar) }),
      /** Elements drawn by `base`, then `scale * x + shift` (`w.data.mul_(0.1)`). */
      Type.Object({ kind: Type.Literal('affine'), scale: Type.Number(), shift: Type.Number(), base: Self }),
      /** `base` everywhere, then each region overwritten (`emb.weight.data[pad].zero_()`). Half-open [start, stop). */
      Type.Object({
        kind: Type.Literal('regions'),
        base: Self,
        regions: Type.Array(
          Type.Object({ start: Type.Array(Type.Integer()), stop: Type.Array(Type.Integer()), fill: Self }),
        ),
      }),
      /** Weights come from a checkpoint, or by a way that the reader cannot follow. Drawn as `assumed`, never judged. */
      Type.Object({ kind: Type.Literal('unknown'), reason: Type.String(), assumed: Self }),
    ]),
  { $id: 'Initialiser' },
);
export type Initialiser = Static<typeof Initialiser>;
