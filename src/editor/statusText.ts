import type { Progress } from '../workers/engineApi';
import { unjudgedReason } from '../report/unjudgedReason';
import type { FileReport, ModelReport } from '../report/report';
import { COMMANDS } from './commandNames';
import type { Diagnosis } from './diagnoses';
import { plural } from './figures';

export interface StatusText {
  text: string;
  detail: string;
  severity: 'information' | 'warning' | 'error';
  busy: boolean;
  command: { id: string; title: string };
}

const doing: Readonly<Record<Progress['stage'], string>> = {
  reading: 'reading',
  training: 'training',
  proving: 'trying fixes',
};

const diagnose = { id: COMMANDS.diagnoseFile, title: 'Diagnose' };
const diagnoseAgain = { id: COMMANDS.diagnoseFile, title: 'Diagnose again' };
const showLog = { id: COMMANDS.showLog, title: 'Show log' };
const showFlow = { id: COMMANDS.showGradientFlow, title: 'Show gradient flow' };
const cancel = { id: COMMANDS.cancel, title: 'Cancel' };

/** Verdicts that say of no weight that it is ill. */
const CALM: ReadonlySet<ModelReport['verdict']> = new Set(['healthy', 'unjudged', 'unread']);

/** Whether the user silenced all that was found in the model. */
const isSilenced = ({ findings }: ModelReport) =>
  findings.length > 0 && findings.every((finding) => finding.silenced !== undefined);

function describeModel(model: ModelReport): string {
  if (model.unread !== null) return `${model.name}: not read (${firstSentence(model.unread.message)})`;
  const flagged = new Set(model.findings.flatMap((finding) => finding.parameters)).size;
  const silenced = model.findings.filter((finding) => finding.silenced !== undefined).length;
  const guesses = new Set(model.guesses.map(({ message }) => message)).size;
  return [
    `${model.name}: ${model.verdict === 'unjudged' ? `not judged (${unjudgedReason(model) ?? ''})` : model.verdict}`,
    ...(flagged === 0 ? [] : [plural(flagged, 'weight')]),
    ...(silenced === 0 ? [] : [`${plural(silenced, 'finding')} silenced`]),
    ...(guesses === 0 ? [] : [plural(guesses, 'guess', 'guesses')]),
  ].join(', ');
}

const firstSentence = (message: string) => message.split(/(?<=\.)\s/, 1)[0]?.replace(/\.$/, '') ?? message;

function describeReport(report: FileReport, milliseconds: number): StatusText {
  const took = `${(milliseconds / 1000).toFixed(1)} s`;
  const calm = { severity: 'information', busy: false } as const;
  if (report.models.length === 0) {
    const text = report.problems.length === 0 ? 'no model found' : plural(report.problems.length, 'problem');
    const severity = report.problems.length === 0 ? 'information' : 'warning';
    const first = report.problems[0]?.message ?? 'Nothing in this file is a model that can be made without help.';
    return { ...calm, severity, text, detail: first, command: diagnoseAgain };
  }
  const detail = `${report.models.map(describeModel).join(' · ')} (${took})`;
  const count = (verdict: ModelReport['verdict']) => report.models.filter((m) => m.verdict === verdict).length;
  const unread = count('unread');
  const unjudged = count('unjudged');
  const sick = report.models.filter(({ verdict }) => !CALM.has(verdict));
  const ill = sick.filter((model) => !isSilenced(model)).map(({ verdict }) => verdict);
  const silenced = sick.length > ill.length ? 'silenced' : '';
  const notJudged = unjudged === report.models.length ? 'not judged' : unjudged > 0 ? `${unjudged} not judged` : '';
  if (ill.length === 0 && unread === 0) {
    const text = [count('healthy') > 0 ? 'healthy' : '', silenced, notJudged].filter(Boolean).join(', ');
    return { ...calm, text, detail, command: showFlow };
  }
  if (unread === report.models.length) {
    return { ...calm, severity: 'warning', text: 'not read', detail, command: diagnoseAgain };
  }
  const text = [...new Set(ill), unread > 0 ? `${unread} not read` : '', silenced, notJudged]
    .filter(Boolean)
    .join(', ');
  return { ...calm, severity: 'warning', text, detail, command: showFlow };
}

/** What the language status says of a file; `undefined` where it was not diagnosed. */
export function statusText(diagnosis: Diagnosis | undefined): StatusText {
  const calm = { severity: 'information', busy: false } as const;
  if (diagnosis === undefined) return { ...calm, text: 'not diagnosed', detail: '', command: diagnose };
  const { state } = diagnosis;
  if (state.phase === 'failed') {
    return { text: 'failed', detail: state.message, severity: 'error', busy: false, command: showLog };
  }
  if (state.phase === 'cancelled') return { ...calm, text: 'cancelled', detail: '', command: diagnoseAgain };
  if (state.phase === 'done' && diagnosis.report !== null) {
    const { outdated } = diagnosis;
    const status = describeReport(diagnosis.report, state.milliseconds);
    if (outdated === null) return status;
    const kept = diagnosis.report.models.filter((_, number) => outdated.models.has(number));
    const names = kept.map(({ name }) => name).join(', ');
    const detail = `${names}: measured before that. ${status.detail}`;
    return { ...status, severity: 'warning', text: `outdated: ${outdated.reason}`, detail };
  }
  const progress = state.phase === 'running' ? state.progress : null;
  const stage = progress === null ? 'starting' : doing[progress.stage];
  const text = progress === null || progress.detail === '' ? stage : `${stage}, ${progress.detail}`;
  return { text, detail: progress?.model ?? '', severity: 'information', busy: true, command: cancel };
}
