// mocha inside the real extension host: `node scripts/test-host.mjs [--oldest] [--grep TEXT]`.
import { parseArgs } from 'node:util';
import { bundleHostSuite, runHostSuite } from './vscode/hostSuite.mjs';
import { requirePassed } from './vscode/results.mjs';
import { ensureServer } from './vscode/server.mjs';

const { values } = parseArgs({ options: { oldest: { type: 'boolean', default: false }, grep: { type: 'string' } } });
const server = await ensureServer(values.oldest ? 'oldest' : 'recent');
await bundleHostSuite();
requirePassed(await runHostSuite(server, values), 'extension host');
