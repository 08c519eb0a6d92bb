// Suites run what is built, so they build first, unless the caller has just done so (`--no-build`).
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { root } from './npmPackage.mjs';

export function build() {
  execFileSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
}
