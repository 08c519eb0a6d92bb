// Files out of npm tarballs, each held against a pinned hash. Nothing else is downloaded, and no install script runs.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where the test hosts live. Ignored by git; deleting it only costs the next run a minute. */
export const cache = path.join(root, '.vscode-test');

/**
 * Runs npm without install scripts and without what an outer `npm test` puts into the environment; only the settings
 * that say where packages come from are kept.
 */
export function npm(cwd, ...args) {
  const keep = /^npm_config_(registry|cache|cafile|proxy|https_proxy|noproxy|userconfig)$/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key) || keep.test(key)));
  const windows = process.platform === 'win32';
  return execFileSync(
    windows ? 'npm.cmd' : 'npm',
    [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: windows },
  );
}

/**
 * Unpacks the folder `member` of the tarball of `pin.spec` into `target`.
 * @param {{spec: string, integrity: string}} pin
 */
export function unpack(pin, member, target) {
  fs.mkdirSync(target, { recursive: true });
  const answer = JSON.parse(npm(target, 'pack', pin.spec, '--json'));
  // npm up to 11 answers with a list, npm 12 with an object.
  const info = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
  if (info.integrity !== pin.integrity) {
    throw new Error(`${pin.spec} has the hash ${info.integrity}, but ${pin.integrity} is pinned`);
  }
  const tarball = path.join(target, path.basename(info.filename));
  const depth = String(member.split('/').length);
  execFileSync('tar', ['xzf', tarball, '-C', target, '--no-same-owner', '--strip-components', depth, member]);
  fs.rmSync(tarball);
}

/** Fills `.vscode-test/<name>` once; the folder gets its final name only when it is complete. */
export async function once(name, fill) {
  const folder = path.join(cache, name);
  if (fs.existsSync(folder)) return folder;
  const begin = Date.now();
  console.log(`setting up .vscode-test/${name} (once)`);
  // One of its own for each process: two suites may start at the same moment.
  const partial = `${folder}.${process.pid}.partial`;
  fs.mkdirSync(partial, { recursive: true });
  try {
    await fill(partial);
    if (!fs.existsSync(folder)) fs.renameSync(partial, folder);
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
  console.log(`done in ${((Date.now() - begin) / 1000).toFixed(0)} s`);
  return folder;
}
