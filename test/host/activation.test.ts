import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, extension, open, ours, until } from './support';

suite('activation', () => {
  suiteTeardown(closeAll);

  // How long it takes is measured by `npm run bench -- activation`.
  test('waits for a Python file', async () => {
    assert.equal(extension().isActive, false, 'it is active before any Python file is open');
    const { document } = await open('notes.py');
    await until('activation', () => extension().isActive);
    assert.deepEqual(ours(document.uri), []);
  });

  test('registers every command of the manifest, and no other', async () => {
    const manifest = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const declared = manifest.contributes.commands.map(({ command }) => command).sort();
    const registered = (await vscode.commands.getCommands(true)).filter((name) => name.startsWith('gradientLens.'));
    assert.deepEqual(registered.sort(), declared);
  });

  test('leaves a file without a model alone', async () => {
    const { document } = await open('notes.py');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(extension().exports.report(document.uri.fsPath), null);
  });
});
