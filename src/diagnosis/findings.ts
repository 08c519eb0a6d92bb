import type { SourceSpan } from '../graph/source';
import { groupSteps, toAttribution, traceGradient, type AttributedGroup } from './attribution';
import { classify, mostStartSmall } from './causes/classify';
import type { DiagnosisContext } from './context';
import type { CauseKind, DiagnosedFinding } from './diagnosis';
import { explodingFinding } from './explodingFinding';
import type { Judged, Judgement } from './judge';
import { labelOf } from './opLabels';
import { counted, listed, power } from './figures';
import { anySpan, parameterName, shownLayer, spanOfParameter } from './names';
import { groupBy } from './statistics';
import { ADVICE, groupSentence, vanishingCause, zeroNote } from './wording';

/**
 * One finding per constructor call and verdict: a stack made by one call in a loop is one squiggle with all its flagged parameters.
 * Weights whose source is unknown share one finding at the first place that is known.
 */
export function findingsOf(judgement: Judgement, context: DiagnosisContext): DiagnosedFinding[] {
  if (judgement.explosion) return explodingFinding(judgement.explosion, context);
  const flagged = judgement.parameters.flatMap((judged, parameter) => {
    const verdict = judged.verdict;
    if (verdict !== 'vanishing' && verdict !== 'dead' && verdict !== 'degenerate') return [];
    const span = spanOfParameter(parameter, context) ?? anySpan(context);
    return span ? [{ parameter, judged, span }] : [];
  });
  return groupBy(flagged, ({ judged, span }) => JSON.stringify([judged.verdict, judged.causeKind, span])).flatMap(
    (group) => {
      const [first] = group;
      if (!first) return [];
      const parameters = group.map(({ parameter }) => parameter);
      return first.judged.verdict === 'vanishing'
        ? [vanishingFinding(parameters, first.span, judgement, context)]
        : [zeroFinding(parameters, first.judged, first.span, context)];
    },
  );
}

function vanishingFinding(
  parameters: number[],
  span: SourceSpan,
  judgement: Judgement,
  context: DiagnosisContext,
): DiagnosedFinding {
  const late = (parameter: number) => judgement.parameters[parameter]?.late ?? NaN;
  const worst = parameters.reduce((best, parameter) => (late(parameter) < late(best) ? parameter : best));
  const frame = { code: 'vanishing-gradient', severity: 'warning', span, parameters } as const;
  const head = vanishingHeadline(parameters, worst, late, judgement, context);
  if (late(worst) === -Infinity) {
    const kind: CauseKind = mostStartSmall(context) ? 'small-initialiser' : 'unknown';
    const cause = 'Forward the signal falls under what float32 can hold, so that nothing is left to learn from.';
    return {
      ...frame,
      message: `${head} ${ADVICE[kind]}`,
      cause,
      causeKind: kind,
      attribution: [],
      causeNodes: [],
      related: [],
    };
  }
  const path = traceGradient(worst, judgement.yardstick.parameter, late, context);
  if (!path) {
    const cause = 'Where the gradient is lost was not measured.';
    return {
      ...frame,
      message: head,
      cause,
      causeKind: 'unknown',
      attribution: [],
      causeNodes: [],
      related: [],
    };
  }
  const groups = groupSteps(path.steps, context);
  const { kind, groups: blamed } = classify(path, groups, context);
  const cause = vanishingCause(worst, path, groups, span, context);
  return {
    ...frame,
    message: `${head} ${ADVICE[kind]}`,
    cause,
    causeKind: kind,
    attribution: toAttribution(groups, path),
    causeNodes: blamed.flatMap((group) => group.nodes),
    related: relatedOf(blamed, span),
  };
}

function vanishingHeadline(
  parameters: readonly number[],
  worst: number,
  late: (parameter: number) => number,
  judgement: Judgement,
  context: DiagnosisContext,
): string {
  const others = parameters.length - 1;
  const who =
    `\`${shownLayer(worst, context)}\`` + (others > 0 ? ` and ${counted(others, 'more layer')} made here` : '');
  const when = context.window.atInitialisation ? ' at initialisation' : '';
  const what = others > 0 ? 'hardly learn: their gradients vanish' : 'hardly learns: its gradient vanishes';
  const { yardstick, parameter } = judgement.yardstick;
  const against =
    parameter === null || parameter === worst || yardstick === -Infinity
      ? ''
      : ` (\`${parameterName(parameter, context)}\`: ${power(yardstick)})`;
  const name = `\`${parameterName(worst, context)}\``;
  if (late(worst) === -Infinity)
    return `${who} ${what}${when}. ${name} gets less gradient than float32 can hold${against}.`;
  return `${who} ${what}${when}. ${name} gets ${power(late(worst))} of its own size as gradient${against}.`;
}

function relatedOf(blamed: readonly AttributedGroup[], home: SourceSpan): DiagnosedFinding['related'] {
  return blamed.flatMap((group) =>
    group.span && !sameSpan(group.span, home) && group.decades > 0
      ? [{ message: `${groupSentence({ ...group, span: null }, null)}.`, span: group.span }]
      : [],
  );
}

const ZERO_HEADLINES = {
  dead: (who: string, one: boolean) => `${who} ${one ? 'gets' : 'get'} no gradient: units never open.`,
  degenerate: (who: string, one: boolean) => `${who} cannot learn: ${one ? 'its' : 'their'} gradient is exactly zero.`,
};

function zeroFinding(
  parameters: number[],
  judged: Judged,
  span: SourceSpan,
  context: DiagnosisContext,
): DiagnosedFinding {
  const kind = judged.causeKind ?? 'unknown';
  const names = [...new Set(parameters.map((parameter) => shownLayer(parameter, context)))];
  const cause = judged.none ? zeroNote(judged.none, context, span) : (judged.note ?? '');
  const one = names.length === 1;
  const headline =
    kind === 'unused-branch'
      ? `${listed(names)} ${one ? 'is' : 'are'} trained and never used.`
      : kind === 'equal-weights'
        ? `All units of ${listed(names)} learn the same: their weights start equal.`
        : ZERO_HEADLINES[judged.verdict === 'dead' ? 'dead' : 'degenerate'](listed(names), one);
  const ends = feedsZero(judged) ? 'Always zero behind this' : 'The gradient ends at this';
  const nodes = judged.none && 'nodes' in judged.none.reason ? [...judged.none.reason.nodes] : [];
  return {
    code: judged.verdict === 'dead' ? 'dead-units' : 'degenerate-gradient',
    // An unused layer keeps nothing else from learning.
    severity: kind === 'unused-branch' ? 'information' : 'warning',
    message: `${headline} ${ADVICE[kind]}`,
    span,
    parameters,
    cause,
    causeKind: kind,
    attribution: [],
    causeNodes: nodes,
    related: nodes.flatMap((number) => {
      const node = context.graph.nodes[number];
      const label = node ? labelOf(node, context.index) : null;
      return label?.span && !sameSpan(label.span, span)
        ? [{ message: `${ends} \`${label.name}\`.`, span: label.span }]
        : [];
    }),
  };
}

/** True where the weight's own input is zero, so that its gradient ends at the weight itself. */
function feedsZero({ none }: Judged): boolean {
  return none?.reason.kind === 'dead-units' && none.reason.side === 'before';
}

function sameSpan(a: SourceSpan, b: SourceSpan): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
