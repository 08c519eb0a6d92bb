import * as vscode from 'vscode';
import { ruleLevels } from '../silencing/rules';
import type { DiagnoseOptions } from '../workers/engineApi';

const section = 'gradientLens';

/** The user's settings, read when they are needed, so a change holds from the next diagnosis on. */
export class Settings {
  /** Whether files are diagnosed by themselves (when shown and when saved), or on command alone. */
  runsOnSave(uri: vscode.Uri): boolean {
    return vscode.workspace.getConfiguration(section, uri).get<string>('run') !== 'onCommand';
  }

  options(uri: vscode.Uri): DiagnoseOptions {
    const values = vscode.workspace.getConfiguration(section, uri);
    return {
      steps: values.get<number>('steps'),
      seed: values.get<number>('seed'),
      budget: values.get<number>('budget'),
      prove: values.get<boolean>('proveFixes'),
      rules: ruleLevels(values.get<Record<string, unknown>>('rules') ?? {}),
    };
  }
}
