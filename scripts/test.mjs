// `npm test`: everything, from a clean clone. Each step prints as it goes; the first failing step does not hide the others.
import { bin, ensureInstalled, node } from './lib/setup.mjs';

ensureInstalled();

const steps = [
  ['build', () => node('scripts/build.mjs')],
  ['types', () => node(bin('typescript', 'tsc'), '-b')],
  ['lint', () => node(bin('eslint'), '.', '--max-warnings', '0')],
  ['format', () => node(bin('prettier'), '--check', '--log-level', 'warn', '.')],
  ['python types', () => node(bin('pyright'), '-p', 'pyrightconfig.json')],
  ['python tests', () => node('scripts/test-python.mjs')],
  ['unit tests', () => node(bin('vitest'), 'run')],
  ['conformance', () => node('scripts/conformance.mjs', '--expected', 'test/conformance-expected.json')],
  ['host suite', () => node('scripts/test-host.mjs', '--no-build')],
  ['host suite, oldest engine', () => node('scripts/test-host.mjs', '--oldest', '--no-build')],
  ['workbench suite', () => node('scripts/test-ui.mjs', '--no-build')],
];

const results = [];
for (const [name, run] of steps) {
  console.log(`\n=== ${name}`);
  const started = Date.now();
  const code = run();
  results.push({ name, code, seconds: (Date.now() - started) / 1000 });
}

console.log('\n=== summary');
for (const { name, code, seconds } of results) {
  console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(0)} s)`);
}
const failed = results.filter(({ code }) => code !== 0).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
