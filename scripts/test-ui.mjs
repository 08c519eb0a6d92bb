// Mouse and keyboard on the real workbench with the packaged extension: `node scripts/test-ui.mjs [--grep TEXT] [--no-build]`.
import { parseArgs } from 'node:util';
import { packageExtension } from './package.mjs';
import { build } from './lib/setup.mjs';
import { conclude } from './vscode/results.mjs';
import { ensureServer } from './vscode/server.mjs';
import { runUiSuite } from './vscode/uiSuite.mjs';

const { values } = parseArgs({ options: { grep: { type: 'string' }, 'no-build': { type: 'boolean' } } });
if (!values['no-build']) build();
const vsix = await packageExtension();
const server = await ensureServer('recent');
conclude(await runUiSuite(server, vsix, values.grep), 'workbench');
