import type { ParameterVerdict } from '../../report/report';
import type { CauseKind } from '../diagnosis';
import type { Unreached } from '../reach';
import type { ZeroReason } from '../zeroGradient';

/** Why a weight has exactly no gradient. */
export type NoGradient = { by: 'wiring'; reason: Unreached } | { by: 'value'; reason: ZeroReason };

/**
 * Dead: units that never open (Lu et al. 2020, Dying ReLU). Degenerate: zero by mathematics or wiring, whatever the numbers. A weight
 * that only outputs outside the loss depend on is not judged: which outputs the loss reads is our choice there.
 */
export function verdictOfZero(none: NoGradient): { verdict: ParameterVerdict; causeKind: CauseKind } {
  switch (none.reason.kind) {
    case 'unused':
      return { verdict: 'degenerate', causeKind: 'unused-branch' };
    case 'cut':
      return { verdict: 'degenerate', causeKind: 'cut-graph' };
    case 'other-output':
      return { verdict: 'unjudged', causeKind: 'unknown' };
    case 'dead-units':
      return { verdict: 'dead', causeKind: 'dead-units' };
    case 'one-unit-softmax':
      return { verdict: 'degenerate', causeKind: 'one-unit-softmax' };
    case 'one-element-norm':
      return { verdict: 'degenerate', causeKind: 'one-element-norm' };
    case 'shut-gate':
      return { verdict: 'degenerate', causeKind: 'shut-gate' };
    case 'unknown':
      return { verdict: 'degenerate', causeKind: 'unknown' };
  }
}
