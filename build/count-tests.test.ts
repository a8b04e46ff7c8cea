import { expect, test } from 'vitest';
import { countBrowserTests, countTests, stepTable } from './count-tests.js';

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

test('of tests in a browser, one that passed at a second try has failed, and an error outside of all tests counts', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 2, skipped: 4 };
  expect(countBrowserTests(JSON.stringify({ stats, errors: [] }), 1)).toEqual({ passed: 5, failed: 3 });
  const clean = { expected: 5, unexpected: 0, flaky: 0, skipped: 0 };
  expect(countBrowserTests(JSON.stringify({ stats: clean, errors: [{}] }), 1)).toEqual({ passed: 5, failed: 1 });
  expect(countBrowserTests(JSON.stringify({ stats: clean, errors: [] }), 1)).toEqual({ passed: 5, failed: 1 });
  expect(countBrowserTests('', 0)).toEqual({ passed: 0, failed: 1 });
});

test('every step has a line with its seconds and its checks, and says what failed', () => {
  const outcomes = [
    { name: 'build', seconds: 11.6, passed: 1, failed: 0 },
    { name: 'unit tests', seconds: 204, passed: 4712, failed: 3 },
  ];
  expect(stepTable(outcomes).split('\n')).toEqual([
    'build          12 s      1 passed',
    'unit tests    204 s   4712 passed, 3 failed',
  ]);
});
