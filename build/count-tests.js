/**
 * Reads vitest's JSON report into a count of tests passed and failed.
 * A test file that could not be loaded, an unhandled error or a missing report has no failed test in it,
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
