import type { FileReport, ModelReport } from '../report/report';
import { Silencing, type RuleLevels } from '../silencing/rules';
import type { Analysis } from './analyse';
import { problemReport } from './modelReport';
import type { Reading } from './reading';

/** Gives the report's findings the severities that the user wants, marks those that a comment or setting silences, and tells of misspelt comments. */
export function silence(
  report: FileReport,
  analysed: readonly { report: ModelReport; analysis: Analysis | null }[],
  reading: Reading,
  levels: RuleLevels,
): void {
  const silencing = new Silencing(levels, reading.files);
  const misspelt = reading.inDocument(silencing.problems(report.path));
  report.problems.push(...misspelt.map((problem) => problemReport(problem, report.path)));
  for (const { report: model, analysis } of analysed) {
    // Comments stand in the texts that were read, so findings are asked for by their places in these.
    const places = reading.inText(analysis?.diagnosis.findings.map(({ span }) => span) ?? []);
    model.findings = model.findings.map((finding, number) => {
      const place = places[number];
      return place ? silencing.apply(finding, place) : finding;
    });
  }
}
