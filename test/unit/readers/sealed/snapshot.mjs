// Makes the snapshot of the packages in the folder given; a process of its own, since Vitest would transform Pyodide.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildRuntime } from '../../../../scripts/build/python.mjs';
import { listPackages, makeSnapshot } from '../../../../scripts/build/pythonSnapshot.mjs';

const [runtime, folder] = process.argv.slice(2);
await buildRuntime();
const packages = path.join(folder, 'packages');
const { bytes } = await makeSnapshot(runtime, packages, listPackages(packages));
fs.writeFileSync(path.join(folder, 'snapshot.bin'), bytes);
