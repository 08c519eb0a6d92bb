// The real-host suites are TypeScript; this makes of each test file a CommonJS bundle that mocha can load.
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './npmPackage.mjs';

/**
 * Bundles the tests of `test/<suite>` (and `others` beside them) into `outdir`, which is emptied first.
 * @returns the bundled tests' paths, in the order of their names
 */
export async function bundleSuite(suite, outdir, { external, others = [] }) {
  const folder = path.join(root, 'test', suite);
  const tests = fs.readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  fs.rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'warning',
    // mocha loads files of its own at run time.
    external: ['mocha', ...external],
    entryPoints: [...tests, ...others].map((name) => path.join(folder, name)),
    outdir,
  });
  return tests.sort().map((name) => path.join(outdir, name.replace(/\.ts$/, '.js')));
}
