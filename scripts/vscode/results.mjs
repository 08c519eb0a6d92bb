// A suite counts as passed only by the results file that it wrote itself: the workbench reports success even when the
// extension host was killed.
import * as fs from 'node:fs';

/** Prints the results; throws unless at least one test ran and all of them passed. */
export function requirePassed(file, suite) {
  if (!fs.existsSync(file)) throw new Error(`${suite}: no results were written, so the suite never finished`);
  const { node, editor, tests } = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const test of tests) {
    const mark = { passed: '  ok  ', failed: '  FAIL', pending: '  SKIP' }[test.state];
    console.log(`${mark} ${test.title}${test.milliseconds === undefined ? '' : ` (${test.milliseconds} ms)`}`);
    if (test.error) console.log(test.error.replace(/^/gm, '       '));
  }
  const passed = tests.filter((test) => test.state === 'passed').length;
  console.log(`${suite}: ${passed} of ${tests.length} passed (VS Code ${editor}, Node ${node})`);
  if (tests.length === 0) throw new Error(`${suite}: no test ran`);
  if (passed !== tests.length) throw new Error(`${suite}: ${tests.length - passed} did not pass`);
}
