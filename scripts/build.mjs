// Everything `dist/` holds, from npm packages alone: WASM kernels, the sealed Python and its snapshot, the sealed JavaScript, the bundles.
import { buildBundles } from './build/bundles.mjs';
import { buildJavascript } from './build/javascript.mjs';
import { buildKernels } from './build/kernels.mjs';
import { buildPython } from './build/python.mjs';

await buildKernels();
await buildPython();
await buildJavascript();
await buildBundles();
