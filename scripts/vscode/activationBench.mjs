// `npm run bench -- activation [--rounds N]`: what VS Code itself says that extensions take to activate ("Developer: Show Running
// Extensions"), ours beside those that come with VS Code and were started in the same load of the same workbench.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension } from '../package.mjs';
import { startBrowser } from './chromium.mjs';
import { root } from './npmPackage.mjs';
import { ensureServer } from './server.mjs';
import { startServer, temporaryWorkspace } from './session.mjs';

const OURS = 'Gradient Lens';
const FILE = 'sigmoid_stack.py';

/** Milliseconds by the names of the extensions that run. */
async function runningExtensions(page) {
  await page.locator(`.editor-instance:has(.monaco-editor[data-uri$="${FILE}"]) .view-line`).first().waitFor();
  const input = page.locator('.quick-input-widget input.input');
  // A press is lost now and then while the workbench moves the focus.
  for (let attempt = 0; attempt < 8 && !(await input.isVisible()); attempt++) {
    await page.keyboard.press('F1');
    await input.waitFor({ timeout: 3_000 }).catch(() => undefined);
  }
  await input.fill('>Developer: Show Running Extensions');
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Show Running Extensions' }).first().waitFor();
  await page.keyboard.press('Enter');
  const rows = page.locator('.runtime-extensions-editor .extension');
  await rows
    .filter({ hasText: OURS })
    .locator('.activation-time', { hasText: /\d ?ms/ })
    .waitFor();
  const found = {};
  for (const row of await rows.all()) {
    const name = await row.locator('.name').first().innerText();
    const time = /(\d+) ?ms/.exec(await row.locator('.activation-time').innerText())?.[1];
    if (time !== undefined) found[name] = Number(time);
  }
  return found;
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

function report(rounds) {
  const [processor] = os.cpus();
  const load = os.loadavg().map((n) => n.toFixed(1));
  console.log(
    `${new Date().toISOString().slice(0, 16)} UTC, ${processor?.model}, ${os.cpus().length} cores, load ${load.join(' ')}`,
  );
  const names = [...new Set(rounds.flatMap((round) => Object.keys(round)))];
  for (const name of names) {
    const times = rounds.map((round) => round[name]).filter((time) => time !== undefined);
    const shared = rounds.filter((round) => round[name] !== undefined && round[OURS] !== undefined);
    const ratio = middle(shared.map((round) => round[OURS] / Math.max(1, round[name])));
    const beside = name === OURS ? '' : `; ours takes ${ratio.toFixed(2)} of it`;
    console.log(`  ${name.padEnd(44)} ${Math.min(...times)} / ${middle(times)} ms in ${times.length} loads${beside}`);
  }
}

/** @param {string[]} args */
export async function benchActivation(args) {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '7' } } });
  const vsix = await packageExtension();
  const server = await ensureServer('recent');
  const output = path.join(root, 'out', 'bench');
  fs.mkdirSync(output, { recursive: true });
  const workspace = temporaryWorkspace(path.join(root, 'examples'));
  const { browser } = await startBrowser();
  const session = await startServer(server, {
    vsix,
    logFile: path.join(output, 'server.log'),
    trust: true,
    settings: {},
    automation: false,
  });
  const rounds = [];
  try {
    while (rounds.length < Math.max(1, Number(values.rounds))) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      const file = session.remote(path.join(workspace.folder, FILE));
      await page.goto(session.workbench(workspace.folder, [['openFile', file]]));
      rounds.push(await runningExtensions(page));
      await context.close();
    }
  } finally {
    await browser.close();
    await session.stop();
    workspace.remove();
  }
  report(rounds);
}
