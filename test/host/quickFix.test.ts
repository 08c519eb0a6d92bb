import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, codeActions, openCopy, lineOf, open, ours, settled, until } from './support';

/** Title, figure before, figure after, seeds. */
const proved = /^(.+) \(gradient ([\d.e-]+) → ([\d.e-]+), healthy on (\d+) seeds?\)$/;

suite('quick fixes', () => {
  let document: vscode.TextDocument;

  const fixes = async () => {
    const [squiggle] = ours(document.uri);
    assert.ok(squiggle);
    return codeActions(document.uri, squiggle.range);
  };

  setup(async () => {
    document = (await openCopy('sigmoid_stack.py')).document;
    await settled(document.uri);
  });
  teardown(closeAll);

  test('carry what was measured, and one alone is preferred', async () => {
    const actions = await fixes();
    const preferred = actions.filter((action) => action.isPreferred);
    assert.equal(preferred.length, 1, actions.map(({ title }) => title).join('\n'));
    const figures = proved.exec(preferred[0]?.title ?? '');
    assert.ok(figures, preferred[0]?.title);
    assert.ok(Number(figures[2]) < 1e-7, `before: ${figures[2]}`);
    assert.ok(Number(figures[3]) > 1e-4, `after: ${figures[3]}`);
    assert.ok(actions.some(({ title }) => title === 'Show gradient flow'));
  });

  test('apply as one undoable edit, and the squiggle is gone when the file is saved', async () => {
    const before = document.getText();
    const fix = (await fixes()).find((action) => action.isPreferred);
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    const fixed = document.getText();
    assert.notEqual(fixed, before);
    assert.doesNotMatch(fixed, /nn\.Sigmoid\(\)/);
    await vscode.commands.executeCommand('undo');
    await until('one undo to restore the text', () => document.getText() === before, 3_000);
    await vscode.commands.executeCommand('redo');
    await until('redo', () => document.getText() === fixed, 3_000);
    await document.save();
    await until('no squiggle', () => ours(document.uri).length === 0);
    const report = await settled(document.uri);
    assert.deepEqual(
      report.models.map(({ verdict }) => verdict),
      ['healthy'],
    );
    assert.deepEqual(ours(document.uri), []);
  });

  test('silence a finding by a comment, and the squiggle goes without a save', async () => {
    const [squiggle] = ours(document.uri);
    const silence = (await fixes()).find(({ title }) => title === 'Silence vanishing-gradient on this line');
    assert.ok(squiggle && silence?.edit && silence.command);
    assert.ok(await vscode.workspace.applyEdit(silence.edit));
    assert.match(document.lineAt(squiggle.range.end.line).text, /# gradient-lens: ignore\[vanishing-gradient\]$/);
    await vscode.commands.executeCommand(silence.command.command, ...((silence.command.arguments ?? []) as unknown[]));
    const still = () => ours(document.uri).filter(({ range }) => range.start.line === squiggle.range.start.line);
    await until('the squiggle to go', () => still().length === 0);
    const report = await settled(document.uri);
    assert.deepEqual(
      report.models.map(({ verdict }) => verdict),
      ['vanishing'],
    );
  });

  test('are withheld once the text differs from the one that was measured, and return with it', async () => {
    const offered = async () => (await fixes()).filter(({ title }) => proved.test(title)).length;
    const count = await offered();
    assert.ok(count > 0);
    const change = new vscode.WorkspaceEdit();
    change.insert(document.uri, new vscode.Position(0, 0), '# changed\n');
    await vscode.workspace.applyEdit(change);
    assert.equal(await offered(), 0);
    await vscode.commands.executeCommand('undo');
    await until('undo', () => !document.getText().startsWith('# changed'), 3_000);
    assert.equal(await offered(), count);
  });
});

suite('a question', () => {
  teardown(closeAll);

  test('is asked where the model stands, with a fix that inserts the comment', async () => {
    const { document } = await open('question.py');
    const [found] = await until('the question', () => ours(document.uri).length > 0 && ours(document.uri));
    assert.ok(found);
    assert.equal(found.severity, vscode.DiagnosticSeverity.Information);
    assert.ok(typeof found.code === 'string' && found.code.startsWith('needs-'));
    const [answer] = (await codeActions(document.uri, found.range)).filter(({ title }) =>
      title.endsWith('in a comment'),
    );
    assert.ok(answer?.edit, 'no fix inserts the comment');
    assert.ok(await vscode.workspace.applyEdit(answer.edit));
    const line = lineOf(document, '# gradient-lens:');
    assert.equal(line + 1, found.range.start.line + 1);
  });
});
