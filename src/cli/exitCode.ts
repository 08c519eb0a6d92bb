import type { Finding, Report } from '../report/report';

/** 2 where something could not be read, else 1 where there is a warning, else 0. */
export function exitCode(report: Report): 0 | 1 | 2 {
  const unread = report.files.some(
    (file) => file.problems.length > 0 || file.models.some((m) => m.verdict === 'unread'),
  );
  if (unread) return 2;
  const warned = report.files.some((file) => file.models.some((m) => m.findings.some(isWarned)));
  return warned ? 1 : 0;
}

const isWarned = ({ severity, silenced }: Finding) => severity === 'warning' && silenced === undefined;
