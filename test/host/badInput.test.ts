import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, lineOf, open, ours, settled } from './support';

/** File, code of the one problem, text on its line, and whether the rest of the file is read all the same. */
const files: [string, string, string, boolean][] = [
  ['endless.py', 'timeout', 'while True:', true],
  ['shell.py', 'denied', 'os.system(', true],
  ['giant.py', 'too-large', 'nn.Linear(1_000_000, 1_000_000)', false],
  ['unknown_layer.py', 'unknown-layer', 'nn.HyperbolicAttention(8)', false],
];

suite('bad input', () => {
  teardown(closeAll);

  for (const [name, code, text, read] of files) {
    test(`${name} gets one clear message at its place, and the next file works`, async () => {
      const { document } = await open(name);
      const report = await settled(document.uri);
      const found = ours(document.uri);
      assert.deepEqual(
        found.map((problem) => [problem.code, problem.range.start.line, problem.severity]),
        [[code, lineOf(document, text), vscode.DiagnosticSeverity.Information]],
      );
      assert.equal(
        report.models.some(({ verdict }) => verdict === 'healthy'),
        read,
      );
      const next = await settled((await open('lenet_batchnorm.py')).document.uri);
      assert.equal(next.models[0]?.verdict, 'healthy');
    });
  }
});
