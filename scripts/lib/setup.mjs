// What every command of the README needs first: the packages of the lock file, and a fresh dist/.
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** `npm ci`, unless node_modules already holds every package of the lock file in its version. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('installing packages (npm ci)');
  // The shell finds npm.cmd on Windows.
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

function isInstalled() {
  const packagesOf = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  // npm writes down what it installed in a lock file of the same form.
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!fs.existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(path.join(root, 'package-lock.json'))).every(
    ([place, { version, optional }]) => place === '' || optional || installed[place]?.version === version,
  );
}

/** Runs a program with the project's Node and waits; returns its exit code. */
export function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

/** The JavaScript file behind a package's command, so that it runs without a shell. */
export function bin(packageName, command = packageName) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin: entry } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof entry === 'string' ? entry : entry[command]);
}

export function build() {
  const code = node('scripts/build.mjs');
  if (code !== 0) process.exit(code);
}
