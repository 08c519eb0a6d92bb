import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ExportKind } from '../report/panelProtocol';

const NAMES: Record<ExportKind, string> = { svg: 'SVG picture', png: 'PNG picture', csv: 'CSV', json: 'JSON' };

/** Asks where to, then writes. `content` is text, or a picture's bytes in base64. */
export async function saveExport(subject: string, kind: ExportKind, content: string): Promise<void> {
  const name = `${path.basename(subject, path.extname(subject))}-gradients.${kind}`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(path.dirname(subject), name)),
    filters: { [NAMES[kind]]: [kind] },
    title: `Save gradient flow as ${NAMES[kind]}`,
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(content, kind === 'png' ? 'base64' : 'utf8'));
}
