import { expect, test } from 'vitest';
import { countTests } from './count-tests.js';

const report = (files: { status: string; tests: string[] }[]) =>
  JSON.stringify({
    numPassedTests: files.flatMap((file) => file.tests).filter((status) => status === 'passed').length,
    numFailedTests: files.flatMap((file) => file.tests).filter((status) => status === 'failed').length,
    testResults: files.map((file) => ({
      status: file.status,
      assertionResults: file.tests.map((status) => ({ status })),
    })),
  });

test('passed and failed tests are counted', () => {
  const text = report([
    { status: 'passed', tests: ['passed', 'passed', 'skipped'] },
    { status: 'failed', tests: ['passed', 'failed', 'failed'] },
  ]);
  expect(countTests(text, 1)).toEqual({ passed: 3, failed: 2 });
});

test('a file that could not be loaded is one failure', () => {
  const text = report([
    { status: 'passed', tests: ['passed'] },
    { status: 'failed', tests: [] },
  ]);
  expect(countTests(text, 1)).toEqual({ passed: 1, failed: 1 });
});

test('a bad exit without a failed test, or without a report, is a failure', () => {
  expect(countTests(report([{ status: 'passed', tests: ['passed'] }]), 1)).toEqual({ passed: 1, failed: 1 });
  expect(countTests('', 0)).toEqual({ passed: 0, failed: 1 });
});
