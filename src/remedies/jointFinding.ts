import type { DiagnosedFinding } from '../diagnosis/diagnosis';
import { groupBy } from '../diagnosis/statistics';

/** Findings of a model that one edit is to cure together. */
export interface JointFinding {
  /** All of them as one. */
  finding: DiagnosedFinding;
  /** Their numbers in the diagnosis. */
  members: number[];
}

/**
 * A stack that is written out row by row has a finding a row, all for one reason: they are cured by one edit of all rows, and a proof asks for
 * a healthy model anyway. Gradients that are zero for different reasons are cured apart.
 */
export function jointFindings(findings: readonly DiagnosedFinding[]): JointFinding[] {
  const numbered = findings.map((finding, number) => ({ finding, number }));
  const key = ({ finding, number }: (typeof numbered)[number]) =>
    finding.causeKind === 'unused-branch' || (finding.causeKind === 'unknown' && finding.code === 'degenerate-gradient')
      ? `${number}`
      : JSON.stringify([finding.code, finding.code === 'degenerate-gradient' ? finding.causeKind : null]);
  return groupBy(numbered, key).flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const all = <T>(of: (finding: DiagnosedFinding) => readonly T[]) => [
      ...new Set(group.flatMap(({ finding }) => of(finding))),
    ];
    return [
      {
        finding: {
          ...first.finding,
          parameters: all(({ parameters }) => parameters),
          causeNodes: all(({ causeNodes }) => causeNodes),
        },
        members: group.map(({ number }) => number),
      },
    ];
  });
}
