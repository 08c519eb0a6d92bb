// dist/javascript: the QuickJS interpreter, and the program that runs inside it.
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);

/** Layers are named by counters inside tfjs-layers; each model that is read begins at one, as on a fresh page. */
const resettableNames = {
  name: 'resettable-names',
  setup(build) {
    build.onLoad({ filter: /tfjs-layers[\\/]dist[\\/]backend[\\/]state\.js$/ }, async ({ path: file }) => {
      const text = await fs.promises.readFile(file, 'utf8');
      if (!text.includes('const _uidPrefixes = {}')) throw new Error('the counters of tfjs-layers are elsewhere now');
      const reset = 'for (const name of Object.keys(_uidPrefixes)) delete _uidPrefixes[name];';
      return { contents: `${text}\nglobalThis.__resetNames = () => { ${reset} };`, loader: 'js' };
    });
  },
};

const DRAWS = {
  random_normal: `function randomNormal_(shape, mean = 0, std = 1, dtype = 'float32') { return ENGINE.runKernel('Draw', {}, { shape, dtype, distribution: 'normal', mean, std }); }
    export const randomNormal = op({ randomNormal_ });`,
  truncated_normal: `function truncatedNormal_(shape, mean = 0, std = 1, dtype = 'float32') { return ENGINE.runKernel('Draw', {}, { shape, dtype, distribution: 'truncatedNormal', mean, std }); }
    export const truncatedNormal = op({ truncatedNormal_ });`,
  random_uniform: `function randomUniform_(shape, low = 0, high = 1, dtype = 'float32') { return ENGINE.runKernel('Draw', {}, { shape, dtype, distribution: 'uniform', low, high }); }
    export const randomUniform = op({ randomUniform_ });`,
  zeros: `export function zeros(shape, dtype = 'float32') { return ENGINE.runKernel('Fill', {}, { shape, value: 0, dtype }); }`,
  ones: `export function ones(shape, dtype = 'float32') { return ENGINE.runKernel('Fill', {}, { shape, value: 1, dtype }); }`,
};

/** What tfjs-core fills element by element becomes one kernel call: tensors have no elements inside the seal. */
const drawsAsKernels = {
  name: 'draws-as-kernels',
  setup(build) {
    build.onLoad(
      { filter: /tfjs-core[\\/]dist[\\/]ops[\\/](random_normal|truncated_normal|random_uniform|zeros|ones)\.js$/ },
      ({ path: file }) => ({
        contents: `import { ENGINE } from '../engine'; import { op } from './operation'; import { assertNonNegativeIntegerDimensions } from '../util_base';\n${DRAWS[path.basename(file, '.js')]}`,
        loader: 'js',
        resolveDir: path.dirname(file),
      }),
    );
  },
};

/** For bundles that hold QuickJS' loader: it asks where it stands, which only a module can say. */
export const loaderOptions = {
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** @param {string} [target] the folder to fill */
export async function buildJavascript(target = path.join(root, 'dist', 'javascript')) {
  fs.mkdirSync(target, { recursive: true });
  await esbuild.build({
    entryPoints: [path.join(root, 'src', 'readers', 'javascript', 'sandbox', 'main.ts')],
    outfile: path.join(target, 'program.js'),
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    // Private fields stay as they are: QuickJS knows them, and weak maps in their place take three times as long.
    target: 'es2022',
    minify: true,
    keepNames: true,
    external: ['node-fetch', 'util', 'fs', 'path', 'crypto'],
    plugins: [resettableNames, drawsAsKernels],
    logLevel: 'error',
    // tfjs-core looks for the page's or Node's global object; here both would be made up.
    banner: {
      js: 'globalThis.self = globalThis; globalThis.console = { log() {}, warn() {}, error() {}, info() {} };',
    },
  });
  const variant = path.dirname(require.resolve('@jitl/quickjs-wasmfile-release-sync/package.json'));
  fs.copyFileSync(path.join(variant, 'dist', 'emscripten-module.wasm'), path.join(target, 'quickjs.wasm'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildJavascript();
