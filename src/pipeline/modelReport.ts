import type { DiagnosedFinding } from '../diagnosis/diagnosis';
import { evidenceOf } from '../diagnosis/evidence';
import { flowReport } from '../diagnosis/flowReport';
import { layerReports } from '../diagnosis/layerReports';
import { parameterReports } from '../diagnosis/parameterReports';
import { timeReports } from '../diagnosis/timeReports';
import type { ModelGraph } from '../graph/graph';
import type { Problem, ReadModel } from '../graph/reading';
import type { SourceRange } from '../graph/source';
import type { Evidence, Finding, ModelReport, ProblemReport } from '../report/report';
import type { Analysis } from './analyse';

const NOWHERE: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The report of a model that was trained. */
export function modelReport(model: ReadModel, analysis: Analysis, milliseconds: Evidence['milliseconds']): ModelReport {
  const { graph, trace, diagnosis } = analysis;
  const time = timeReports(graph, trace);
  return {
    ...frame(model, graph),
    verdict: diagnosis.verdict,
    unread: null,
    parameters: parameterReports(graph, trace, diagnosis),
    layers: layerReports(graph, trace),
    ...(time.length > 0 ? { time } : {}),
    findings: diagnosis.findings.map((finding) => findingReport(finding, graph)),
    evidence: evidenceOf(graph, trace, diagnosis, milliseconds),
    flow: flowReport(graph, trace, diagnosis),
  };
}

/** The report of a model that could not be read, or not be trained. */
export function unreadReport(model: ReadModel, problem: Problem): ModelReport {
  return {
    ...frame(model, model.graph),
    verdict: 'unread',
    unread: problem,
    parameters: [],
    layers: [],
    findings: [],
    evidence: null,
  };
}

function frame(model: ReadModel, graph: ModelGraph | null) {
  return {
    name: model.name,
    entry: model.entry,
    framework: model.framework,
    span: model.span,
    inputs: graph?.inputs ?? [],
    guesses: [
      ...model.guesses,
      ...(graph?.guesses ?? []).filter((g) => !model.guesses.some((m) => m.message === g.message)),
    ],
    parameterCount: (graph?.parameters ?? []).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
  };
}

function findingReport(finding: DiagnosedFinding, graph: ModelGraph): Finding {
  const { path, range, cell } = finding.span;
  return {
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    path,
    range,
    ...(cell === undefined ? {} : { cell }),
    parameters: finding.parameters.flatMap((number) => graph.parameters[number]?.name ?? []),
    cause: finding.cause,
    causeKind: finding.causeKind,
    attribution: finding.attribution,
    related: finding.related,
    remedies: [],
  };
}

/** A problem with its place on top; one without a place stands at the beginning of the file. */
export function problemReport(problem: Problem, path: string): ProblemReport {
  const { span } = problem;
  return {
    ...problem,
    path: span?.path ?? path,
    range: span?.range ?? NOWHERE,
    ...(span?.cell === undefined ? {} : { cell: span.cell }),
  };
}
