import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, codeActions, extension, fileUri, open, ours, settled, until } from './support';

suite('a model spread over files', () => {
  teardown(closeAll);

  test('is underlined in the file where the layer is made, with a fix for that file', async () => {
    const { document } = await open('uses_blocks.py');
    const blocks = fileUri('blocks.py');
    const report = await settled(document.uri);
    assert.deepEqual(
      report.models.map(({ verdict }) => verdict),
      ['vanishing'],
    );
    const [found] = ours(blocks);
    assert.equal(found?.range.start.line, 4);
    assert.deepEqual(ours(document.uri), []);
    await open('blocks.py');
    const fix = (await codeActions(blocks, found.range)).find((action) => action.isPreferred);
    assert.ok(fix?.edit, 'no fix for the other file');
    const paths = fix.edit.entries().map(([uri]) => uri.fsPath);
    assert.ok(paths.includes(blocks.fsPath), String(paths));
  });

  test('is diagnosed again when the other file is saved, on the screen', async () => {
    const { document } = await open('uses_blocks.py');
    await settled(document.uri);
    const other = await vscode.workspace.openTextDocument(fileUri('blocks.py'));
    await vscode.window.showTextDocument(other, { viewColumn: vscode.ViewColumn.Beside });
    const sigmoid = other.getText().indexOf('nn.Sigmoid()');
    const edit = new vscode.WorkspaceEdit();
    const place = new vscode.Range(other.positionAt(sigmoid), other.positionAt(sigmoid + 'nn.Sigmoid()'.length));
    edit.replace(other.uri, place, 'nn.BatchNorm1d(width), nn.ReLU()');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await other.save();
    await until('a healthy report', () => {
      const models = extension().exports.report(document.uri.fsPath)?.models;
      return models?.every(({ verdict }) => verdict === 'healthy');
    });
    await until('no squiggle', () => ours(other.uri).length === 0);
  });
});
