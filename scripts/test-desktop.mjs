// The host suite in a desktop VS Code, which @vscode/test-electron downloads: it needs the Internet, and on a headless
// Linux a display (`xvfb-run -a npm run test:desktop`). VSCODE_PATH names an installed one, VSCODE_VERSION another version.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { bundleHostSuite, hostEntry, hostFixtures, hostOutput } from './vscode/hostSuite.mjs';
import { root } from './vscode/npmPackage.mjs';
import { conclude } from './vscode/results.mjs';
import { temporaryWorkspace } from './vscode/session.mjs';

const results = path.join(hostOutput, 'results-desktop.json');
fs.mkdirSync(hostOutput, { recursive: true });
fs.rmSync(results, { force: true });
await bundleHostSuite();
const workspace = temporaryWorkspace(...hostFixtures);
try {
  await runTests({
    version: process.env.VSCODE_VERSION ?? 'stable',
    ...(process.env.VSCODE_PATH ? { vscodeExecutablePath: process.env.VSCODE_PATH } : {}),
    extensionDevelopmentPath: root,
    extensionTestsPath: hostEntry,
    extensionTestsEnv: { GRADIENT_LENS_RESULTS: results },
    launchArgs: [
      workspace.folder,
      '--disable-extensions',
      '--disable-workspace-trust',
      '--skip-welcome',
      '--no-sandbox',
    ],
  });
} finally {
  workspace.remove();
}
conclude(results, 'desktop extension host');
