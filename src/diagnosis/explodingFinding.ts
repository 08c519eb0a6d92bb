import type { DiagnosisContext } from './context';
import type { DiagnosedFinding } from './diagnosis';
import { labelOf } from './opLabels';
import { anySpan, spanOfParameter } from './names';
import type { Explosion } from './rules/exploding';
import { ADVICE, explosionCause } from './wording';

/** Ops with a limited domain: a NaN there before any step says something about the made-up input, not about the weights. */
const LIMITED_DOMAIN: ReadonlySet<string> = new Set([
  'log',
  'log1p',
  'sqrt',
  'rsqrt',
  'pow',
  'div',
  'reciprocal',
  'asin',
  'acos',
]);

/** The finding of an exploding model, at the op where values first stop being finite, or at the layer with the largest gradient. */
export function explodingFinding(explosion: Explosion, context: DiagnosisContext): DiagnosedFinding[] {
  const node = explosion.kind === 'non-finite' ? context.graph.nodes[explosion.at.node] : undefined;
  const span =
    (node ? labelOf(node, context.index).span : null) ??
    (explosion.kind === 'growth' ? spanOfParameter(explosion.earliest, context) : null) ??
    (explosion.kind === 'magnitude' ? spanOfParameter(explosion.parameter, context) : null) ??
    anySpan(context);
  if (!span) return [];
  const cause = explosionCause(explosion, span, context);
  const outsideDomain =
    explosion.kind === 'non-finite' &&
    explosion.at.step === 0 &&
    explosion.at.direction === 'forward' &&
    LIMITED_DOMAIN.has(node?.op ?? '');
  const headline = explosion.kind === 'non-finite' ? 'Values stop being finite.' : 'Gradients explode.';
  const advice = outsideDomain
    ? 'The run used made-up standardised input, which may lie outside what this operation accepts.'
    : ADVICE.exploding;
  return [
    {
      code: explosion.kind === 'non-finite' ? 'non-finite' : 'exploding-gradient',
      severity: outsideDomain ? 'information' : 'warning',
      message: `${headline} ${advice}`,
      span,
      parameters: [],
      cause,
      causeKind: 'exploding',
      attribution: [],
      causeNodes: explosion.kind === 'non-finite' ? [explosion.at.node] : [],
      related: [],
    },
  ];
}
