// `npm run bench -- reading|training|activation|panel|... [options]`: measures the built product on this machine; see bench/RESULTS.md.
import * as path from 'node:path';
import { build, ensureInstalled, node, root } from './lib/setup.mjs';

ensureInstalled();
build();
const [what, ...options] = process.argv.slice(2);
if (what === 'activation') {
  // Needs the workbench rather than the built product.
  const { benchActivation } = await import('./vscode/activationBench.mjs');
  await benchActivation(options);
} else if (what === 'panel') {
  const { benchPanel } = await import('./vscode/panelBench.mjs');
  await benchPanel(options);
} else {
  await bundled();
}

async function bundled() {
  const esbuild = await import('esbuild');
  const outdir = path.join(root, 'out', 'bench');
  await esbuild.build({
    entryPoints: { main: path.join(root, 'bench', 'main.ts'), ours: path.join(root, 'bench', 'training', 'ours.ts') },
    outdir,
    external: ['assemblyscript'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  process.exitCode = node('--enable-source-maps', path.join(outdir, 'main.js'), ...process.argv.slice(2));
}
