// Everything `dist/` holds, from npm packages alone: WASM kernels, the sealed Python and its snapshot, the bundles.
import { buildBundles } from './build/bundles.mjs';
import { buildKernels } from './build/kernels.mjs';
import { buildPython } from './build/python.mjs';

await buildKernels();
await buildPython();
await buildBundles();
