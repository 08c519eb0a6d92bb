// Bundles the suite of test/ui and runs it by mocha in this process, against a workbench in a real browser.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createRequire } from 'node:module';
import Mocha from 'mocha';
import { startBrowser } from './chromium.mjs';
import { root } from './npmPackage.mjs';
import { startServer, temporaryWorkspace } from './session.mjs';
import { bundleSuite } from './suiteBundle.mjs';

export const uiOutput = path.join(root, 'out', 'ui');

/**
 * What a suite gets as `globalThis.gradientLensStage`: it opens the workbench on a copy of examples/ (see
 * test/ui/stage.ts for its type).
 */
function makeStage(server, vsix, browser) {
  return {
    output: uiOutput,
    async open({ trust = true, settings = {}, files = [path.join(root, 'examples')] } = {}) {
      const workspace = temporaryWorkspace(...files);
      const logFile = path.join(uiOutput, 'server.log');
      const session = await startServer(server, { vsix, logFile, trust, settings, automation: false });
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      return {
        page,
        folder: workspace.folder,
        goto: (file) =>
          page.goto(session.workbench(workspace.folder, file ? [['openFile', session.remote(file)]] : [])),
        async close() {
          await context.close();
          await session.stop();
          workspace.remove();
        },
      };
    },
  };
}

/** @returns the results file that was written */
export async function runUiSuite(server, vsix, grep) {
  const results = path.join(uiOutput, 'results.json');
  fs.mkdirSync(uiOutput, { recursive: true });
  fs.rmSync(results, { force: true });
  const external = ['playwright-core', '@vscode/vsce'];
  const files = await bundleSuite('ui', path.join(uiOutput, 'bundle'), { external });
  const { browser } = await startBrowser();
  globalThis.gradientLensStage = makeStage(server, vsix, browser);
  const mocha = new Mocha({ ui: 'tdd', timeout: 120_000, bail: false, reporter: 'dot', ...(grep ? { grep } : {}) });
  const tests = [];
  try {
    // The bundles are CommonJS although this process is not.
    const require = createRequire(import.meta.url);
    mocha.suite.emit('pre-require', globalThis, null, mocha);
    for (const file of files) require(file);
    await new Promise((resolve) => {
      const runner = mocha.run(resolve);
      runner.on('pass', (test) =>
        tests.push({ title: test.fullTitle(), state: 'passed', milliseconds: test.duration }),
      );
      runner.on('fail', (test, error) =>
        tests.push({ title: test.fullTitle(), state: 'failed', error: error.stack ?? error.message }),
      );
      runner.on('pending', (test) => tests.push({ title: test.fullTitle(), state: 'pending' }));
    });
  } finally {
    await browser.close();
  }
  fs.writeFileSync(results, JSON.stringify({ node: process.versions.node, editor: server.version, tests }, null, 1));
  return results;
}
