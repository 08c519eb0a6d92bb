import { type Static, Type, type TSchema } from '@sinclair/typebox';
import { SourceSpan } from '../graph/source';

// What the gradient-flow panel draws beyond the report's verdicts: figures of each step, and the shape of the model. The command
// line leaves it off unless it is asked, since it is longer than the rest together.

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** How many sampled elements lie where. Summed over the seeds. */
export const Histogram = Type.Object({
  /** The step whose elements were counted. */
  step: Type.Integer(),
  /**
   * Edge of the first bin, and width of each. Of gradients both are log10 of the absolute value (`exact zeros` stand apart), of
   * activations they are the values themselves.
   */
  first: Type.Number(),
  width: Type.Number(),
  counts: Type.Array(Type.Integer()),
  /** Elements that are exactly zero; of activations they are in `counts` too. */
  zeros: Type.Integer(),
});
export type Histogram = Static<typeof Histogram>;

/** One judged or flagged weight through training. log10 of |dL/dW| / |W|; null: exactly zero or not measured. */
export const WeightFlow = Type.Object({
  /** Number into the model's `parameters`. */
  parameter: Type.Integer(),
  /** How it starts, in words: `uniform in [-0.2, 0.2], set in the file`. */
  initialiser: Type.String(),
  /** Smallest and largest over all seeds and late steps. */
  low: nullable(Type.Number()),
  high: nullable(Type.Number()),
  /** One figure a step: the median over the seeds. */
  steps: Type.Array(nullable(Type.Number())),
  gradients: nullable(Histogram),
});
export type WeightFlow = Static<typeof WeightFlow>;

/** One node of the compact drawing: a layer, a place where branches meet, an input, or the loss. */
export const ShapeNode = Type.Object({
  kind: Type.Union([Type.Literal('input'), Type.Literal('layer'), Type.Literal('merge'), Type.Literal('loss')]),
  /** Number into the model's `layers`; null for the other kinds. */
  layer: nullable(Type.Integer()),
  /** `Conv2d`, `addition`, the input's name. */
  label: Type.String(),
  /** Dotted path of the module around it. */
  path: Type.String(),
  span: nullable(SourceSpan),
  /** log10 RMS of the gradient at its output, as of layers. */
  logGradient: nullable(Type.Number()),
});
export type ShapeNode = Static<typeof ShapeNode>;

export const FlowReport = Type.Object({
  weights: Type.Array(WeightFlow),
  /** Loss at each step, median over the seeds; null where it is no finite number. */
  loss: Type.Array(nullable(Type.Number())),
  /** Histogram of each layer's output, in the order of `layers`. */
  activations: Type.Array(nullable(Histogram)),
  nodes: Type.Array(ShapeNode),
  /** Pairs of numbers into `nodes`, along the forward pass. */
  edges: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()])),
});
export type FlowReport = Static<typeof FlowReport>;

/** The relative gradient of one weight in a model other than the one that is shown: after a fix, or before an edit. */
export const CurvePoint = Type.Object({ name: Type.String(), logRelativeGradient: nullable(Type.Number()) });
export type CurvePoint = Static<typeof CurvePoint>;
