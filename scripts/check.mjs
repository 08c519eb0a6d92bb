// `npm run check -- PATH...`: the command line of this checkout, built first where that is needed.
import { build, ensureInstalled, node } from './lib/setup.mjs';

ensureInstalled();
build();
process.exitCode = node('dist/cli.js', 'check', ...process.argv.slice(2));
