// A suite counts as passed only by the results file that it wrote itself: the workbench reports success even when the
// extension host was killed.
import * as fs from 'node:fs';

/** Prints the results, and sets the exit code to 1 unless at least one test ran and all of them passed. */
export function conclude(file, suite) {
  if (!fs.existsSync(file)) {
    console.error(`${suite}: no results were written, so the suite never finished`);
    process.exitCode = 1;
    return;
  }
  const { node, editor, tests } = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const test of tests) {
    const mark = { passed: '  ok  ', failed: '  FAIL', pending: '  SKIP' }[test.state];
    console.log(`${mark} ${test.title}${test.milliseconds === undefined ? '' : ` (${test.milliseconds} ms)`}`);
    if (test.error) console.log(test.error.replace(/^/gm, '       '));
  }
  const passed = tests.filter((test) => test.state === 'passed').length;
  console.log(`${suite}: ${passed} of ${tests.length} passed (VS Code ${editor}, Node ${node})`);
  if (tests.length === 0 || passed !== tests.length) process.exitCode = 1;
}
