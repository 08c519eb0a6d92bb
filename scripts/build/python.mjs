// dist/python: Pyodide, a standard library of compiled modules without what a model file never needs, and a snapshot of the
// interpreter's memory with the tracing packages imported. Rebuilt only when one of its inputs changed.
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compileStandardLibrary, listPackages, makeSnapshot } from './pythonSnapshot.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = path.join(root, 'dist', 'python');
const packages = path.join(root, 'src', 'readers', 'python', 'packages');
const pyodide = path.dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));

/** Copied as they are. */
const RUNTIME = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm'];
/** What Pyodide may install: nothing. */
const LOCK = 'pyodide-lock.json';
const LIBRARY = 'python_stdlib.zip';
const SNAPSHOT = 'snapshot.bin';
const STAMP = 'inputs.sha256';

function hashOf(files, more = '') {
  const hash = crypto.createHash('sha256').update(more);
  for (const file of files) hash.update(`${path.relative(root, file)}\0`).update(fs.readFileSync(file));
  return hash.digest('hex');
}

/** Whole or not at all, since several builds may run side by side. */
function write(file, data) {
  const target = path.join(dist, file);
  fs.writeFileSync(`${target}.${process.pid}`, data);
  fs.renameSync(`${target}.${process.pid}`, target);
}

function upToDate(stamp, hash, files) {
  const present = files.every((file) => fs.existsSync(path.join(dist, file)));
  return present && fs.existsSync(path.join(dist, stamp)) && fs.readFileSync(path.join(dist, stamp), 'utf8') === hash;
}

/** Pyodide and the compiled standard library; returns the hash of what they were made from. */
export async function buildRuntime() {
  const scripts = ['python.mjs', 'pythonSnapshot.mjs'].map((name) => path.join(root, 'scripts', 'build', name));
  const version = JSON.parse(fs.readFileSync(path.join(pyodide, 'package.json'), 'utf8')).version;
  const hash = hashOf(scripts, version);
  const stamp = `runtime-${STAMP}`;
  if (upToDate(stamp, hash, [...RUNTIME, LOCK, LIBRARY])) return hash;
  fs.mkdirSync(dist, { recursive: true });
  for (const file of RUNTIME) write(file, fs.readFileSync(path.join(pyodide, file)));
  const { info } = JSON.parse(fs.readFileSync(path.join(pyodide, LOCK), 'utf8'));
  write(LOCK, JSON.stringify({ info, packages: {} }));
  write(LIBRARY, await compileStandardLibrary(pyodide));
  write(stamp, hash);
  return hash;
}

/** Builds what is out of date; with nothing to do it takes a few milliseconds. */
export async function buildPython() {
  const runtimeHash = await buildRuntime();
  const sources = listPackages(packages);
  const hash = hashOf(sources, runtimeHash);
  const stamp = `snapshot-${STAMP}`;
  if (upToDate(stamp, hash, [SNAPSHOT])) return;
  const begun = performance.now();
  const { bytes, modules } = await makeSnapshot(dist, packages, sources);
  write(SNAPSHOT, bytes);
  write(stamp, hash);
  const megabytes = (bytes.length / 2 ** 20).toFixed(1);
  console.log(`python: snapshot of ${modules} modules, ${megabytes} MB, ${(performance.now() - begun).toFixed(0)} ms`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPython();
