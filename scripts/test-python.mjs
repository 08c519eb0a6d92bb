// Runs the unittest tests of the tracing packages under the interpreter that ships (CPython 3.14 in WebAssembly),
// with its whole standard library. `node scripts/test-python.mjs [WORD...]` runs the modules whose name holds a word.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const packages = path.join(root, 'src', 'readers', 'python', 'packages');
const conformance = path.join(root, '..', 'shared', 'conformance');

function mount(python, from, to) {
  python.FS.mkdirTree(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.name === '__pycache__') continue;
    const source = path.join(from, entry.name);
    const target = `${to}/${entry.name}`;
    if (entry.isDirectory()) mount(python, source, target);
    else python.FS.writeFile(target, fs.readFileSync(source));
  }
}

const python = await loadPyodide({ env: { HOME: '/home', PYTHONHASHSEED: '0' } });
mount(python, packages, '/packages');
// The recorded facts of the conformance pack, for tests that hold the tracing packages to them.
if (fs.existsSync(conformance)) mount(python, conformance, '/conformance');

python.globals.set('words', python.toPy(process.argv.slice(2)));
const failed = python.runPython(`
import importlib, pathlib, sys, traceback, unittest
sys.path.insert(0, '/packages')
names = sorted(
    '.'.join(file.relative_to('/packages').with_suffix('').parts)
    for file in pathlib.Path('/packages/tests').rglob('test_*.py')
)
names = [name for name in names if not words or any(word in name for word in words)]
suite = unittest.TestSuite()
broken = 0
for name in names:
    try:
        module = importlib.import_module(name)
    except BaseException:
        broken += 1
        print(f'cannot import {name}')
        traceback.print_exc(file=sys.stdout)
        continue
    found = unittest.defaultTestLoader.loadTestsFromModule(module)
    if not found.countTestCases():
        broken += 1
        print(f'{name} holds no test')
    suite.addTest(found)
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
if not result.testsRun:
    print('no Python test was found')
print(f'Python tests: {result.testsRun} run in {len(names)} modules, '
      f'{len(result.failures)} failed, {len(result.errors)} errors, {broken} modules broken, {len(result.skipped)} skipped')
broken or not result.testsRun or not result.wasSuccessful()
`);
process.exitCode = failed ? 1 : 0;
