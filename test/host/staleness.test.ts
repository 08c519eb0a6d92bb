import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, openCopy, fileUri, lineOf, ours, settled, until } from './support';

const layer = 'nn.Linear(size, width)';

async function edit(change: (edit: vscode.WorkspaceEdit) => void): Promise<void> {
  const all = new vscode.WorkspaceEdit();
  change(all);
  assert.ok(await vscode.workspace.applyEdit(all));
}

suite('squiggles and edits', () => {
  let document: vscode.TextDocument;

  setup(async () => {
    document = (await openCopy('sigmoid_stack.py')).document;
    await settled(document.uri);
    assert.equal(ours(document.uri).length, 1);
  });
  teardown(closeAll);

  test('move with lines above', async () => {
    const before = lineOf(document, layer);
    await edit((all) => all.insert(document.uri, new vscode.Position(0, 0), '# one\n# two\n'));
    assert.equal(ours(document.uri)[0]?.range.start.line, before + 2);
    assert.equal(document.getText(ours(document.uri)[0]?.range), layer);
  });

  test('go at once when their text is touched', async () => {
    const place = new vscode.Position(
      lineOf(document, layer),
      document.lineAt(lineOf(document, layer)).text.indexOf('size'),
    );
    await edit((all) => all.insert(document.uri, place, '2 * '));
    await until('no squiggle', () => ours(document.uri).length === 0, 2_000);
  });

  test('go with a rename, and come back under the new name', async () => {
    const renamed = fileUri('renamed.py');
    await edit((all) => all.renameFile(document.uri, renamed, { overwrite: true }));
    await until('no squiggle under the old name', () => ours(document.uri).length === 0);
    await until('a squiggle under the new name', () => ours(renamed).length === 1);
    await settled(renamed);
  });

  test('go when the file is deleted', async () => {
    await edit((all) => all.deleteFile(document.uri));
    await until('no squiggle', () => ours(document.uri).length === 0);
  });

  test('go when the file is closed', async () => {
    await closeAll();
    await until('no squiggle', () => ours(document.uri).length === 0);
  });
});
