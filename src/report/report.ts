import { type Static, Type } from '@sinclair/typebox';
import { Guess, InputOrigin, Framework } from '../graph/graph';
import { Problem } from '../graph/reading';
import { SourceRange, SourceSpan } from '../graph/source';
import { CurvePoint, FlowReport } from './flow';

// The report is the product's one result: editor, panel and command line are faces of it. Its JSON Schema is written to
// docs/report.schema.json from these definitions.

const nullable = <T extends import('@sinclair/typebox').TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const shape = Type.Array(Type.Integer());

/** Verdict on a model; `unjudged` where no weight of it could be judged (all frozen or from a checkpoint, say). */
export const Verdict = Type.Union(
  (['healthy', 'vanishing', 'exploding', 'dead', 'degenerate', 'unjudged', 'unread'] as const).map((v) =>
    Type.Literal(v),
  ),
);
export type Verdict = 'healthy' | 'vanishing' | 'exploding' | 'dead' | 'degenerate' | 'unjudged' | 'unread';

/** Verdict on one parameter; `unjudged` for biases, frozen and checkpoint weights, `waking` behind a zero gate. */
export const ParameterVerdict = Type.Union(
  (['healthy', 'vanishing', 'exploding', 'dead', 'degenerate', 'unread', 'waking', 'unjudged'] as const).map((v) =>
    Type.Literal(v),
  ),
);
export type ParameterVerdict = Verdict | 'waking';

export const Severity = Type.Union([Type.Literal('warning'), Type.Literal('information')]);
export type Severity = 'warning' | 'information';

export const TextEdit = Type.Object({
  path: Type.String(),
  range: SourceRange,
  /** For a notebook the zero-based place in `cells`; `range` counts in that cell. */
  cell: Type.Optional(Type.Integer({ minimum: 0 })),
  text: Type.String(),
});
export type TextEdit = Static<typeof TextEdit>;

/** What a proof measured on one side of an edit. log10 figures; null is exactly zero. */
export const Measured = Type.Object({
  verdict: Verdict,
  /** Smallest log10 relative gradient among the finding's weights (median over steps and seeds). */
  logRelativeGradient: nullable(Type.Number()),
  /** Loss at the last step, median over seeds. */
  loss: nullable(Type.Number()),
  /** Loss at the first and last of as many steps on one repeated batch, which can be learnt by heart; left off where it was not asked for. */
  learnt: Type.Optional(Type.Object({ start: nullable(Type.Number()), end: nullable(Type.Number()) })),
});
export type Measured = Static<typeof Measured>;

export const Remedy = Type.Object({
  id: Type.String(),
  /** Imperative and short, without figures: "Replace `nn.Sigmoid` by `nn.ReLU` with He initialisation". */
  title: Type.String(),
  edits: Type.Array(TextEdit),
  status: Type.Union([
    Type.Literal('proved'),
    Type.Literal('improves'),
    Type.Literal('refuted'),
    Type.Literal('untested'),
  ]),
  /** True for the single best proved remedy of the finding. */
  preferred: Type.Boolean(),
  measured: Type.Object({ before: nullable(Measured), after: nullable(Measured) }),
  /** Why it was refuted or not tested. */
  reason: nullable(Type.String()),
  /** Late relative gradient of each judged weight with the edit, for the panel; left off where it was not measured. */
  curve: Type.Optional(Type.Array(CurvePoint)),
});
export type Remedy = Static<typeof Remedy>;

/** One share of the lost gradient: the decades that all ops of one kind at one place took. */
export const Attribution = Type.Object({
  /** What a user calls it: `Sigmoid`, `Linear`, ... */
  operation: Type.String(),
  count: Type.Integer(),
  span: nullable(SourceSpan),
  /** Decades lost (positive) or gained (negative). */
  decades: Type.Number(),
  /** Geometric mean of the backward gain of one op. */
  gain: Type.Number(),
});
export type Attribution = Static<typeof Attribution>;

export const Finding = Type.Object({
  /** Stable rule code, e.g. `vanishing-gradient`. */
  code: Type.String(),
  severity: Severity,
  message: Type.String(),
  /** Where it is underlined. */
  path: Type.String(),
  range: SourceRange,
  cell: Type.Optional(Type.Integer()),
  /** Names of the flagged parameters. */
  parameters: Type.Array(Type.String()),
  /** One sentence: which operation ate the gradient and by what factor. */
  cause: Type.String(),
  /** `saturating-activation`, `small-initialiser`, `depth`, `unknown`, ... */
  causeKind: Type.String(),
  attribution: Type.Array(Attribution),
  related: Type.Array(Type.Object({ message: Type.String(), span: SourceSpan })),
  remedies: Type.Array(Remedy),
  /** By what the user silenced it: no face warns of it, and no remedies are tried. */
  silenced: Type.Optional(Type.String()),
});
export type Finding = Static<typeof Finding>;

export const ParameterReport = Type.Object({
  name: Type.String(),
  shape,
  /** 1-based line of the constructor call; null where unknown. */
  line: nullable(Type.Integer()),
  span: nullable(SourceSpan),
  verdict: ParameterVerdict,
  /** log10(|dL/dW| / |W|), median over seeds (start: step 0; late: steps 5..end). null: exactly zero or not reached. */
  logRelativeGradient: Type.Object({ start: nullable(Type.Number()), late: nullable(Type.Number()) }),
  /** Why it was not judged, or what to know. */
  note: nullable(Type.String()),
});
export type ParameterReport = Static<typeof ParameterReport>;

/** One layer of the gradient-flow chart, in the order of the graph. */
export const LayerReport = Type.Object({
  path: Type.String(),
  type: Type.String(),
  span: nullable(SourceSpan),
  /** Numbers into `parameters`. */
  parameters: Type.Array(Type.Integer()),
  outputShape: shape,
  /** log10 RMS of the gradient at the layer's output, median over seeds and late steps; null: zero or not reached. */
  logGradient: nullable(Type.Number()),
  /** log10 of (RMS gradient at input / RMS gradient at output). */
  logBackwardGain: nullable(Type.Number()),
  activation: nullable(
    Type.Object({
      mean: Type.Number(),
      deviation: Type.Number(),
      saturated: nullable(Type.Number()),
      dead: nullable(Type.Number()),
    }),
  ),
});
export type LayerReport = Static<typeof LayerReport>;

/** How far back one recurrent layer's gradient reaches, at initialisation. A direction that runs backward is left out. */
export const TimeReport = Type.Object({
  /** The layer's path; with `_l0`, `_l1`, ... where one module of PyTorch stacks several. */
  layer: Type.String(),
  span: nullable(SourceSpan),
  /** Numbers into the model's `parameters`. */
  parameters: Type.Array(Type.Integer()),
  steps: Type.Integer(),
  /**
   * log10 of RMS(dL/dh_t) relative to the last step's, step by step, where the loss reads the last step only; median over
   * the seeds. null: exactly zero.
   */
  logGradient: Type.Array(nullable(Type.Number())),
  /** Memory horizon: the first lag (steps before the last) at which it is under 1e-2; null where it never is. */
  horizon: nullable(Type.Integer()),
  /** Steps in which it halves (slope of a straight line through its logarithm); null where it does not fall. */
  halfLife: nullable(Type.Number()),
  /** Whether it is under 1e-2 at the first step. */
  vanishing: Type.Boolean(),
  /** Whether the model's own loss reads an output at each step, so that far steps need not be remembered. */
  readsEveryStep: Type.Boolean(),
});
export type TimeReport = Static<typeof TimeReport>;

export const Evidence = Type.Object({
  seeds: Type.Array(Type.Integer()),
  steps: Type.Integer(),
  batch: Type.Integer(),
  optimiser: Type.String(),
  learningRate: Type.Number(),
  loss: Type.String(),
  data: Type.String(),
  reductions: Type.Array(Type.String()),
  partial: Type.Boolean(),
  /** log10 of the yardstick: the largest late relative gradient among weights that do not start unusually small. */
  yardstick: nullable(Type.Number()),
  /** log10 under which a weight counts as vanished. */
  limit: nullable(Type.Number()),
  /** Says of which weights too few steps were run to tell healthy from vanishing; they are not flagged. */
  undecided: nullable(Type.String()),
  milliseconds: Type.Object({ reading: Type.Number(), training: Type.Number(), proving: Type.Number() }),
});
export type Evidence = Static<typeof Evidence>;

export const ModelReport = Type.Object({
  name: Type.String(),
  entry: Type.String(),
  framework: Framework,
  span: nullable(SourceSpan),
  verdict: Verdict,
  /** Set exactly where the verdict is `unread`. */
  unread: nullable(Problem),
  inputs: Type.Array(
    Type.Object({
      name: Type.String(),
      shape,
      kind: Type.Union([Type.Literal('float'), Type.Literal('int')]),
      high: Type.Optional(Type.Integer()),
      origin: InputOrigin,
      reason: Type.String(),
    }),
  ),
  guesses: Type.Array(Guess),
  parameterCount: Type.Integer(),
  parameters: Type.Array(ParameterReport),
  layers: Type.Array(LayerReport),
  /** One entry a recurrent layer; left off where there is none. */
  time: Type.Optional(Type.Array(TimeReport)),
  findings: Type.Array(Finding),
  evidence: nullable(Evidence),
  /** For the panel; left off where nothing was trained, and by the command line unless it is asked. */
  flow: Type.Optional(FlowReport),
});
export type ModelReport = Static<typeof ModelReport>;

/** As `Problem`, with the range on top as the command line's JSON form promises. */
export const ProblemReport = Type.Composite([
  Problem,
  Type.Object({ path: Type.String(), range: SourceRange, cell: Type.Optional(Type.Integer()) }),
]);
export type ProblemReport = Static<typeof ProblemReport>;

export const FileReport = Type.Object({
  path: Type.String(),
  problems: Type.Array(ProblemReport),
  models: Type.Array(ModelReport),
});
export type FileReport = Static<typeof FileReport>;

export const Report = Type.Object({ schema: Type.Literal(1), files: Type.Array(FileReport) });
export type Report = Static<typeof Report>;
