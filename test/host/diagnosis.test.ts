import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, openCopy, extension, lineOf, open, ours, settled, until } from './support';

suite('diagnosis', () => {
  teardown(closeAll);

  test('underlines the layers of the sigmoid stack that get no gradient, and links what belongs to it', async () => {
    const { document } = await open('sigmoid_stack.py');
    const [found] = await until('a squiggle', () => ours(document.uri).length > 0 && ours(document.uri));
    assert.ok(found);
    assert.equal(ours(document.uri).length, 1);
    assert.equal(found.range.start.line, lineOf(document, 'nn.Linear(size, width)'));
    assert.equal(document.getText(found.range), 'nn.Linear(size, width)');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(found.message, /[Ss]igmoid/);
    const code = found.code as { value: string; target: vscode.Uri };
    assert.equal(code.value, 'vanishing-gradient');
    assert.ok(fs.existsSync(code.target.fsPath), `${code.target.fsPath} is not there`);
    const lines = found.relatedInformation?.map(({ location }) => location.range.start.line);
    assert.ok(lines?.includes(lineOf(document, 'nn.Sigmoid()')), `related lines: ${String(lines)}`);
    const report = await settled(document.uri);
    assert.equal(report.models[0]?.verdict, 'vanishing');
  });

  test('says nothing of a healthy net', async () => {
    const { document } = await open('lenet_batchnorm.py');
    const report = await settled(document.uri);
    assert.deepEqual(
      report.models.map(({ verdict }) => verdict),
      ['healthy'],
    );
    assert.deepEqual(ours(document.uri), []);
  });

  test('locates a syntax error and goes on with the next file', async () => {
    const { document } = await open('broken.py');
    const [found] = await until('a problem', () => ours(document.uri).length > 0 && ours(document.uri));
    assert.equal(found?.code, 'syntax-error');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Information);
  });

  test('warns of shapes that do not fit, naming the call and the constructor', async () => {
    const { document } = await open('mismatch.py');
    const [found] = await until('a problem', () => ours(document.uri).length > 0 && ours(document.uri));
    assert.ok(found);
    const related = found.relatedInformation?.map(({ location }) => location.range.start.line) ?? [];
    const places = [found.range.start.line, ...related];
    assert.ok(places.includes(lineOf(document, 'self.second(')), `places: ${String(places)}`);
    assert.ok(places.includes(lineOf(document, 'nn.Linear(33, 5)')), `places: ${String(places)}`);
  });

  test('runs on command alone where the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('gradientLens');
    await settings.update('run', 'onCommand', vscode.ConfigurationTarget.Workspace);
    try {
      const { document } = await openCopy('sigmoid_stack.py');
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(extension().exports.report(document.uri.fsPath), null);
      await vscode.commands.executeCommand('gradientLens.diagnoseFile');
      assert.equal(ours(document.uri).length, 1);
    } finally {
      await settings.update('run', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('can be cancelled, and started again', async () => {
    const { document } = await openCopy('relu_tower.py');
    await extension().activate();
    const phase = () => extension().exports.phase(document.uri.fsPath);
    await until('the diagnosis to run', () => phase() === 'running');
    await vscode.commands.executeCommand('gradientLens.cancel');
    await until('the cancellation', () => phase() === 'cancelled', 1_000);
    await vscode.commands.executeCommand('gradientLens.diagnoseFile');
    assert.equal(phase(), 'done');
  });

  test('shows the gradient flow in a panel, and only when asked', async () => {
    const { document } = await open('sigmoid_stack.py');
    await settled(document.uri);
    const panels = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview);
    assert.equal(panels().length, 0);
    await vscode.commands.executeCommand('gradientLens.showGradientFlow');
    const [panel] = await until('the panel', () => panels().length > 0 && panels());
    assert.equal(panel?.label, 'Gradient Flow: sigmoid_stack.py');
  });
});
