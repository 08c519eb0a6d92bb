// mocha inside the real extension host: `node scripts/test-host.mjs [--oldest] [--grep TEXT] [--no-build]`.
import { parseArgs } from 'node:util';
import { build } from './lib/setup.mjs';
import { bundleHostSuite, runHostSuite } from './vscode/hostSuite.mjs';
import { conclude } from './vscode/results.mjs';
import { ensureServer } from './vscode/server.mjs';

const { values } = parseArgs({
  options: { oldest: { type: 'boolean' }, grep: { type: 'string' }, 'no-build': { type: 'boolean' } },
});
if (!values['no-build']) build();
const server = await ensureServer(values.oldest ? 'oldest' : 'recent');
await bundleHostSuite();
conclude(await runHostSuite(server, values), 'extension host');
