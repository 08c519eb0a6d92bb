import type { Attribution, ParameterVerdict, Severity, Verdict } from '../report/report';
import type { FindingCode } from '../report/findingCodes';
import type { SourceSpan } from '../graph/source';

/** What the rules say of one parameter; same order as `graph.parameters`. */
export interface ParameterDiagnosis {
  verdict: ParameterVerdict;
  /** log10 relative gradient: -Infinity exactly zero, NaN not reached or weight zero itself. */
  start: number;
  late: number;
  note: string | null;
}

export interface DiagnosedFinding {
  code: FindingCode;
  severity: Severity;
  /** What happened and what to do; why is `cause`, which every face shows beside it. The first sentence stands alone. */
  message: string;
  span: SourceSpan;
  /** Numbers into `graph.parameters`. */
  parameters: number[];
  /** Which operation ate the gradient and by what factor, or where it ends. */
  cause: string;
  causeKind: CauseKind;
  attribution: Attribution[];
  /** Node numbers that the cause names (the sigmoids that ate the gradient), for the remedies. */
  causeNodes: number[];
  related: { message: string; span: SourceSpan }[];
}

export type CauseKind =
  | 'saturating-activation'
  | 'small-initialiser'
  | 'depth'
  | 'dead-units'
  | 'one-unit-softmax'
  | 'one-element-norm'
  | 'shut-gate'
  | 'cut-graph'
  | 'unused-branch'
  | 'equal-weights'
  | 'post-normalisation'
  | 'attention'
  | 'recurrence'
  | 'pooling'
  | 'exploding'
  | 'unknown';

export interface Diagnosis {
  verdict: Exclude<Verdict, 'unread'>;
  /** log10; NaN where no weight qualifies. */
  yardstick: number;
  limit: number;
  /** Says of which weights too few steps were run to tell healthy from vanishing; null where that is no question. */
  undecided: string | null;
  parameters: ParameterDiagnosis[];
  findings: DiagnosedFinding[];
}
