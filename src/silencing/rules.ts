import type { Problem } from '../graph/reading';
import type { SourceSpan } from '../graph/source';
import { FINDING_CODES, type FindingCode } from '../report/findingCodes';
import type { Finding, Severity } from '../report/report';
import { commentAbout, silencingComments, type SilencingComments } from './comments';

/** Every rule that can be silenced. */
export const RULES: readonly FindingCode[] = FINDING_CODES;

/** What the user wants of a rule; rules that are not named keep the severity that the diagnosis gives them. */
export type RuleLevel = Severity | 'off';
export type RuleLevels = Partial<Record<FindingCode, RuleLevel>>;

/** Takes from settings what names a rule and a level, so that a misspelt entry turns nothing off. */
export function ruleLevels(values: Readonly<Record<string, unknown>>): RuleLevels {
  const levels: RuleLevels = {};
  for (const code of RULES) {
    const level = values[code];
    if (level === 'off' || level === 'information' || level === 'warning') levels[code] = level;
  }
  return levels;
}

/** Settings and comments as they bear on findings: what is silenced stays in the report and says by what. */
export class Silencing {
  readonly #comments = new Map<string, SilencingComments>();

  constructor(
    private readonly levels: RuleLevels,
    files: readonly { path: string; text: string }[],
  ) {
    for (const { path, text } of files) this.#comments.set(path, silencingComments(path, text, RULES));
  }

  /** Comments that are misspelt, in `path`. */
  problems(path: string): Problem[] {
    return this.#comments.get(path)?.problems ?? [];
  }

  /** `span` is the finding's place in the texts that were read: for a notebook, in the text of all its cells. */
  apply(finding: Finding, span: SourceSpan): Finding {
    const level = this.levels[finding.code as FindingCode];
    if (level === 'off') return { ...finding, silenced: `The settings turn ${finding.code} off.` };
    const { start, end } = span.range;
    const comments = this.#comments.get(span.path)?.all ?? [];
    const comment = commentAbout(comments, finding.code, start.line, end.line);
    const levelled = level === undefined ? finding : { ...finding, severity: level };
    if (comment === null) return levelled;
    const whole = comment.scope === 'file' ? ' for the whole file' : '';
    return { ...levelled, silenced: `A comment silences it${whole}.` };
  }
}
