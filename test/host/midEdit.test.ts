import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, extension, lineOf, openCopy, ours, settled, until } from './support';

const valueOf = ({ code }: vscode.Diagnostic) => (typeof code === 'object' ? code.value : code);

async function insert(document: vscode.TextDocument, line: number, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(line, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** A second model and a statement that breaks off, put in front of the file's own model. */
const other =
  'class Small(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.out = nn.Linear(8, 2)\n\n    def forward(self, x):\n        return self.out(x)\n\n\n';

suite('a file that is saved in the middle of an edit', () => {
  let document: vscode.TextDocument;

  const findings = () => ours(document.uri).filter((found) => valueOf(found) === 'vanishing-gradient');
  const saved = async () => {
    // Not its phase, which an answer that comes at once is too quick to be seen in.
    const report = () => extension().exports.report(document.uri.fsPath);
    const before = report();
    await document.save();
    await until('another report', () => report() !== before, 10_000);
    return settled(document.uri);
  };

  teardown(closeAll);

  test('keeps what was found, where its text lies now and said to be outdated; other models are read', async () => {
    document = (await openCopy('sigmoid_stack.py')).document;
    await settled(document.uri);
    const [before] = findings();
    assert.ok(before);
    const breaking = lineOf(document, 'def forward(self, x):');
    await insert(document, breaking, '    def broken(self:\n');
    await insert(document, lineOf(document, 'class SigmoidStack'), other);
    const report = await saved();
    assert.deepEqual(report.models.map(({ name, verdict }) => `${name} ${verdict}`).sort(), [
      'SigmoidStack vanishing',
      'Small healthy',
    ]);
    const [after, ...more] = findings();
    assert.ok(after && more.length === 0);
    assert.equal(after.range.start.line, before.range.start.line + other.split('\n').length - 1);
    assert.equal(document.getText(after.range), 'nn.Linear(size, width)');
    assert.equal(after.severity, vscode.DiagnosticSeverity.Information);
    assert.match(after.message, /^Outdated, line \d+ does not parse\. Measured before that: /);
    const syntax = ours(document.uri).filter((found) => valueOf(found) === 'syntax-error');
    assert.deepEqual(
      syntax.map(({ range }) => range.start.line),
      [lineOf(document, 'def broken(self:')],
    );
    const line = lineOf(document, 'def broken(self:');
    const repair = new vscode.WorkspaceEdit();
    repair.delete(document.uri, new vscode.Range(line, 0, line + 1, 0));
    assert.ok(await vscode.workspace.applyEdit(repair));
    await saved();
    assert.deepEqual(
      ours(document.uri).map((found) => [valueOf(found), found.severity]),
      [['vanishing-gradient', vscode.DiagnosticSeverity.Warning]],
    );
  });

  test('does not bring back a squiggle whose own text was edited', async () => {
    document = (await openCopy('sigmoid_stack.py')).document;
    await settled(document.uri);
    const edit = new vscode.WorkspaceEdit();
    const line = lineOf(document, 'nn.Linear(size, width)');
    const text = document.lineAt(line).text;
    edit.replace(document.uri, document.lineAt(line).range, text.replace('size, width', 'size, '));
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until('no squiggle', () => ours(document.uri).length === 0, 2_000);
    await insert(document, line, '        (\n');
    await saved();
    assert.deepEqual(ours(document.uri).map(valueOf), ['syntax-error']);
  });

  test('keeps what was found in a JSON model that breaks off, and closing clears all', async () => {
    document = (await openCopy('sigmoid_keras.json')).document;
    await settled(document.uri);
    const count = findings().length;
    assert.ok(count > 0);
    const edit = new vscode.WorkspaceEdit();
    const last = document.lineCount - 2;
    edit.insert(document.uri, document.lineAt(last).range.start, '"trailing": ,\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await saved();
    assert.equal(findings().length, count);
    assert.ok(findings().every(({ message }) => message.startsWith('Outdated, ')));
    await closeAll();
    await until('no squiggle', () => ours(document.uri).length === 0);
  });
});
