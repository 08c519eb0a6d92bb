import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, codeActions, extension, fileUri, lineOf, ours, settled, until } from './support';

suite('notebooks', () => {
  let uri: vscode.Uri;

  setup(async () => {
    uri = fileUri(`copy_${randomUUID().slice(0, 8)}_deep_stack.ipynb`);
    await vscode.workspace.fs.copy(fileUri('deep_stack.ipynb'), uri);
  });
  teardown(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(uri);
  });

  async function openNotebook(): Promise<vscode.TextDocument> {
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook, { preview: false });
    assert.equal(notebook.cellCount, 4);
    return notebook.cellAt(2).document;
  }

  test('underlines the layers in the cell that makes them, and nowhere else', async () => {
    const cell = await openNotebook();
    const [found] = await until('a squiggle', () => ours(cell.uri).length > 0 && ours(cell.uri));
    assert.ok(found);
    assert.equal((found.code as { value: string }).value, 'vanishing-gradient');
    assert.equal(found.range.start.line, lineOf(cell, 'nn.Sigmoid()'));
    assert.equal(cell.getText(found.range), 'nn.Linear(width, width)');
    const related = found.relatedInformation?.map(({ location }) => location.uri.toString());
    assert.ok(related?.includes(cell.uri.toString()), `related: ${String(related)}`);
    const report = await settled(uri);
    assert.equal(report.models[0]?.verdict, 'vanishing');
    const all = vscode.languages
      .getDiagnostics()
      .filter(([, list]) => list.some(({ source }) => source === found.source));
    assert.deepEqual(
      all.map(([at]) => at.toString()),
      [cell.uri.toString()],
    );
  });

  test('a fix changes the cell alone; saved, the notebook is healthy and the squiggle is gone', async () => {
    const before = JSON.parse(fs.readFileSync(uri.fsPath, 'utf8')) as { cells: { source: string[] }[] };
    const cell = await openNotebook();
    const [found] = await until('a squiggle', () => ours(cell.uri).length > 0 && ours(cell.uri));
    assert.ok(found);
    await settled(uri);
    const fix = (await codeActions(cell.uri, found.range)).find(({ isPreferred }) => isPreferred);
    assert.ok(fix?.edit, 'there is no preferred fix');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.ok(!cell.getText().includes('nn.Sigmoid()'), cell.getText());
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    assert.ok(await notebook.save());
    await until('the squiggle to go', () => ours(cell.uri).length === 0);
    await until('a healthy report', () => extension().exports.report(uri.fsPath)?.models[0]?.verdict === 'healthy');
    const after = JSON.parse(fs.readFileSync(uri.fsPath, 'utf8')) as { cells: { source: string[] }[] };
    const changed = after.cells.flatMap(({ source }, i) =>
      JSON.stringify(source) === JSON.stringify(before.cells[i]?.source) ? [] : [i],
    );
    assert.deepEqual(changed, [2]);
  });

  test('a squiggle moves with the lines above it in its cell, and goes when its text is touched', async () => {
    const cell = await openNotebook();
    const [found] = await until('a squiggle', () => ours(cell.uri).length > 0 && ours(cell.uri));
    assert.ok(found);
    await settled(uri);
    const insertion = new vscode.WorkspaceEdit();
    insertion.insert(cell.uri, new vscode.Position(0, 0), '# one line more\n');
    assert.ok(await vscode.workspace.applyEdit(insertion));
    await until('the squiggle to move', () => ours(cell.uri)[0]?.range.start.line === found.range.start.line + 1);
    const touch = new vscode.WorkspaceEdit();
    touch.insert(cell.uri, found.range.start.translate(1, 4), 'x');
    assert.ok(await vscode.workspace.applyEdit(touch));
    await until('the squiggle to go', () => ours(cell.uri).length === 0);
  });

  test('the commands are about the notebook, unsaved cells included', async () => {
    const settings = vscode.workspace.getConfiguration('gradientLens');
    await settings.update('run', 'onCommand', vscode.ConfigurationTarget.Workspace);
    try {
      const cell = await openNotebook();
      await extension().activate();
      const edit = new vscode.WorkspaceEdit();
      edit.replace(
        cell.uri,
        new vscode.Range(1, 0, 1, cell.lineAt(1).text.length),
        '    def __init__(self, width=32, depth=1):',
      );
      assert.ok(await vscode.workspace.applyEdit(edit));
      await vscode.commands.executeCommand('gradientLens.diagnoseFile');
      const model = extension().exports.report(uri.fsPath)?.models[0];
      assert.equal(model?.verdict, 'healthy');
      assert.equal(model.parameters.length, 4);
    } finally {
      await settings.update('run', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('closing the notebook takes its squiggles away', async () => {
    const cell = await openNotebook();
    await until('a squiggle', () => ours(cell.uri).length > 0);
    await closeAll();
    await until('the squiggle to go', () => ours(cell.uri).length === 0);
  });
});
