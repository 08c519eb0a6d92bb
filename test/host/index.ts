// The one entry that every runner loads inside the extension host: it runs all *.test.js beside it and writes the results.
import Mocha from 'mocha';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

interface TestResult {
  title: string;
  state: 'passed' | 'failed' | 'pending';
  milliseconds?: number | undefined;
  error?: string | undefined;
}

export async function run(): Promise<void> {
  const grep = process.env['GRADIENT_LENS_GREP'];
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, color: false, ...(grep === undefined ? {} : { grep }) });
  for (const name of fs.readdirSync(__dirname).sort()) {
    if (name.endsWith('.test.js')) mocha.addFile(path.join(__dirname, name));
  }
  const tests: TestResult[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => tests.push({ title: test.fullTitle(), state: 'passed', milliseconds: test.duration }));
    runner.on('fail', (test, error: Error) =>
      tests.push({ title: test.fullTitle(), state: 'failed', error: error.stack ?? error.message }),
    );
    runner.on('pending', (test) => tests.push({ title: test.fullTitle(), state: 'pending' }));
  });
  const file = process.env['GRADIENT_LENS_RESULTS'];
  if (file === undefined) throw new Error('GRADIENT_LENS_RESULTS does not say where the results go');
  fs.writeFileSync(file, JSON.stringify({ node: process.versions.node, editor: vscode.version, tests }, null, 1));
  if (failures > 0 || tests.length === 0) throw new Error(`${failures} of ${tests.length} tests failed`);
}
