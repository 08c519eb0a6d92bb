import { type Static, Type } from '@sinclair/typebox';
import { Initialiser } from './initialiser';
import type { OpAttributes, OpName } from './ops';
import { SourceSpan } from './source';

const index = Type.Integer({ minimum: 0 });
const shape = Type.Array(Type.Integer({ minimum: 0 }));

export const Framework = Type.Union([Type.Literal('pytorch'), Type.Literal('keras'), Type.Literal('tfjs')]);
export type Framework = Static<typeof Framework>;

export const DType = Type.Union([Type.Literal('float'), Type.Literal('int'), Type.Literal('bool')]);
export type DType = Static<typeof DType>;

/** A tensor that flows between nodes. */
export const GraphValue = Type.Object({ shape, dtype: DType });
export type GraphValue = Static<typeof GraphValue>;

export const InputOrigin = Type.Union([
  /** A comment in the file, `--input`, or the model itself (Keras `Input(shape)`) says so. */
  Type.Literal('declared'),
  /** Seen when the file's own code called the model. */
  Type.Literal('observed'),
  /** The only size that the layers admit. */
  Type.Literal('solved'),
  /** One of several sizes that the layers admit. */
  Type.Literal('guessed'),
]);
export type InputOrigin = Static<typeof InputOrigin>;

export const GraphInput = Type.Object({
  /** Name of the argument of `forward`/`call`. */
  name: Type.String(),
  /** Batch first, unless the model takes time first. */
  shape,
  kind: Type.Union([Type.Literal('float'), Type.Literal('int')]),
  /** Exclusive upper limit of integer inputs; of floating-point inputs that are spread evenly, as pixels are, the upper end. */
  high: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Lower limit of either, where it is not 0. */
  low: Type.Optional(Type.Integer()),
  origin: InputOrigin,
  /** One sentence: where the shape comes from. */
  reason: Type.String(),
});
export type GraphInput = Static<typeof GraphInput>;

/** Something the reader assumed; shown wherever the model is shown. */
export const Guess = Type.Object({ message: Type.String(), span: Type.Union([SourceSpan, Type.Null()]) });
export type Guess = Static<typeof Guess>;

export const GraphModule = Type.Object({
  /** Dotted path inside the model, '' for the model itself. */
  path: Type.String(),
  /** The class, e.g. `Linear`. */
  type: Type.String(),
  parent: Type.Union([index, Type.Null()]),
  /** Where the file declares it, if it gives it no name: `backbone[2]`. */
  entry: Type.Optional(Type.String()),
  /** The constructor call that made it: the innermost span outside framework code. */
  span: Type.Union([SourceSpan, Type.Null()]),
});
export type GraphModule = Static<typeof GraphModule>;

export const GraphParameter = Type.Object({
  /** As the framework names it. */
  name: Type.String(),
  /** In the framework's own layout. */
  shape,
  trainable: Type.Boolean(),
  initialiser: Initialiser,
  /** `default`: the framework's own; `file`: set by the file's code; `checkpoint`: weights are loaded, never judge. */
  initialiserOrigin: Type.Union([Type.Literal('default'), Type.Literal('file'), Type.Literal('checkpoint')]),
  /** Where the file set the initialiser, if it did. */
  initialiserSpan: Type.Union([SourceSpan, Type.Null()]),
  /**
   * Number of the earlier parameter of which this one starts as a copy (`copy.deepcopy` of a layer, as
   * `nn.TransformerEncoder` makes its own): both get the same draw.
   */
  copyOf: Type.Optional(index),
  module: Type.Union([index, Type.Null()]),
  /** The constructor call that makes the parameter's layer. */
  span: Type.Union([SourceSpan, Type.Null()]),
});
export type GraphParameter = Static<typeof GraphParameter>;

/** The checked frame of a node; `attributes` are those that `OP_ATTRIBUTES` names for its op. */
export interface NodeOf<O extends OpName> {
  op: O;
  attributes: OpAttributes<O>;
  /** Value numbers. */
  inputs: number[];
  /** Value numbers; every value is the output of exactly one node. */
  outputs: number[];
  /** The innermost module being run. */
  module: number | null;
  /** The call in the user's code (innermost frame outside framework code). */
  span: SourceSpan | null;
}
export type GraphNode = { [O in OpName]: NodeOf<O> }[OpName];

export const LossKind = Type.Union([
  Type.Literal('cross-entropy'),
  Type.Literal('nll'),
  Type.Literal('probs'),
  Type.Literal('bce'),
  Type.Literal('bce-logits'),
  Type.Literal('mse'),
  Type.Literal('mae'),
  Type.Literal('huber'),
  Type.Literal('reconstruct'),
  Type.Literal('vae'),
  /** The output is the loss itself, or a term of it, as the file's own code computes it. */
  Type.Literal('output'),
]);
export type LossKind = Static<typeof LossKind>;

/** What the file trains with, as far as the reader saw it. */
export const Recipe = Type.Object({
  loss: Type.Union([Type.Object({ kind: LossKind, span: Type.Union([SourceSpan, Type.Null()]) }), Type.Null()]),
  optimiser: Type.Union([
    Type.Object({
      /** The file's own class name, e.g. `AdamW`. */
      name: Type.String(),
      learningRate: Type.Union([Type.Number(), Type.Null()]),
      momentum: Type.Union([Type.Number(), Type.Null()]),
      span: Type.Union([SourceSpan, Type.Null()]),
    }),
    Type.Null(),
  ]),
  /**
   * Places in `outputs` of what the file's own code adds to the loss (`add_loss`, a divergence in a training step). Where
   * the loss is of the kind `output` they are the whole of it, else they come on top of the loss of the other outputs.
   */
  terms: Type.Optional(Type.Array(index)),
});
export type Recipe = Static<typeof Recipe>;

/** The model graph: nodes in topological order. Plain data. */
export interface ModelGraph {
  schema: 1;
  framework: Framework;
  inputs: GraphInput[];
  values: GraphValue[];
  parameters: GraphParameter[];
  modules: GraphModule[];
  nodes: GraphNode[];
  /** Value numbers of the outputs; tuples, lists and dicts flattened, integer and empty ones left out. */
  outputs: number[];
  recipe: Recipe;
  guesses: Guess[];
}
