// Adds up what vitest wrote, prints `N passed, N failed, N skipped` and ends with 1 unless all went well.
// Usage: node count.js <failed steps> <exit status of vitest>:<its results.json>…
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [failedSteps, ...runs] = process.argv.slice(2);
const total = { passed: 0, failed: Number(failedSteps), skipped: 0 };
for (const run of runs) {
  const [status, file] = run.split(':');
  const { passed, failed, skipped } = countsOf(file, status === '0');
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
for (const failure of runs.flatMap(failuresOf)) console.log(`\nfailed: ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A run that left no results, or in which nothing ran, proves nothing: it counts as a failure. */
function countsOf(file, endedWell) {
  const results = read(file);
  if (results === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests: passed, numPendingTests, numTodoTests } = results;
  const failed = results.numFailedTests + brokenFiles(results);
  const silentFailure = failed === 0 && !(endedWell && passed > 0);
  return { passed, failed: silentFailure ? 1 : failed, skipped: numPendingTests + numTodoTests };
}

/** What failed and why, once more at the end: the runs' own reports are far above. */
function failuresOf(run) {
  const results = read(run.slice(run.indexOf(':') + 1));
  return (results?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${name}\n${message}`];
    return failed.map(({ fullName, failureMessages }) => `${name}: ${fullName}\n${failureMessages.join('\n')}`);
  });
}

/** Files that failed outside their tests: they do not load, or what they set up does not start. */
function brokenFiles({ testResults }) {
  const failed = testResults.filter(({ status }) => status === 'failed');
  return failed.filter(({ assertionResults }) => assertionResults.every(({ status }) => status !== 'failed')).length;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`There are no results in ${file}: ${error.message}`);
    return undefined;
  }
}
