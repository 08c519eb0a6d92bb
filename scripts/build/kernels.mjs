// The WASM of the trainer: our kernels (plain and relaxed SIMD) and TensorFlow.js' own binary.
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const sources = path.join(root, 'src', 'training', 'kernels', 'assembly');
const destination = path.join(root, 'dist', 'wasm');

// These flags keep off tfjs' half of the shared memory: no static data, no allocator, no growth (a unit test parses the result).
const flags = '-O3 --noAssert --runtime stub --importMemory --noExportMemory --initialMemory 0 --enable simd'.split(
  ' ',
);
const builds = {
  'kernels-simd.wasm': [],
  'kernels-relaxed.wasm': ['--enable', 'relaxed-simd'],
};

function newest(folder) {
  return Math.max(...fs.readdirSync(folder).map((name) => fs.statSync(path.join(folder, name)).mtimeMs));
}

async function compile(output, extra) {
  const asc = await import('assemblyscript/asc');
  // Written beside and renamed, so that nobody reads half a file.
  const partial = `${output}.${process.pid}`;
  const { error, stderr } = await asc.main([
    path.relative(root, path.join(sources, 'index.ts')),
    '--baseDir',
    root,
    '-o',
    path.relative(root, partial),
    ...flags,
    ...extra,
  ]);
  if (error) throw new Error(`The kernels do not compile.\n${stderr.toString()}`);
  fs.renameSync(partial, output);
}

export async function buildKernels() {
  fs.mkdirSync(destination, { recursive: true });
  const stamp = Math.max(newest(sources), fs.statSync(fileURLToPath(import.meta.url)).mtimeMs);
  for (const [name, extra] of Object.entries(builds)) {
    const output = path.join(destination, name);
    if (fs.existsSync(output) && fs.statSync(output).mtimeMs > stamp) continue;
    await compile(output, extra);
  }
  const tfjs = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  const binary = 'tfjs-backend-wasm-simd.wasm';
  const target = path.join(destination, binary);
  const source = path.join(tfjs, 'wasm-out', binary);
  if (!fs.existsSync(target) || fs.statSync(target).size !== fs.statSync(source).size) fs.copyFileSync(source, target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
