import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, codeActions, extension, hints, lineOf, openCopy, ours, settled, until } from './support';

suite('what was assumed', () => {
  teardown(closeAll);

  test('is hinted at the definition, and a fix says it in a comment that is then read', async () => {
    const { document } = await openCopy('guessed_pictures.yaml');
    await settled(document.uri);
    assert.deepEqual(ours(document.uri), []);
    const [hint, ...more] = hints(document.uri);
    assert.ok(hint && more.length === 0);
    assert.equal(hint.range.start.line, lineOf(document, 'Conv'));
    assert.match(hint.message, /was read with a guess: Pictures of 32 x 32 were taken/);
    const [fix] = (await codeActions(document.uri, hint.range)).filter(({ title }) => title.endsWith('in a comment'));
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.lineAt(2).text, '  # gradient-lens: input=(3, 32, 32)');
    await document.save();
    await until('the hint to go', () => hints(document.uri).length === 0);
    const report = await settled(document.uri);
    assert.equal(report.models[0]?.inputs[0]?.origin, 'declared');
    assert.deepEqual(extension().exports.report(document.uri.fsPath)?.models[0]?.guesses, []);
  });
});
