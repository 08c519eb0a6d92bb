// Mouse and keyboard on the real workbench with the packaged extension: `node scripts/test-ui.mjs [--grep TEXT] [--no-build]`.
// `--update-media` puts the readme's picture into media/.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension } from './package.mjs';
import { build, root } from './lib/setup.mjs';
import { conclude } from './vscode/results.mjs';
import { ensureServer } from './vscode/server.mjs';
import { runUiSuite, uiOutput } from './vscode/uiSuite.mjs';

const { values } = parseArgs({
  options: { grep: { type: 'string' }, 'no-build': { type: 'boolean' }, 'update-media': { type: 'boolean' } },
});
if (!values['no-build']) build();
const vsix = await packageExtension();
const server = await ensureServer('recent');
conclude(await runUiSuite(server, vsix, values.grep), 'workbench');
if (values['update-media']) {
  fs.copyFileSync(path.join(uiOutput, 'workbench.png'), path.join(root, 'media', 'workbench.png'));
}
