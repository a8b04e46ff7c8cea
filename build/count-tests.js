/**
 * Reads the JSON reports of the test programs into counts of tests passed and failed, and writes what all
 * steps came to. Not here: running them.
 */

/**
 * Of vitest. A test file that could not be loaded, an unhandled error or a missing report has no failed test in it,
 * and still counts as a failure: a run that ended badly never counts as clean.
 */
export function countTests(reportText, exitCode) {
  let passed = 0;
  let failed = 0;
  try {
    const report = JSON.parse(reportText);
    passed = report.numPassedTests;
    failed = report.numFailedTests;
    for (const file of report.testResults) {
      const named = file.assertionResults.some((test) => test.status === 'failed');
      if (file.status === 'failed' && !named) failed += 1;
    }
  } catch {
    failed = 1;
  }
  if (exitCode !== 0 && failed === 0) failed = 1;
  return { passed, failed };
}

/** Of Playwright: one that passed at a second try counts as failed, one that was skipped not at all. */
export function countBrowserTests(reportText, exitCode) {
  let passed = 0;
  let failed = 0;
  try {
    const { stats, errors } = JSON.parse(reportText);
    passed = stats.expected;
    failed = stats.unexpected + stats.flaky + errors.length;
  } catch {
    failed = 1;
  }
  if (exitCode !== 0 && failed === 0) failed = 1;
  return { passed, failed };
}

/** A line for each step: how long it took, and its checks. */
export function stepTable(outcomes) {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const line = ({ name, seconds, passed, failed }) =>
    `${name.padEnd(width)} ${seconds.toFixed(0).padStart(6)} s ${String(passed).padStart(6)} passed${failed > 0 ? `, ${failed} failed` : ''}`;
  return outcomes.map(line).join('\n');
}
