import * as fs from 'node:fs/promises';
import type { DiagnoseOptions, DiagnoseRequest, Progress } from '../pipeline/options';
import { readModelFile } from '../readers/modelFile';
import type { FileReport, ProblemReport, Report } from '../report/report';
import { findFiles, type FoundFile } from './paths';

/** The part of the engine that the command line needs. */
export interface Diagnoser {
  diagnose(
    request: DiagnoseRequest,
    hooks: { progress?: (progress: Progress) => void },
    signal?: AbortSignal,
  ): Promise<FileReport>;
}

export interface CheckHooks {
  started?: (files: number) => void;
  progress?: (path: string, progress: Progress) => void;
  fileDone?: (report: FileReport) => void;
}

export interface CheckResult {
  report: Report;
  /** The texts that were read, by path. */
  texts: ReadonlyMap<string, string>;
}

const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Diagnoses every file below `paths`, one after another (each training already uses all workers), in a fixed order.
 * Files found in folders that hold no model leave no trace in the report; a file that was named does.
 */
export async function check(
  diagnoser: Diagnoser,
  paths: readonly string[],
  options: DiagnoseOptions,
  hooks: CheckHooks = {},
  signal?: AbortSignal,
): Promise<CheckResult> {
  const found = await findFiles(paths);
  const texts = new Map<string, string>();
  const reports: FileReport[] = found.missing.map((path) =>
    problemFile(path, 'not-found', 'There is no such file or folder.'),
  );
  hooks.started?.(found.files.length);
  for (const file of found.files) {
    const report = await checkFile(diagnoser, file, options, hooks, texts, signal);
    if (report) reports.push(report);
    hooks.fileDone?.(report ?? { path: file.path, problems: [], models: [] });
  }
  return { report: { schema: 1, files: reports }, texts };
}

async function checkFile(
  diagnoser: Diagnoser,
  file: FoundFile,
  options: DiagnoseOptions,
  hooks: CheckHooks,
  texts: Map<string, string>,
  signal: AbortSignal | undefined,
): Promise<FileReport | null> {
  const content = readModelFile(file.path, await fs.readFile(file.path));
  if ('code' in content) return file.named ? problemFile(file.path, content.code, content.message) : null;
  const { text } = content;
  texts.set(file.path, text);
  const progress = (state: Progress) => hooks.progress?.(file.path, state);
  const report = await diagnoser.diagnose({ path: file.path, text, overlays: [], options }, { progress }, signal);
  if (!file.named && isForeign(report)) return null;
  const empty = report.models.length === 0 && report.problems.length === 0;
  if (!empty) return report;
  if (!file.named) return null;
  const message =
    'No model was found in this file. If it builds one in a function that takes arguments, name the expression with --entry.';
  return problemFile(file.path, 'no-model', message);
}

/** A notebook in another language: nobody expects a word about it who has not named it. */
const isForeign = ({ problems }: FileReport) => problems.some(({ code }) => code === 'not-python');

function problemFile(path: string, code: string, message: string): FileReport {
  const problem: ProblemReport = { code, message, path, range: NOWHERE, span: null, related: [] };
  return { path, problems: [problem], models: [] };
}
