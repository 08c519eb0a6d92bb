// Bundles the suite of test/host and runs it by mocha inside the extension host of a real VS Code.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { startBrowser } from './chromium.mjs';
import { root } from './npmPackage.mjs';
import { startServer, temporaryWorkspace } from './session.mjs';
import { bundleSuite } from './suiteBundle.mjs';

const limit = 300_000;
export const hostOutput = path.join(root, 'out', 'host');
export const hostEntry = path.join(hostOutput, 'bundle', 'index.js');
/** The folders whose files make up the suite's workspace. */
export const hostFixtures = [path.join(root, 'examples'), path.join(root, 'test', 'host', 'workspace')];

export async function bundleHostSuite() {
  await bundleSuite('host', path.dirname(hostEntry), { external: ['vscode'], others: ['index.ts'] });
}

const asText = (value) => (typeof value === 'string' ? value : (value?.stack ?? JSON.stringify(value)));

/** Opens the workbench in test mode and waits for the extension host to report its exit code. */
async function runInBrowser(session, context, { workspace, development, log }) {
  const page = await context.newPage();
  const finished = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the suite did not finish in ${limit / 1000} s`)), limit);
    const settle = (done) => (value) => {
      clearTimeout(timer);
      done(value);
    };
    page.on('crash', () => settle(reject)(new Error('the workbench page crashed')));
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', (type, values) => {
        fs.writeSync(log, `[${type}] ${values.map(asText).join(' ')}\n`);
      });
      await page.exposeFunction('codeAutomationExit', settle(resolve));
      await page.goto(
        session.workbench(workspace, [
          ['extensionDevelopmentPath', session.remote(development)],
          ['extensionTestsPath', session.remote(hostEntry)],
        ]),
      );
    };
    open().catch(settle(reject));
  });
  try {
    await finished;
  } finally {
    await page.screenshot({ path: path.join(hostOutput, 'last.png') }).catch(() => undefined);
  }
}

/**
 * @param {{grep?: string, development?: string}} options `development`: the extension's folder, if not this project
 * @returns the results file that the suite wrote
 */
export async function runHostSuite(server, { grep, development = root } = {}) {
  const results = path.join(hostOutput, `results-${server.version}.json`);
  fs.mkdirSync(hostOutput, { recursive: true });
  fs.rmSync(results, { force: true });
  const workspace = temporaryWorkspace(...hostFixtures);
  const env = { GRADIENT_LENS_RESULTS: results, ...(grep === undefined ? {} : { GRADIENT_LENS_GREP: grep }) };
  const session = await startServer(server, { env, logFile: path.join(hostOutput, 'server.log') });
  const log = fs.openSync(path.join(hostOutput, 'console.log'), 'w');
  const { browser, context } = await startBrowser();
  try {
    await runInBrowser(session, context, { workspace: workspace.folder, development, log });
  } finally {
    await browser.close();
    await session.stop();
    fs.closeSync(log);
    workspace.remove();
  }
  return results;
}
