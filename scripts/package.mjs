// gradient-lens.vsix: the built extension, without node_modules, sources and source maps.
import { createVSIX } from '@vscode/vsce';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './vscode/npmPackage.mjs';

export const packagePath = path.join(root, 'gradient-lens.vsix');

export async function packageExtension() {
  // The bundles hold all dependencies. Links of the readme stay as they are: nothing is said about a repository.
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return packagePath;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await packageExtension();
