import type { Report } from './report';

/** The report without what only the panel draws: figures of each step, the model's shape, curves of fixes. */
export function withoutFlow(report: Report): Report {
  const brief = structuredClone(report);
  for (const model of brief.files.flatMap(({ models }) => models)) {
    delete model.flow;
    for (const remedy of model.findings.flatMap(({ remedies }) => remedies)) delete remedy.curve;
  }
  return brief;
}
